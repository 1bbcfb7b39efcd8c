"""How often what the public feeds print has changed."""

from django.db import models


class FeedVersion(models.Model):
    """One row. Its number moves in the transaction of every change that a public feed may show: the ETag of
    every public feed is made of it."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()  # Last-Modified of every public feed

    def __str__(self) -> str:
        return f"feeds, version {self.number}"
