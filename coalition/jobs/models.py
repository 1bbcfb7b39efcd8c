"""Due work: rows with a due time. Leases keep two workers from running one row at the same time."""

import datetime

from django.db import models

from coalition.jobs.leases import LeasedRow


class DueWork(LeasedRow):
    """One job that must run at or after `due_at`.

    `key` makes scheduling idempotent: scheduling the same kind and key again moves the due time.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    leased_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    refusal = models.JSONField(null=True)  # `Refused.as_json` of the last attempt; null for other faults

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_due_work_a_key")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="due_work_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} at {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def next_attempt_at(self) -> datetime.datetime:
        """Return when it may run next: the due time, or the end of the pause after a failure."""
        return max(self.due_at, self.leased_until or self.due_at)
