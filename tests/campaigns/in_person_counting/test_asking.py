"""Who is asked for the second count, when, and what waits on their first page."""

import datetime

import pytest
from django.utils import timezone

from coalition.campaigns.core.count_notifications import DIFFERENT, OVERDUE, REMINDER, SECOND
from coalition.campaigns.core.double_count import CountMethod
from coalition.campaigns.in_person.counting.actions import (
    close_table,
    count_sheets,
    give_count,
    take_back_count,
)
from coalition.campaigns.in_person.counting.dashboard import counts_to_give
from coalition.campaigns.in_person.counting.notifications import remind_of_counts
from coalition.core.clock import freeze_clock_at, now
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification, Workspace
from tests.campaigns.in_person_sheets.builders import KOSTANAY
from tests.desk import first_page_lacks_nothing, on_desk

pytestmark = pytest.mark.django_db


def asked(kind):
    return {row.person for row in Notification.objects.filter(kind=kind).select_related("person")}


def days_later(number, hour=12):
    day = timezone.localdate() + datetime.timedelta(days=number)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


@pytest.fixture
def people(here):
    """Of another organisation in Almaty, of one elsewhere, of the own one, and one who only reads."""
    return {
        "near": here.person(),
        "far": here.person(regions=[KOSTANAY]),
        "own": here.person(here.access.organisation),
        "reader": here.person(role=SeatRole.REVIEWER),
    }


def close(here, count=63, **given):
    return close_table(access=here.access, table=here.table(**given), count=count)


def test_people_of_other_organisations_in_the_region_are_asked(here, people):
    close(here)
    assert asked(SECOND) == {people["near"]}


def test_where_the_region_has_one_organisation_its_own_people_are_asked(here, people):
    close(here, region="KZ-79")
    assert asked(SECOND) == {people["own"]}


def test_if_nobody_else_can_read_it_back_all_who_may_count_are_asked(here):
    far = here.person(regions=[KOSTANAY])
    close(here, region="KZ-79")
    assert asked(SECOND) == {far}


def test_where_two_are_needed_and_nobody_is_near_others_are_asked(here):
    here.made.organisations[1].regions = ["KZ-75"]
    here.made.organisations[1].save()
    here.person(here.access.organisation)
    far = here.person(regions=[KOSTANAY])
    close(here)
    assert asked(SECOND) == {far}


def test_counting_again_asks_nobody_twice_and_a_difference_is_told_to_the_other(here, people):
    tally = close(here)
    give_count(access=here.access, tally=tally, count=62)
    assert Notification.objects.filter(kind=SECOND).count() == 1
    give_count(access=here.access_of(people["near"]), tally=tally, count=61)
    assert asked(DIFFERENT) == {here.made.coordinator}
    give_count(access=here.access, tally=tally, count=60)
    assert asked(DIFFERENT) == {here.made.coordinator, people["near"]}


def test_the_reminder_comes_on_the_next_morning_once(here, people):
    with freeze_clock_at(days_later(0, 23)):
        close(here)
        remind_of_counts()
    for hour in (0, 7):
        with freeze_clock_at(days_later(1, hour)):
            remind_of_counts()
    assert asked(REMINDER) == set()
    for hour in (9, 10):
        with freeze_clock_at(days_later(1, hour)):
            remind_of_counts()
    assert asked(REMINDER) == {people["near"]}
    assert Notification.objects.filter(kind=REMINDER).count() == 1


def test_after_72_hours_the_first_person_and_coordinators_hear_it(here, people):
    with freeze_clock_at(days_later(0)):
        tally = close(here)
    with freeze_clock_at(days_later(3, 13)):
        remind_of_counts()
        remind_of_counts()
    assert asked(OVERDUE) == {here.made.coordinator}
    give_count(access=here.access_of(people["near"]), tally=tally, count=63)
    with freeze_clock_at(days_later(9)):
        remind_of_counts()
    assert Notification.objects.filter(kind=OVERDUE).count() == 1


def test_in_an_archived_workspace_nobody_is_reminded(here, people):
    with freeze_clock_at(days_later(0)):
        close(here)
    Workspace.objects.update(archived_at=now())
    with freeze_clock_at(days_later(1)):
        remind_of_counts()
    assert asked(REMINDER) == set()


def test_the_first_page_shows_it_to_who_can_count_now(here, people):
    tally = close(here)
    (item,) = on_desk(counts_to_give, people["near"])
    assert item.urgent
    assert item.due is not None
    assert item.title.startswith("Table: Library")
    for name in ("own", "reader"):
        assert on_desk(counts_to_give, people[name]) == []
    assert on_desk(counts_to_give, here.made.coordinator) == []
    give_count(access=here.access_of(people["near"]), tally=tally, count=61)
    for person in (people["near"], here.made.coordinator):
        assert [one.action for one in on_desk(counts_to_give, person)] == ["Settle it"]
    assert on_desk(counts_to_give, people["far"]) == []
    take_back_count(access=here.access, tally=tally)
    take_back_count(access=here.access_of(people["near"]), tally=tally)
    assert [one.action for one in on_desk(counts_to_give, people["own"])] == ["Count it"]
    for person in (*people.values(), here.made.coordinator):
        assert first_page_lacks_nothing(person)


def test_where_one_organisation_works_its_own_people_have_it_on_their_page(here, people):
    tally = close(here, region="KZ-79")
    assert len(on_desk(counts_to_give, people["own"])) == 1
    give_count(access=here.access_of(people["own"]), tally=tally, count=63, method=CountMethod.BY_TELEPHONE)
    assert on_desk(counts_to_give, people["own"]) == []


def test_the_first_page_costs_the_same_for_one_and_three(here, people, django_assert_max_num_queries):
    close(here)
    with django_assert_max_num_queries(12):
        assert len(on_desk(counts_to_give, people["near"])) == 1
    close(here)
    count_sheets(access=here.access, appeal=here.appeal, numbers=here.returned(3), count=3)
    with django_assert_max_num_queries(12):
        assert len(on_desk(counts_to_give, people["near"])) == 3
