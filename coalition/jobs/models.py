"""Due work: rows with a due time, leased to one worker at a time."""

import datetime

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

MAX_ATTEMPTS = 32_767  # the largest value of a PositiveSmallIntegerField


class LeasedRow(models.Model):
    """Base class of rows that workers take from a queue.

    `attempts` counts how often the row was leased. Until `leased_until` no other worker takes it; after
    that the worker is considered dead.
    """

    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def not_leased(moment: datetime.datetime) -> Q:
    """Return the condition that no worker has a lease on the row at `moment`."""
    return Q(leased_until=None) | Q(leased_until__lt=moment)


def take_lease[Row: LeasedRow](
    rows: QuerySet[Row], *, at: datetime.datetime, until: datetime.datetime, **changes: str
) -> Row | None:
    """Lease the first of `rows` without a lease at the moment `at`, until `until`; None if none.

    The attempt is counted, and `changes` (values by field name) are saved with it. On PostgreSQL, rows
    locked by another transaction are skipped; SQLite has one writing transaction at a time.
    """
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        row = rows.filter(not_leased(at)).select_for_update(skip_locked=skip_locked).first()
        if row is None:
            return None
        row.leased_until = until
        row.attempts = min(row.attempts + 1, MAX_ATTEMPTS)
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=["leased_until", "attempts", *changes])
    return row


def retry_pause(attempts: int, *, first: float, longest: float) -> datetime.timedelta:
    """Return the pause after the failed attempt number `attempts`: `first` seconds, then twice as long each
    time, up to `longest` seconds."""
    return datetime.timedelta(seconds=min(longest, first * 2 ** min(attempts - 1, 20)))


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
