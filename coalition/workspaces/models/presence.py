"""Presence of people in workspaces."""

from django.conf import settings
from django.db import models

from coalition.workspaces.models.workspace import Workspace


class Presence(models.Model):
    """Last heartbeat of the person's page; an expired row is deleted by the next one."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "person"], name="present_once_a_workspace")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.workspace_id}"
