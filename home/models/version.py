"""The version of public pages: part of the key under which they are cached."""

from django.db import models


class PagesVersion(models.Model):
    """One row, incremented after commits that may change a public page (see home/frontend_cache)."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"public pages, version {self.number}"
