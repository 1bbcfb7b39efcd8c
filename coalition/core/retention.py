"""How long things are kept: each rule is told once, by whoever keeps the thing; a worker forgets by it, and
`manage.py tidy` tells and runs them all."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from coalition.core.clock import now
from coalition.jobs import scheduler

BATCH_ROWS = 500  # rows in one transaction
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class RetentionRule:
    """`of`: what is kept (labels of models, or model.field, in words); `until`: how long, in words for the
    operator; `forget` deletes or empties what is older and returns how many rows; run again it finds none."""

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
    """Say how long something is kept. Workers run `forget` again and again."""
    _retention_rules[name] = RetentionRule(name, of, until, forget)
    scheduler.register_recurring(name, forget, every=every)


def all_retention_rules() -> list[RetentionRule]:
    """All of them, by name."""
    return [_retention_rules[name] for name in sorted(_retention_rules)]


def anonymise_cutoff() -> datetime.datetime:
    """The moment before which nobody is named any more: `AUDIT_PERSON_MONTHS` before now."""
    return now() - datetime.timedelta(days=30.44 * settings.AUDIT_PERSON_MONTHS)


def days_ago(days: float) -> datetime.datetime:
    """The moment so many days before now, by the clock that decides."""
    return now() - datetime.timedelta(days=days)


def delete_in_batches(rows: "QuerySet[Any]", *, before: Callable[[list[Any]], None] | None = None) -> int:
    """Delete these rows and what hangs on them, a few hundred in a transaction. Returns how many of these.

    `before`: what is done with their primary keys in the same transaction, with the rows locked.
    """
    gone = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH_ROWS]):
        with transaction.atomic():
            held = _lock_matching_keys(rows, keys)
            if before is not None:
                before(held)
            rows.model.objects.filter(pk__in=held).delete()
        gone += len(held)
    return gone


def empty_in_batches(rows: "QuerySet[Any]", **values: Any) -> int:
    """Give these rows the values, a few hundred in a transaction. Returns how many. Rows that have them
    already are the caller's to leave out, else they count again."""
    changed, last = 0, None
    while keys := list(_rows_after(rows, last).order_by("pk").values_list("pk", flat=True)[:BATCH_ROWS]):
        with transaction.atomic():
            held = _lock_matching_keys(rows, keys)
            rows.model.objects.filter(pk__in=held).update(**values)
        changed, last = changed + len(held), keys[-1]
    return changed


def _lock_matching_keys(rows: "QuerySet[Any]", keys: list[Any]) -> list[Any]:
    """Which of these it is still true of, locked until the transaction ends: somebody may have proved an
    address, or moved an event, since the keys were read."""
    still = rows.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").only("pk")
    return [row.pk for row in still]


def _rows_after(rows: "QuerySet[Any]", last: Any) -> "QuerySet[Any]":
    return rows if last is None else rows.filter(pk__gt=last)
