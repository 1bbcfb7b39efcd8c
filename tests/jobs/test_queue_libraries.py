"""What django-tasks-db does not do and our queues do: why both exist (docs/decisions/0070).

If one of these tests fails after an update, the library has learned it: read the decision again.
"""

import datetime

import pytest
import time_machine
from django.core import mail
from django.tasks import task
from django_tasks_db.models import DBTaskResult

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.jobs.worker import Worker
from coalition.mail import outbox

pytestmark = pytest.mark.django_db
CALLS: list[str] = []


@task()
def note(word: str) -> None:
    CALLS.append(word)
    if word == "fails":
        raise RuntimeError("no luck")


@pytest.fixture
def calls(monkeypatch):
    """Words that handlers were called with. Tasks and due work of kind `test` write here."""
    monkeypatch.setattr(scheduler, "_handlers", {"test": lambda key, _payload: note.func(key)})
    monkeypatch.setattr("coalition.jobs.worker.close_old_connections", lambda: None)
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    DBTaskResult.objects.all().delete()  # of the fixtures
    CALLS.clear()
    return CALLS


def look_a_day_later() -> None:
    with time_machine.travel(now() + datetime.timedelta(days=1)):
        Worker().look()


def test_work_of_a_killed_worker_is_run_by_another_and_a_task_is_not(calls) -> None:
    note.enqueue("task")
    DBTaskResult.objects.get().claim("killed")
    scheduler.schedule(kind="test", key="due work", due_at=now())
    scheduler._lease("killed")
    look_a_day_later()
    assert calls == ["due work"]
    assert DBTaskResult.objects.get().status == "RUNNING"


def test_failed_work_is_run_again_and_a_failed_task_is_not(calls) -> None:
    note.enqueue("fails")
    Worker().look()
    look_a_day_later()
    assert calls == ["fails"]
    scheduler.schedule(kind="test", key="fails", due_at=now())
    Worker().look()
    look_a_day_later()
    assert calls == ["fails"] * 3


def test_work_under_one_key_is_moved_and_runs_once_and_a_task_runs_twice(calls) -> None:
    for _time in range(2):
        note.enqueue("task")
        scheduler.schedule(kind="test", key="due work", due_at=now())
    Worker().look()
    assert sorted(calls) == ["due work", "task", "task"]


def test_one_key_of_the_outbox_is_one_mail_even_after_it_was_sent() -> None:
    for _time in range(2):
        outbox.queue_mail(
            key="k",
            template="workspaces/seat_given",
            language="en",
            address="a@tests.example",
            context={"name": "A", "button_url": "https://example.org/"},
        )
        outbox.deliver_due()
    assert len(mail.outbox) == 1


def test_what_was_missed_runs_at_the_first_look_of_a_worker(calls) -> None:
    scheduler.schedule(kind="test", key="missed", due_at=now() - datetime.timedelta(days=3))
    Worker().look()
    assert calls == ["missed"]
