"""Schedule due work and run it: lease a row, run its handler, mark it done; retry with growing pauses."""

import datetime
import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.infra_errors import outage_status
from coalition.jobs.models import DueWork, retry_pause, take_lease

LEASE = datetime.timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = 10, 300  # seconds between two attempts; the second for work with `until_done`
RECURRING = "recurring"

type Handler = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class RetryUntilDone:
    """Settings of a kind of work that is retried until it succeeds; see `register_handler`."""

    on_failure: Callable[[str], None]
    to_come: Callable[[], Mapping[str, datetime.datetime]]


logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}
_recurring: dict[str, datetime.timedelta] = {}
_until_done: dict[str, RetryUntilDone] = {}
_lengthy: dict[str, str] = {}  # kind of work: thread
_given_up: dict[str, Callable[[str], None]] = {}


def register_handler(kind: str, handler: Handler, *, until_done: RetryUntilDone | None = None) -> None:
    """Register the handler of a kind of work: `handler(key, payload)`. It must be idempotent.

    Work is given up after `MOST_ATTEMPTS` failures. With `until_done` it is retried until it succeeds or is
    cancelled, after `FIRST_PAUSE`, then twice as long each time up to `LONGEST_PAUSE`. `on_failure(key)` is
    called after each failed attempt, to notify people; it must be idempotent, and its exceptions are logged.
    `to_come()` returns the due times, by key, of all work that has to be scheduled: workers schedule at their
    start what is missing (`schedule_missing`).
    """
    _handlers[kind] = handler
    if until_done is not None:
        _until_done[kind] = until_done


def register_lengthy(kind: str, *, thread: str = "lengthy work") -> None:
    """Run work of this kind in a thread of the worker with this name: it takes minutes, and embargoes and
    mails must not wait for it. A handler that may take longer than `LEASE` calls `extend_lease` meanwhile."""
    _lengthy[kind] = thread


def lengthy_threads() -> set[str]:
    """Return the names of the threads for lengthy work."""
    return set(_lengthy.values())


def register_given_up(kind: str, note: Callable[[str], None]) -> None:
    """Call `note(key)` when work of this kind is given up after `MOST_ATTEMPTS`, so that people read why
    nothing came of it. Its exceptions are logged."""
    _given_up[kind] = note


def extend_lease(*, kind: str, key: str) -> None:
    """Extend the lease on work that is being done by `LEASE` from now, so that no other worker begins it too.
    A lease that has ended stays ended."""
    moment = now()
    rows = DueWork.objects.filter(kind=kind, key=key, done_at=None, leased_until__gt=moment)
    rows.update(leased_until=moment + LEASE)


def register_recurring(kind: str, run: Callable[[], object], *, every: datetime.timedelta) -> None:
    """Register work that runs every `every`. Workers schedule it when they start."""

    def run_and_plan(key: str, _payload: dict[str, Any]) -> None:
        run()
        schedule(kind=kind, key=key, due_at=now() + every)

    register_handler(kind, run_and_plan)
    _recurring[kind] = every


def schedule_recurring() -> None:
    """Schedule recurring work that is not scheduled yet. It is due at once."""
    for kind in _recurring:
        if not DueWork.objects.filter(kind=kind, key=RECURRING, done_at=None).exists():
            schedule(kind=kind, key=RECURRING, due_at=now())


def schedule_missing() -> None:
    """Schedule work that is retried until it is done and has no open row, because an earlier release gave it
    up after `MOST_ATTEMPTS` or the row was lost."""
    for kind, settings in _until_done.items():
        due, planned = settings.to_come(), planned_keys(kind=kind)
        missing = {(kind, key): at for key, at in due.items() if key not in planned}
        if missing:
            logger.warning("due work %s was not scheduled any more: %d scheduled again", kind, len(missing))
            schedule_all(missing)


def schedule(
    *, kind: str, key: str, due_at: datetime.datetime, payload: dict[str, Any] | None = None
) -> None:
    """Schedule work, or move work that is already scheduled under this kind and key. One query."""
    _upsert_work([DueWork(kind=kind, key=key, due_at=due_at, payload=payload or {})])


