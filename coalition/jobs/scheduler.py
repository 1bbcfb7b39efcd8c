"""Scheduling due work and running it: lease, run, mark done; retry with growing pauses."""

import datetime
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.infra_errors import outage_of
from coalition.jobs.models import DueWork

LEASE = datetime.timedelta(minutes=5)
MOST_ATTEMPTS = 8
MOST_COUNTED = 32_767  # attempts of work that is retried until it is done: what the column holds
LONGEST_PAUSE = datetime.timedelta(minutes=5)  # between two attempts of such work
RECURRING = "recurring"

type Handler = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class UntilDone:
    """How a kind is treated whose work is retried until it succeeds; see `register`."""

    on_failure: Callable[[str], None]
    to_come: Callable[[], Mapping[str, datetime.datetime]]


logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}
_recurring: dict[str, datetime.timedelta] = {}
_until_done: dict[str, UntilDone] = {}


def register(kind: str, handler: Handler, *, until_done: UntilDone | None = None) -> None:
    """Say what runs when work of this kind is due: `handler(key, payload)`; it must be idempotent.

    Work is given up after `MOST_ATTEMPTS` failures. With `until_done` it is retried until it succeeds or is
    cancelled, after 10 s, then twice as long each time up to `LONGEST_PAUSE`. `on_failure(key)` is called
    after each failed attempt, so that people can be told; it must be idempotent, and what it raises is
    logged. `to_come()` returns the due moments, by key, of all work that has to be planned: workers plan at
    their start what of it is not (`plan_missing`).
    """
    _handlers[kind] = handler
    if until_done is not None:
        _until_done[kind] = until_done


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


def plan_missing() -> None:
    """Plan work that is retried until it is done and has no open row: an earlier release gave it up after
    `MOST_ATTEMPTS`, or the row was lost."""
    for kind, treated in _until_done.items():
        due = treated.to_come()
        planned = planned_keys(kind=kind)
        missing = {(kind, key): at for key, at in due.items() if key not in planned}
        if missing:
            logger.warning("due work %s was not planned any more: %d planned again", kind, len(missing))
            schedule_all(missing)


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
        update_fields=["due_at", "payload", "done_at", "attempts", "leased_until", "error", "refusal"],
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


def open_work(*, kind: str, key: str) -> DueWork | None:
    """Planned work that is not done yet: its attempts, and when it is tried next (`next_attempt_at`)."""
    return DueWork.objects.filter(kind=kind, key=key, done_at=None).first()


def planned_keys(*, kind: str) -> set[str]:
    """Keys of planned work of this kind that is not done yet."""
    return set(DueWork.objects.filter(kind=kind, done_at=None).values_list("key", flat=True))


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
        work.attempts = min(work.attempts + 1, MOST_COUNTED)
        work.save(update_fields=["leased_until", "leased_by", "attempts"])
    return work


def _run(work: DueWork) -> None:
    if work.attempts > 1 and not work.error:
        logger.error("due work %s: a worker ended within attempt %d", work.kind, work.attempts - 1)
        _report_failure(work)
    try:
        _handlers[work.kind](work.key, work.payload)
    except Exception as error:  # any failure must be kept and tried again, never lost
        logger.exception("due work %s failed (attempt %d)", work.kind, work.attempts)
        work.error = repr(error)
        work.refusal = None
        if isinstance(error, Refused) and outage_of(error) is None:  # an outage speaks to who uploads a file
            work.refusal = error.as_json()
        _plan_next_attempt(work)
        _save_outcome(work)
        _report_failure(work)
    else:
        if work.attempts > 1:
            logger.warning("due work %s succeeded (attempt %d)", work.kind, work.attempts)
        work.done_at, work.error, work.refusal = now(), "", None
        _save_outcome(work)


def _plan_next_attempt(work: DueWork) -> None:
    """Set when failed work is tried again, or that it is given up."""
    pause = datetime.timedelta(seconds=5 * 2 ** min(work.attempts, MOST_ATTEMPTS))
    if work.kind in _until_done:
        work.leased_until = now() + min(pause, LONGEST_PAUSE)
    elif work.attempts < MOST_ATTEMPTS:
        work.leased_until = now() + pause
    elif work.kind in _recurring:  # what recurs is given up for this turn alone
        schedule(kind=work.kind, key=work.key, due_at=now() + _recurring[work.kind])
    else:
        logger.error("due work %s is given up", work.kind)
        work.done_at = now()


def _save_outcome(work: DueWork) -> None:
    """Only if nobody moved it meanwhile: a handler may have scheduled its own next run."""
    DueWork.objects.filter(pk=work.pk, leased_by=work.leased_by, attempts=work.attempts).update(
        done_at=work.done_at, leased_until=work.leased_until, error=work.error, refusal=work.refusal
    )


def _report_failure(work: DueWork) -> None:
    treated = _until_done.get(work.kind)
    if treated is None:
        return
    try:
        treated.on_failure(work.key)
    except Exception:  # people are told after the next failure: the work itself must go on
        logger.exception("nobody could be told that due work %s failed", work.kind)
