"""When a line can be relied on, and when the public sees it: the same rule for one line and for rows."""

import datetime

import pytest
import time_machine

from coalition.campaigns.helplines.enums import Availability, EntryState
from coalition.campaigns.helplines.health import HelplineProblem, is_public, problem_of
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.queries import helpline_states, public_helplines
from tests.campaigns.factories import HelplineEntryFactory

NOW = datetime.datetime(2026, 3, 20, 12, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()


def days_ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def line(**given: object) -> Helpline:
    return Helpline(**{"checked_on": TODAY, **given})


def entry(**given: object) -> HelplineEntry:
    return HelplineEntry(**{"state": EntryState.PUBLISHED, **given})


CASES = [
    (line(), entry(), None),
    (line(checked_on=days_ago(30)), entry(), None),
    (line(checked_on=days_ago(31)), entry(), HelplineProblem.OVERDUE),
    (line(checked_on=None), entry(), HelplineProblem.OVERDUE),
    (line(), None, HelplineProblem.UNPUBLISHED),
    (line(), entry(state=EntryState.PROPOSED), HelplineProblem.UNPUBLISHED),
    (line(), entry(licence_until=TODAY), None),
    (line(), entry(licence_until=days_ago(1)), HelplineProblem.LICENCE_ENDED),
    (line(retired_at=NOW, checked_on=None), None, HelplineProblem.RETIRED),
]


@pytest.mark.parametrize(("helpline", "published", "problem"), CASES)
def test_the_gravest_problem_is_named(helpline, published, problem):
    assert problem_of(helpline, published, NOW) == problem


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Availability.CLOSED, HelplineProblem.CLOSED_BY_OPERATOR),
        (Availability.OVERLOADED, HelplineProblem.OVERLOADED),
        (Availability.OPEN, None),
    ],
)
def test_what_an_operator_said_ends_by_itself(said, problem):
    helpline = line(availability=said, available_until=NOW + datetime.timedelta(hours=4))
    assert problem_of(helpline, entry(), NOW) == problem
    assert problem_of(helpline, entry(), NOW + datetime.timedelta(hours=4)) is None


def test_the_check_counts_by_the_coalitions_day():
    """At 20:00 UTC it is the next day in Almaty."""
    late = NOW.replace(hour=20)
    assert problem_of(line(checked_on=days_ago(30)), entry(), late) == HelplineProblem.OVERDUE


PUBLIC = [
    ({}, {}, True),
    ({"checked_on": days_ago(90)}, {}, True),
    ({"checked_on": days_ago(91)}, {}, False),
    ({"checked_on": None}, {}, False),
    ({"retired_at": NOW}, {}, False),
    ({}, {"state": EntryState.PROPOSED}, False),
    ({}, {"licence_until": TODAY}, True),
    ({}, {"licence_until": days_ago(1)}, False),
    ({"availability": "closed", "available_until": NOW + datetime.timedelta(hours=1)}, {}, True),
]


@pytest.mark.django_db
def test_the_page_shows_exactly_what_the_rule_says():
    for of_line, of_entry, _shown in PUBLIC:
        made = HelplineEntryFactory(**of_entry)
        Helpline.objects.filter(pk=made.helpline_id).update(**{"checked_on": TODAY, **of_line})
    rows = HelplineEntry.objects.select_related("helpline").order_by("pk")
    wanted = [shown for _line, _entry, shown in PUBLIC]
    assert [is_public(row.helpline, row, NOW) for row in rows] == wanted
    shown = {row.pk for row in public_helplines(at=NOW)}
    assert [row.pk in shown for row in rows] == wanted
    with time_machine.travel(NOW, tick=False):
        assert [state.is_public for state in helpline_states()] == wanted
