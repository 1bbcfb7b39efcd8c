"""Rows of both queues are taken by one worker at a time, and freed when the lease ends."""

import datetime

import pytest

from coalition.core.clock import now
from coalition.jobs.models import MAX_ATTEMPTS, DueWork, LeasedRow, not_leased, take_lease
from coalition.mail.models import OutboxMail

pytestmark = pytest.mark.django_db

MOMENT = datetime.datetime(2026, 3, 3, 9, tzinfo=datetime.UTC)
END = MOMENT + datetime.timedelta(minutes=1)


def due_work(**fields: object) -> DueWork:
    return DueWork.objects.create(kind="test", key="x", due_at=MOMENT, **fields)


def mail(**fields: object) -> OutboxMail:
    return OutboxMail.objects.create(
        key="x", template="x", language="kk", created_at=now(), next_try_at=MOMENT, **fields
    )


@pytest.mark.parametrize("make", [due_work, mail])
class TestLease:
    def test_a_leased_row_is_taken_by_nobody_else_until_the_lease_ends(self, make) -> None:
        row = make()
        everything = type(row).objects.all()
        assert take_lease(everything, at=MOMENT, until=END) == row
        assert take_lease(everything, at=MOMENT, until=END) is None
        assert take_lease(everything, at=END, until=END) is None
        assert take_lease(everything, at=END + datetime.timedelta(seconds=1), until=END) == row

    def test_the_attempt_and_the_end_of_the_lease_are_saved(self, make) -> None:
        row: LeasedRow = make()
        take_lease(type(row).objects.all(), at=MOMENT, until=END)
        row.refresh_from_db()
        assert (row.attempts, row.leased_until) == (1, END)
        assert not type(row).objects.filter(not_leased(MOMENT)).exists()

    def test_more_attempts_than_the_column_holds_are_not_counted(self, make) -> None:
        row = make(attempts=MAX_ATTEMPTS)
        assert take_lease(type(row).objects.all(), at=MOMENT, until=END).attempts == MAX_ATTEMPTS


def test_the_worker_that_took_due_work_is_saved() -> None:
    due_work()
    take_lease(DueWork.objects.all(), at=MOMENT, until=END, leased_by="a")
    assert DueWork.objects.get().leased_by == "a"
