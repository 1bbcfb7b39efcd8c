"""Codes that are printed: on walls, in catalogues, on posters. They work for years."""

from django.db import models


class PrintedCode(models.Model):
    """One code and what it leads to: a thing of a kind (`events.core.printed_codes` knows the kinds), by
    UUID. A row is never deleted and never leads elsewhere: paper cannot be changed."""

    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=30)
    target = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="one_printed_code_each"),
        ]

    def __str__(self) -> str:
        return f"printed code of {self.kind} {self.target}"
