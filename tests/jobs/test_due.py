"""Due work runs once, at or after its time, and is tried again when it fails."""

import datetime
import threading

import pytest
import time_machine
from django.db import close_old_connections, connection

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork


@pytest.fixture
def ran(monkeypatch):
    """What ran, by the key of the work of kind `test`."""
    monkeypatch.setattr(scheduler, "_handlers", {})
    keys: list[str] = []
    scheduler.register_handler("test", lambda key, _payload: keys.append(key))
    return keys


@pytest.mark.django_db
def test_work_runs_at_its_time_and_only_once(ran) -> None:
    scheduler.schedule(kind="test", key="soon", due_at=now() + datetime.timedelta(hours=1))
    assert scheduler.run_due(worker="a") == 0
    with time_machine.travel(now() + datetime.timedelta(hours=2)):
        assert scheduler.run_due(worker="a") == 1
        assert scheduler.run_due(worker="a") == 0
    assert ran == ["soon"]


@pytest.mark.django_db
def test_scheduling_again_moves_the_time(ran) -> None:
    scheduler.schedule(kind="test", key="x", due_at=now())
    scheduler.schedule(kind="test", key="x", due_at=now() + datetime.timedelta(days=1))
    assert scheduler.run_due(worker="a") == 0
    assert DueWork.objects.count() == 1


@pytest.mark.django_db
def test_cancelled_work_does_not_run(ran) -> None:
    scheduler.schedule(kind="test", key="x", due_at=now())
    scheduler.cancel(kind="test", key="x")
    assert scheduler.run_due(worker="a") == 0


@pytest.mark.django_db
def test_work_about_what_is_gone_is_forgotten_whatever_its_kind(ran) -> None:
    for kind in ("test", "other"):
        scheduler.schedule(kind=kind, key="gone", due_at=now())
    scheduler.schedule(kind="test", key="stays", due_at=now())
    scheduler.delete_work(["gone", "never there"])
    assert list(DueWork.objects.values_list("kind", "key")) == [("test", "stays")]


@pytest.mark.django_db
def test_what_fails_is_tried_again_later_and_not_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(scheduler, "_handlers", {})
    tries = []

    def fail(key: str, _payload: object) -> None:
        tries.append(key)
        raise RuntimeError("no luck")

    scheduler.register_handler("test", fail)
    scheduler.schedule(kind="test", key="x", due_at=now())
    moment = now()
    for _ in range(scheduler.MOST_ATTEMPTS + 3):
        scheduler.run_due(worker="a")
        assert scheduler.run_due(worker="a") == 0  # never at once
        moment += datetime.timedelta(hours=1)
        with time_machine.travel(moment, tick=False):
            scheduler.run_due(worker="a")
    assert len(tries) == scheduler.MOST_ATTEMPTS
    assert "no luck" in DueWork.objects.get().error


@pytest.mark.django_db
def test_work_of_a_worker_that_died_is_taken_up_after_its_lease(ran) -> None:
    scheduler.schedule(kind="test", key="x", due_at=now())
    scheduler._lease("dead")
    assert scheduler.run_due(worker="alive") == 0
    with time_machine.travel(now() + scheduler.LEASE + datetime.timedelta(seconds=1)):
        assert scheduler.run_due(worker="alive") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_run_each_piece_once(ran) -> None:
    for number in range(20):
        scheduler.schedule(kind="test", key=str(number), due_at=now())

    def work(name: str) -> None:
        scheduler.run_due(worker=name)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=work, args=[name]) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran, key=int) == [str(number) for number in range(20)]


@pytest.mark.django_db
def test_recurring_work_that_is_given_up_comes_again_at_its_next_turn(monkeypatch) -> None:
    monkeypatch.setattr(scheduler, "_handlers", {})
    monkeypatch.setattr(scheduler, "_recurring", {})
    tries = []

    def away() -> None:
        tries.append(now())
        if len(tries) <= scheduler.MOST_ATTEMPTS:
            raise RuntimeError("no luck")

    scheduler.register_recurring("test.again", away, every=datetime.timedelta(days=1))
    scheduler.schedule_recurring()
    moment = now()
    for _ in range(scheduler.MOST_ATTEMPTS):
        with time_machine.travel(moment, tick=False):
            assert scheduler.run_due(worker="a") == 1
        moment += datetime.timedelta(minutes=30)
    with time_machine.travel(moment, tick=False):
        assert scheduler.run_due(worker="a") == 0
    with time_machine.travel(moment + datetime.timedelta(days=1), tick=False):
        assert scheduler.run_due(worker="a") == 1
    assert len(tries) == scheduler.MOST_ATTEMPTS + 1
    assert DueWork.objects.get().done_at is None


@pytest.mark.django_db
def test_recurring_work_plans_itself(monkeypatch) -> None:
    monkeypatch.setattr(scheduler, "_handlers", {})
    monkeypatch.setattr(scheduler, "_recurring", {})
    times = []
    scheduler.register_recurring("test.again", lambda: times.append(now()), every=datetime.timedelta(days=30))
    scheduler.schedule_recurring()
    scheduler.schedule_recurring()
    assert scheduler.run_due(worker="a") == 1
    assert scheduler.run_due(worker="a") == 0
    with time_machine.travel(now() + datetime.timedelta(days=31)):
        assert scheduler.run_due(worker="a") == 1
    assert len(times) == 2
