"""Registry of retention rules: each is registered by the owner of the data; workers apply them, and
`manage.py tidy` lists and runs them all."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from coalition.core.clock import now
from coalition.jobs import scheduler

BATCH_ROWS = 500  # rows per transaction
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class RetentionRule:
    """`of`: the data (labels of models, or model.field, in words); `until`: the period, in words for
    the operator; `forget` deletes or empties older data and returns how many rows; idempotent."""

    name: str
    of: str
    until: str
    forget: Callable[[], int]


_retention_rules: dict[str, RetentionRule] = {}


def register_retention_rule(
    name: str,
    forget: Callable[[], int],
    *,
    of: str,
    until: str,
    every: datetime.timedelta = DAY,
) -> None:
    """Register a retention rule. Workers run `forget` periodically."""
    _retention_rules[name] = RetentionRule(name, of, until, forget)
    scheduler.register_recurring(name, forget, every=every)


def all_retention_rules() -> list[RetentionRule]:
    """Return all rules, by name."""
    return [_retention_rules[name] for name in sorted(_retention_rules)]


def anonymise_cutoff() -> datetime.datetime:
    """Return the time before which no person is named any more: `AUDIT_PERSON_MONTHS` ago."""
    return now() - datetime.timedelta(days=30.44 * settings.AUDIT_PERSON_MONTHS)


def days_ago(days: float) -> datetime.datetime:
    """Return the time so many days ago, by the authoritative clock."""
    return now() - datetime.timedelta(days=days)


def delete_in_batches(rows: "QuerySet[Any]", *, before: Callable[[list[Any]], None] | None = None) -> int:
    """Delete these rows with cascades, a few hundred per transaction. Returns how many of these.

    `before`: called with their primary keys in the same transaction, with the rows locked.
    """
    gone = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH_ROWS]):
        with transaction.atomic():
            locked = _lock_matching_keys(rows, keys)
            if before is not None:
                before(locked)
            rows.model.objects.filter(pk__in=locked).delete()
        gone += len(locked)
    return gone


def empty_in_batches(rows: "QuerySet[Any]", **values: Any) -> int:
    """Update these rows, a few hundred per transaction. Returns how many, with those already so."""
    changed, last = 0, None
    ordered = rows.order_by("pk").values_list("pk", flat=True)
    while keys := list((ordered if last is None else ordered.filter(pk__gt=last))[:BATCH_ROWS]):
        with transaction.atomic():
            locked = _lock_matching_keys(rows, keys)
            rows.model.objects.filter(pk__in=locked).update(**values)
        changed, last = changed + len(locked), keys[-1]
    return changed


def _lock_matching_keys(rows: "QuerySet[Any]", keys: list[Any]) -> list[Any]:
    """Lock and return the rows that still match: somebody may have verified an address, or moved an
    event, since the keys were read."""
    still = rows.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").only("pk")
    return [row.pk for row in still]
