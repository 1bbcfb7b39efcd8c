"""What the desk says of deadlines is said by the clock that decides, and not by the host's."""

import datetime

import pytest

from coalition.core.clock import freeze_clock_at, now
from coalition.workspaces.dashboard import WaitingItem
from documents.approval.capability import approvals_to_give, upcoming_deadlines
from documents.resolutions.capability import questions_to_answer
from tests.desk import on_desk
from tests.documents.approval.builders import Stage, stage
from tests.documents.resolutions.asking import put

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def made() -> Stage:
    """A round and a question that end in an hour, on a host that is two hours ahead of the database."""
    made = stage()
    with freeze_clock_at(now() - 2 * HOUR):
        made.put(deadline=now() + HOUR)
        put(made, deadline=now() + HOUR)
        yield made


def _of_representative(source, made: Stage) -> list[WaitingItem]:
    return on_desk(source, made.representatives[made.organisations[1].pk])


def test_a_host_that_is_ahead_takes_nothing_from_the_desk(made):
    [question] = _of_representative(questions_to_answer, made)
    [text] = _of_representative(approvals_to_give, made)
    assert question.urgent
    assert "has passed" not in text.detail
    assert len(on_desk(upcoming_deadlines, made.coordinator)) == 1


def test_once_the_moment_has_come_it_says_so(made):
    with freeze_clock_at(now() + 2 * HOUR):
        assert _of_representative(questions_to_answer, made) == []
        [text] = _of_representative(approvals_to_give, made)
        assert "has passed" in text.detail
        assert on_desk(upcoming_deadlines, made.coordinator) == []


def test_the_page_counts_what_is_left_by_that_clock(made, client_of):
    page = client_of(made.representatives[made.organisations[1].pk]).get("/workspaces/").content.decode()
    assert "the time is over" not in page
    assert page.count("minutes left") + page.count("1\xa0hour left") == 2
