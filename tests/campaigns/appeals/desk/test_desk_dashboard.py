"""What of appeals waits on a person's first page."""

import datetime

import pytest
from django.utils.timezone import localdate

from coalition.campaigns.appeals.actions.holds import decide_hold
from coalition.campaigns.appeals.desk_dashboard import closing_soon, holds_to_decide, old_official_counts
from coalition.campaigns.appeals.desk_presenters import appeals_summary, masked_address
from coalition.campaigns.models import Appeal
from coalition.core.clock import now
from coalition.roles import SeatRole
from tests.desk import first_page_lacks_nothing, on_desk
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def days(number: int) -> datetime.date:
    return localdate(now()) + datetime.timedelta(days=number)


def test_a_hold_waits_and_becomes_urgent_for_the_second_person(desk):
    editor = desk.seated(SeatRole.EDITOR)
    hold = desk.hold(rows=2)
    (before,) = on_desk(holds_to_decide, editor)
    assert (before.urgent, before.detail) == (False, "1 hold is not decided yet.")
    decide_hold(access=desk.access, hold=hold, releases=True)
    (after,) = on_desk(holds_to_decide, editor)
    assert (after.urgent, after.detail) == (
        True,
        "1 hold waits for a second person of another organisation.",
    )
    assert on_desk(holds_to_decide, desk.made.coordinator) == []
    decide_hold(access=desk.access_of(editor), hold=hold, releases=True)
    assert on_desk(holds_to_decide, editor) == []
    decide_hold(access=desk.access, hold=hold, releases=False)
    assert [one.urgent for one in on_desk(holds_to_decide, editor)] == [True]
    assert first_page_lacks_nothing(editor)


def test_who_may_not_decide_and_who_is_elsewhere_is_not_asked(desk):
    desk.hold(rows=2)
    for person in (desk.seated(SeatRole.CONTRIBUTOR), stage().coordinator):
        assert on_desk(holds_to_decide, person) == []


@pytest.mark.parametrize(
    ("as_of", "waits"),
    [(None, True), (-8, True), (-7, False), (0, False)],
    ids=["never", "old", "a week", "new"],
)
def test_a_count_older_than_a_week_waits_for_who_plans(desk, as_of, waits):
    Appeal.objects.update(
        official_number="7",
        official_count=None if as_of is None else 5,
        official_as_of=None if as_of is None else days(as_of),
    )
    editor = desk.seated(SeatRole.EDITOR)
    assert bool(on_desk(old_official_counts, editor)) is waits
    assert on_desk(old_official_counts, desk.seated(SeatRole.REVIEWER)) == []
    assert first_page_lacks_nothing(editor)


def test_without_an_official_petition_nothing_waits(desk):
    assert on_desk(old_official_counts, desk.made.coordinator) == []


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ({"closes_on": 7}, True),
        ({"closes_on": 8}, False),
        ({"personal_data_until": 3}, True),
        ({"closes_on": 3, "closed_at": True}, False),
        ({"closes_on": -1}, False),
    ],
)
def test_what_closes_within_a_week_waits_for_coordinators(desk, given, waits):
    values = {name: now() if value is True else days(value) for name, value in given.items()}
    Appeal.objects.update(**values)
    found = on_desk(closing_soon, desk.made.coordinator)
    assert [one.title for one in found] == (["Closes soon: A law on harassment"] if waits else [])
    assert on_desk(closing_soon, desk.seated(SeatRole.EDITOR)) == []
    assert first_page_lacks_nothing(desk.made.coordinator)


def test_the_section_says_what_there_is_and_what_to_do_first(desk):
    desk.hold(rows=1)
    found = appeals_summary(desk.access)
    assert (found.text, found.needs_attention) == ("1 appeal is open, 0 prepared, 0 closed.", True)
    empty = appeals_summary(stage().access)
    assert empty.text == "There is no appeal yet."
    assert empty.next_step.startswith("Publish a text")


def test_the_section_costs_two_queries(desk, django_assert_num_queries):
    access = desk.access
    with django_assert_num_queries(2):
        appeals_summary(access)


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ("aizhan1987@gmail.com", "••••••0000@gmail.com"),
        ("Әлия.к@small-union.example", "••••.•@…"),
        ("a-very-long-name-of-somebody@mail.ru", "•-••••-••••-@mail.ru"),
    ],
)
def test_the_shape_of_an_address_tells_nobody(address, shape):
    assert masked_address(address) == shape
