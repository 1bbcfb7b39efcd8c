"""Scheduling due work and running it: lease, run, mark done; retry with growing pauses."""

import datetime
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from coalition.core.clock import now
from coalition.jobs.models import DueWork

LEASE = datetime.timedelta(minutes=5)
MOST_ATTEMPTS = 8
RECURRING = "recurring"

type Handler = Callable[[str, dict[str, Any]], None]

logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}
_recurring: dict[str, datetime.timedelta] = {}


def register(kind: str, handler: Handler) -> None:
    """Say what runs when work of this kind is due: `handler(key, payload)`; it must be idempotent."""
    _handlers[kind] = handler


def recur(kind: str, run: Callable[[], object], *, every: datetime.timedelta) -> None:
    """Say what runs again and again. It needs no plan from anyone: workers plan it when they start."""

    def run_and_plan(key: str, _payload: dict[str, Any]) -> None:
        run()
        schedule(kind=kind, key=key, due_at=now() + every)

    register(kind, run_and_plan)
    _recurring[kind] = every


def plan_recurring() -> None:
    """Plan what recurs and is not planned yet. Due at once."""
    for kind in _recurring:
        if not DueWork.objects.filter(kind=kind, key=RECURRING, done_at=None).exists():
            schedule(kind=kind, key=RECURRING, due_at=now())


def schedule(
    *, kind: str, key: str, due_at: datetime.datetime, payload: dict[str, Any] | None = None
) -> None:
    """Plan work, or move work that is already planned under this kind and key. One query."""
    _plan([DueWork(kind=kind, key=key, due_at=due_at, payload=payload or {})])


def schedule_all(due: Mapping[tuple[str, str], datetime.datetime]) -> None:
    """Do the same for many pieces of work without a payload (kind and key → moment), in one query. Rows are
    written in the order of their keys, so that two transactions never wait for each other in a circle."""
    _plan([DueWork(kind=kind, key=key, due_at=at) for (kind, key), at in sorted(due.items())])


def _plan(work: list[DueWork]) -> None:
    DueWork.objects.bulk_create(
        work,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["due_at", "payload", "done_at", "attempts", "leased_until", "error"],
    )


def cancel(*, kind: str, key: str) -> None:
    """Forget planned work that has not run yet."""
    cancel_all([(kind, key)])


def cancel_all(work: Iterable[tuple[str, str]]) -> None:
    """Forget planned work of these kinds and keys that has not run yet, in one query."""
    named = Q(pk__in=[])
    for kind, key in work:
        named |= Q(kind=kind, key=key)
    DueWork.objects.filter(named, done_at=None).delete()


def forget(keys: Iterable[str]) -> None:
    """Delete work under these keys, whatever its kind, done or not: what it was about goes."""
    DueWork.objects.filter(key__in=list(keys)).delete()


def run_due(*, worker: str) -> int:
    """Run everything that is due now, one lease at a time. Returns how many pieces ran."""
    ran = 0
    while (work := _lease(worker)) is not None:
        _run(work)
        ran += 1
    return ran


def _lease(worker: str) -> DueWork | None:
    moment = now()
    with transaction.atomic():
        waiting = DueWork.objects.filter(
            Q(leased_until=None) | Q(leased_until__lt=moment),
            done_at=None,
            due_at__lte=moment,
            kind__in=_handlers,
        ).order_by("due_at")
        locked = waiting.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        work = locked.first()
        if work is None:
            return None
        work.leased_until, work.leased_by = moment + LEASE, worker
        work.attempts += 1
        work.save(update_fields=["leased_until", "leased_by", "attempts"])
    return work


def _run(work: DueWork) -> None:
    try:
        _handlers[work.kind](work.key, work.payload)
    except Exception as error:  # any failure must be kept and tried again, never lost
        logger.exception("due work %s failed", work.kind)
        work.error = repr(error)
        if work.attempts < MOST_ATTEMPTS:
            work.leased_until = now() + datetime.timedelta(seconds=5 * 2**work.attempts)
        elif work.kind in _recurring:  # what recurs is given up for this turn alone
            schedule(kind=work.kind, key=work.key, due_at=now() + _recurring[work.kind])
        else:
            work.done_at = now()
    else:
        work.done_at, work.error = now(), ""
    # Only if nobody moved it meanwhile: a handler may have scheduled its own next run.
    DueWork.objects.filter(pk=work.pk, leased_by=work.leased_by, attempts=work.attempts).update(
        done_at=work.done_at, leased_until=work.leased_until, error=work.error
    )
