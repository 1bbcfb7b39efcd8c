"""The audit log: who did what to which thing, on behalf of which organisation. Append-only."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One thing that was done. Written by `audit.log.record` alone; never changed.

    Things and organisations are referred to by UUID: the log outlives them and sits below them.
    `actor` is emptied after `AUDIT_PERSON_MONTHS`, so that the log then tells organisation and role only.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="audit_entries"
    )
    organisation = models.UUIDField(null=True)
    role = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target = models.UUIDField()
    workspace = models.UUIDField(null=True, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target}"
