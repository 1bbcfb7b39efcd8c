"""Who is notified of counts of cards: the second person, both where two differ, and before 72 hours end."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.models import Listing, Organisation, User
from coalition.campaigns.core.count_notifications import DIFFERENT, OVERDUE, REMINDER, SECOND
from coalition.campaigns.models import Batch
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.postcards.ledger.notifications import remind_of_card_counts
from coalition.core.clock import freeze_clock_at, now
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification, Workspace
from coalition.workspaces.notifications.queries import notifications_for
from tests.campaigns.postcards_ledger.builders import Cards, cards
from tests.campaigns.postcards_ledger.test_desk_pages import address, text_of
from tests.conftest import new_client

pytestmark = pytest.mark.django_db
ELSEWHERE = "KZ-62"


def asked(kind: str) -> set[User]:
    return {row.person for row in Notification.objects.filter(kind=kind).select_related("person")}


def days_later(number: int, hour: int = 12) -> datetime.datetime:
    day = timezone.localdate() + datetime.timedelta(days=number)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def count_first(made: Cards, batch: Batch, count: int = 63) -> None:
    count_cards(access=made.access, batch=batch, number=1, count=count)


@pytest.fixture
def made() -> Cards:
    return cards()


@pytest.fixture
def people(made: Cards) -> dict[str, User]:
    """Of another organisation in Almaty, of one elsewhere, of the own one, and one who only reads."""
    return {
        "near": made.seated(),
        "far": made.seated(regions=(ELSEWHERE,)),
        "own": made.seated(organisation=made.organisation),
        "reader": made.seated(SeatRole.REVIEWER),
    }


def test_people_of_other_organisations_in_the_region_are_asked(made, people):
    count_first(made, made.collected())
    assert asked(SECOND) == {people["near"]}


def test_where_the_region_has_one_organisation_its_own_people_are_asked(made, people):
    count_first(made, made.collected(region="KZ-79"))
    assert asked(SECOND) == {people["own"]}


def test_without_a_region_people_of_all_other_organisations_are_asked(made, people):
    count_first(made, made.collected(region=""))
    assert asked(SECOND) == {people["near"], people["far"]}


def test_the_other_one_of_the_two_hears_of_a_difference(made, people):
    batch = made.collected()
    near = made.access_of(people["near"])
    count_first(made, batch)
    count_first(made, batch, 62)
    assert Notification.objects.filter(kind=SECOND).count() == 1
    count_cards(access=near, batch=batch, number=1, count=61)
    assert asked(DIFFERENT) == {made.made.coordinator}
    count_first(made, batch, 60)
    assert asked(DIFFERENT) == {made.made.coordinator, people["near"]}
    count_cards(access=near, batch=batch, number=1, count=60)
    assert Notification.objects.filter(kind=DIFFERENT).count() == 2


def test_the_reminder_comes_on_the_next_morning_once(made, people):
    with freeze_clock_at(days_later(0, 23)):
        count_first(made, made.collected())
        remind_of_card_counts()
    for hour, reminded in ((7, set()), (9, {people["near"]}), (10, {people["near"]})):
        with freeze_clock_at(days_later(1, hour)):
            remind_of_card_counts()
        assert asked(REMINDER) == reminded
    assert Notification.objects.filter(kind=REMINDER).count() == 1


def test_after_72_hours_the_first_person_and_coordinators_hear_it(made, people):
    with freeze_clock_at(days_later(0)):
        batch = made.collected()
        count_cards(access=made.access_of(people["near"]), batch=batch, number=1, count=63)
    with freeze_clock_at(days_later(3, 13)):
        remind_of_card_counts()
        remind_of_card_counts()
        assert asked(OVERDUE) == {made.made.coordinator, people["near"]}
        assert "72 hours" in text_of(new_client(people["near"]), address("count", batch))
    assert asked(REMINDER) == set()


def test_nobody_is_reminded_of_what_cannot_be_counted_any_more(made, people):
    with freeze_clock_at(days_later(0)):
        batches = [made.collected(number=number) for number in (1, 2, 3)]
        for batch in batches:
            count_first(made, batch)
        count_cards(access=made.access_of(people["near"]), batch=batches[0], number=1, count=61)
        count_cards(access=made.access_of(people["near"]), batch=batches[1], number=1, count=63)
        close_batch(access=made.access, batch=batches[2])
    with freeze_clock_at(days_later(1)):
        remind_of_card_counts()
        assert asked(REMINDER) == set()
        batches[2].closed_at = None
        batches[2].save()
        Workspace.objects.update(archived_at=now())
        remind_of_card_counts()
    assert asked(REMINDER) == set()


def test_the_page_marks_it_as_read_and_no_withheld_name_is_in_it(made, people):
    batch = made.collected()
    Organisation.objects.filter(pk=made.organisation.pk).update(listing=Listing.CONFIDENTIAL)
    count_first(made, batch)
    made.organisation.participations.update(ended_at=now())  # those who work with it know its name
    client = new_client(people["near"])
    inbox = client.get(reverse("workspaces:inbox")).content.decode()
    assert f"Cards of batch {made.design.slug} 1" in inbox
    assert made.organisation.name_en not in inbox
    client.get(address("count", batch))
    assert not notifications_for(people["near"]).filter(read_at=None).exists()
