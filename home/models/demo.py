"""What the demo's seeding made, so that taking it away touches nothing else."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class DemoThing(models.Model):
    """One organisation, workspace, topic, picture or page of the demo; people carry `is_demo` themselves.

    What hangs below them (seats, drafts, rounds, publications) is found through them.
    """

    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    key = models.PositiveBigIntegerField()
    thing = GenericForeignKey("kind", "key")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="demo_thing_once")]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.key}"
