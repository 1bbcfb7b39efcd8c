"""How often what the public feeds print has changed."""

from django.db import models


class FeedVersion(models.Model):
    """One row. It moves in the transaction of every change that a public feed may show: who read it
    before and after knows whether an answer kept meanwhile still holds (`domain.keep`, `public_cache`)."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()  # Last-Modified of every public feed

    def __str__(self) -> str:
        return f"feeds, version {self.number}"
