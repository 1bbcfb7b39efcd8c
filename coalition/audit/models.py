"""Append-only audit log: person, action, target, and the organisation represented."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One action. Written by `audit.log.record_audit` alone; never changed.

    Targets and organisations are referred to by UUID: the log outlives them and is a lower layer.
    `actor` is emptied after `AUDIT_PERSON_MONTHS`; then only organisation and role remain.
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