def schedule_all(due: Mapping[tuple[str, str], datetime.datetime]) -> None:
    """Schedule many jobs without a payload (kind and key → due time) in one query. Rows are written in the
    order of their keys, so that two transactions cannot deadlock."""
    _upsert_work([DueWork(kind=kind, key=key, due_at=at) for (kind, key), at in sorted(due.items())])


def _upsert_work(work: list[DueWork]) -> None:
    DueWork.objects.bulk_create(
        work,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["due_at", "payload", "done_at", "attempts", "leased_until", "error", "refusal"],
    )


def cancel(*, kind: str, key: str) -> None:
    """Delete scheduled work that has not run yet."""
    cancel_all([(kind, key)])


def cancel_all(work: Iterable[tuple[str, str]]) -> None:
    """Delete scheduled work of these kinds and keys that has not run yet, in one query."""
    named = Q(pk__in=[])
    for kind, key in work:
        named |= Q(kind=kind, key=key)
    DueWork.objects.filter(named, done_at=None).delete()


def get_open_work(*, kind: str, key: str) -> DueWork | None:
    """Return scheduled work that is not done yet, with its attempts and `next_attempt_at`."""
    return DueWork.objects.filter(kind=kind, key=key, done_at=None).first()


def planned_keys(*, kind: str) -> set[str]:
    """Return the keys of scheduled work of this kind that is not done yet."""
    return set(DueWork.objects.filter(kind=kind, done_at=None).values_list("key", flat=True))


def delete_work(keys: Iterable[str]) -> None:
    """Delete work under these keys, of any kind, done or not: what it was about is being deleted."""
    DueWork.objects.filter(key__in=list(keys)).delete()


def run_due(*, worker: str, thread: str | None = None) -> int:
    """Run everything that is due now, one lease at a time. Return how many jobs ran.

    `thread`: only the kinds of this thread (`register_lengthy`), "" for those of none, None for all.
    """
    ran = 0
    while (work := _lease(worker, thread)) is not None:
        _run(work)
        ran += 1
    return ran


def _lease(worker: str, thread: str | None = None) -> DueWork | None:
    moment = now()
    kinds = [kind for kind in _handlers if thread is None or thread == _lengthy.get(kind, "")]
    due = DueWork.objects.filter(done_at=None, due_at__lte=moment, kind__in=kinds).order_by("due_at")
    return take_lease(due, at=moment, until=moment + LEASE, leased_by=worker)


def _run(work: DueWork) -> None:
    if work.attempts > 1 and not work.error:
        logger.error("due work %s: a worker ended within attempt %d", work.kind, work.attempts - 1)
        _report_failure(work)
    try:
        _handlers[work.kind](work.key, work.payload)
    except Exception as error:  # any failure must be recorded and retried
        logger.exception("due work %s failed (attempt %d)", work.kind, work.attempts)
        work.error = repr(error)
        work.refusal = None
        if isinstance(error, Refused) and outage_status(error) is None:  # those messages speak of uploads
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
    """Set when failed work is retried, or give it up."""
    until_done = work.kind in _until_done
    if until_done or work.attempts < MOST_ATTEMPTS:
        longest = LONGEST_PAUSE if until_done else math.inf
        work.leased_until = now() + retry_pause(work.attempts, first=FIRST_PAUSE, longest=longest)
    elif work.kind in _recurring:  # recurring work is given up for this run only
        schedule(kind=work.kind, key=work.key, due_at=now() + _recurring[work.kind])
    else:
        logger.error("due work %s is given up", work.kind)
        work.done_at = now()


def _save_outcome(work: DueWork) -> None:
    """Save, unless the row was rescheduled meanwhile: a handler may schedule its own next run."""
    DueWork.objects.filter(pk=work.pk, leased_by=work.leased_by, attempts=work.attempts).update(
        done_at=work.done_at, leased_until=work.leased_until, error=work.error, refusal=work.refusal
    )


def _report_failure(work: DueWork) -> None:
    if work.kind in _until_done:
        report = _until_done[work.kind].on_failure
    elif work.done_at is not None and work.kind in _given_up:
        report = _given_up[work.kind]
    else:
        return
    try:
        report(work.key)
    except Exception:  # people are notified after the next failure; the work itself must go on
        logger.exception("nobody could be notified that due work %s failed", work.kind)
