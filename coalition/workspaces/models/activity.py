"""Activity log of a workspace, for its members."""

from django.conf import settings
from django.db import models

from coalition.accounts.models import Organisation
from coalition.workspaces.models.workspace import Workspace


class Activity(models.Model):
    """One action, with rising ids. Its sentence is rendered on display (`activity_sentences.py`), since
    it depends on the reader's language and on which names the reader may see."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    restricted_to = models.ManyToManyField(Organisation, related_name="+", blank=True)
    restricted = models.BooleanField(default=False)
    # The handling mark "named people": hidden from everybody else, whatever their seat.
    named_only = models.BooleanField(default=False)
    named_people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    needs_drafts = models.BooleanField(default=True)  # hidden from observers, who see no drafts
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return f"{self.kind} in {self.workspace_id}"
