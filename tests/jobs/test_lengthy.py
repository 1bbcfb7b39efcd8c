"""Lengthy work runs beside the rest, and keeps its lease while it is done."""

import datetime
import threading

import pytest

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.jobs.worker import Worker


@pytest.fixture
def ran(monkeypatch) -> list[str]:
    done: list[str] = []
    handlers = {kind: lambda key, _payload: done.append(key) for kind in ("short", "long", "longest")}
    monkeypatch.setattr(scheduler, "_handlers", handlers)
    monkeypatch.setattr(scheduler, "_lengthy", {"long": "aside", "longest": "far aside"})
    monkeypatch.setattr("coalition.jobs.worker.close_old_connections", lambda: None)
    return done


def schedule_both() -> None:
    for kind in ("longest", "long", "short"):
        scheduler.schedule(kind=kind, key=kind, due_at=now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("thread", "expected"),
    [("", ["short"]), ("aside", ["long"]), ("far aside", ["longest"]), (None, ["long", "longest", "short"])],
)
def test_a_thread_takes_its_kinds_alone(ran, thread, expected) -> None:
    schedule_both()
    assert scheduler.run_due(worker="a", thread=thread) == len(expected)
    assert sorted(ran) == expected


@pytest.mark.django_db
def test_one_look_without_threads_does_all(ran) -> None:
    schedule_both()
    Worker().look()
    assert sorted(ran) == ["long", "longest", "short"]


def test_short_work_does_not_wait_for_lengthy_work(monkeypatch) -> None:
    begun, may_end = threading.Event(), threading.Event()
    done = {"": threading.Event(), "far aside": threading.Event()}

    def run_due(*, worker: str, thread: str | None = None) -> int:
        if thread == "aside":
            begun.set()
            may_end.wait(10)
        elif begun.wait(10):
            done[str(thread)].set()
        return 0

    monkeypatch.setattr(scheduler, "_lengthy", {"long": "aside", "longest": "far aside"})
    monkeypatch.setattr("coalition.jobs.worker.run_due", run_due)
    for name in ("check_clock_skew", "schedule_recurring", "schedule_missing", "deliver_due", "TaskWorker"):
        monkeypatch.setattr(f"coalition.jobs.worker.{name}", lambda *_a, **_k: [])
    worker = Worker()
    worker.start()
    try:
        assert [name for name, event in done.items() if not event.wait(10)] == []
    finally:
        may_end.set()
        worker.stop()


@pytest.mark.django_db
class TestExtendLease:
    def test_a_running_job_is_leased_anew(self) -> None:
        soon = now() + datetime.timedelta(seconds=20)
        DueWork.objects.create(kind="long", key="x", due_at=now(), leased_until=soon)
        scheduler.extend_lease(kind="long", key="x")
        assert DueWork.objects.get().leased_until > now() + scheduler.LEASE - datetime.timedelta(seconds=20)

    def test_an_ended_lease_stays_ended(self) -> None:
        ended = now() - datetime.timedelta(seconds=1)
        DueWork.objects.create(kind="long", key="x", due_at=now(), leased_until=ended)
        scheduler.extend_lease(kind="long", key="x")
        assert DueWork.objects.get().leased_until == ended
