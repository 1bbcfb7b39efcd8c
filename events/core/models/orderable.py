"""Things that stand in an order which people change."""

from django.db import models
from uuid_utils.compat import uuid7


class Placed(models.Model):
    """`position` orders; what is taken out keeps its place, so that it can come back."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    position = models.PositiveSmallIntegerField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
