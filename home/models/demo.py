"""Objects created by the demo's seeding, so that removing it affects nothing else."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class DemoThing(models.Model):
    """One organisation, workspace, topic, picture or page of the demo; people have `is_demo`
    themselves.

    Their dependents (seats, drafts, rounds, publications) are found through them.
    """

    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    key = models.PositiveBigIntegerField()
    thing = GenericForeignKey("kind", "key")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="demo_thing_once")]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.key}"
