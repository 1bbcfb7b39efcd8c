"""Two people count; nobody sees the other's number; once they agree nobody changes it."""

import datetime

import pytest
import time_machine
from django.utils.translation import override

from coalition.audit.models import AuditEntry
from coalition.campaigns.core.double_count import CountMethod, has_two_organisations
from coalition.campaigns.counters.columns import column_count
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.models import CardCount, CardDesign, CardMove, CardTally
from coalition.campaigns.postcards.ledger.actions.counts import count_cards, take_back_count
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.postcards.public_presenters import postcards_view
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.postcards_ledger.builders import Cards, cards, stocks
from tests.campaigns.postcards_ledger.test_moves import refused
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_two_people_of_two_organisations_count_and_a_third_cannot_change_it():
    made = cards()
    batch = made.collected()
    first, second, third = made.access, made.other(), made.other()
    count_cards(access=first, batch=batch, number=1, count=63)
    assert CardTally.objects.get().settled_at is None
    tally = count_cards(access=second, batch=batch, number=1, count=63)
    assert (tally.count, CardTally.objects.get().by_telephone) == (63, False)
    assert stocks(batch) == {"stock": 437, "counted": 63}
    for access in (first, second, third):
        words = refused(count_cards, access=access, batch=batch, number=1, count=64)
        assert words == "Two people have counted this, and they agree. It cannot be changed."
    assert (
        refused(count_cards, access=third, batch=batch, number=2, count=1) == "No cards wait to be counted."
    )
    assert "cannot be changed" in refused(take_back_count, access=first, batch=batch, number=1)
    assert CardMove.objects.filter(kind="counted").count() == 1


def test_one_person_counting_twice_replaces_the_own_number():
    made = cards()
    batch = made.collected()
    for count in (60, 61, 62):
        count_cards(access=made.access, batch=batch, number=1, count=count)
    assert list(CardCount.objects.filter(replaced_at=None).values_list("count", flat=True)) == [62]
    assert CardCount.objects.count() == 3
    assert stocks(batch)["collected"] == 63


def test_a_difference_is_settled_by_one_of_the_two_and_a_third_is_refused():
    made = cards()
    batch = made.collected()
    second, third = made.other(), made.other()
    count_cards(access=made.access, batch=batch, number=1, count=63)
    count_cards(access=second, batch=batch, number=1, count=62)
    assert stocks(batch)["collected"] == 63
    words = refused(count_cards, access=third, batch=batch, number=1, count=63)
    assert "settle the difference" in words
    count_cards(access=second, batch=batch, number=1, count=63)
    assert stocks(batch)["counted"] == 63


def test_a_second_person_of_the_same_organisation_is_refused():
    made = cards()
    batch = made.collected()
    made.other()
    colleague = made.other(organisation=made.organisation)
    count_cards(access=made.access, batch=batch, number=1, count=63)
    words = refused(count_cards, access=colleague, batch=batch, number=1, count=63)
    assert "Somebody of another one counts now" in words


def test_alone_in_a_region_a_second_person_counts_by_telephone():
    made = cards()
    batch = made.collected(region="KZ-62")
    made.other()
    colleague = made.other(organisation=made.organisation)
    count_cards(access=made.access, batch=batch, number=1, count=63)
    tally = count_cards(access=colleague, batch=batch, number=1, count=63, method=CountMethod.BY_TELEPHONE)
    assert (tally.count, CardTally.objects.get().by_telephone) == (63, True)


def test_the_public_method_says_how_many_counts_were_read_out_by_telephone():
    made = cards()
    made.counted()
    CardDesign.objects.update(published_at=now())
    for number, ending in ((2, "1 of 2"), (3, "2 of 3")):
        assert ("Counts by telephone" in public_method(made)) is (number > 2)
        made.read_back(number=number)
        assert public_method(made).endswith(f"Counts by telephone: {ending}.")


def public_method(made: Cards) -> str:
    """What everybody reads on the page of the design and beside the counter, which end alike."""
    with override("en"):
        page = postcards_view(made.design, "en").method
        column = column_count(Column.POSTCARDS, made.design.target).method
    assert page.partition("Counts by")[2] == column.partition("Counts by")[2]
    return page


def test_without_a_region_two_organisations_count_if_two_take_part():
    made = cards()
    assert has_two_organisations(made.made.workspace, "") is True
    made.made.workspace.participations.exclude(organisation=made.organisation).update(ended_at=now())
    assert has_two_organisations(made.made.workspace, "") is False
    assert has_two_organisations(made.made.workspace, "KZ-75") is False


def test_a_count_that_waited_longer_than_three_days_is_taken_back_first():
    made = cards()
    batch = made.collected(region="KZ-62")
    colleague = made.other(organisation=made.organisation)
    count_cards(access=made.access, batch=batch, number=1, count=63)
    by_telephone = {"access": colleague, "batch": batch, "number": 1, "count": 63}
    by_telephone["method"] = CountMethod.BY_TELEPHONE
    with time_machine.travel(now() + datetime.timedelta(hours=73), tick=False):
        assert "older than 72 hours" in refused(count_cards, **by_telephone)
        take_back_count(access=made.access, batch=batch, number=1)
        take_back_count(access=made.access, batch=batch, number=1)
        count_cards(access=made.access, batch=batch, number=1, count=63)
        assert count_cards(**by_telephone).count == 63


def test_more_than_was_collected_is_refused_at_once():
    made = cards()
    batch = made.collected()
    words = refused(count_cards, access=made.access, batch=batch, number=1, count=64)
    assert words.startswith("Only 63 cards are collected and not counted yet.")
    assert not CardTally.objects.exists()


def test_what_two_find_less_stays_collected_and_a_next_count_begins():
    made = cards()
    batch = made.collected()
    second = made.other()
    for access in (made.access, second):
        count_cards(access=access, batch=batch, number=1, count=60)
    assert stocks(batch) == {"stock": 437, "collected": 3, "counted": 60}
    assert "out of date" in refused(count_cards, access=second, batch=batch, number=3, count=3)
    for access in (made.access, second):
        count_cards(access=access, batch=batch, number=2, count=3)
    assert stocks(batch) == {"stock": 437, "counted": 63}


def test_two_who_find_none_move_nothing():
    made = cards()
    batch = made.collected()
    for access in (made.access, made.other()):
        count_cards(access=access, batch=batch, number=1, count=0)
    assert CardTally.objects.get().count == 0
    assert stocks(batch) == {"stock": 437, "collected": 63}


def test_nothing_is_counted_in_a_closed_batch_nor_by_reviewers():
    made = cards()
    batch = made.collected()
    with pytest.raises(NotAllowed):
        count_cards(access=made.other(SeatRole.REVIEWER), batch=batch, number=1, count=63)
    close_batch(access=made.access, batch=batch)
    assert "is closed" in refused(count_cards, access=made.access, batch=batch, number=1, count=63)


def test_the_audit_log_does_not_tell_the_second_person_the_first_number():
    made = cards()
    batch = made.collected(61, 39)
    count_cards(access=made.other(), batch=batch, number=1, count=59)
    details = AuditEntry.objects.filter(action="postcard_ledger.counted").values_list("detail", flat=True)
    assert [one for one in details if 59 in one.values() or "59" in str(one)] == []


def test_nobody_counts_for_an_organisation_that_only_shares_the_region():
    made = cards()
    OrganisationFactory(regions=["KZ-75"])
    assert has_two_organisations(made.made.workspace, "KZ-75") is False


def test_a_coordinator_takes_back_the_count_of_somebody_who_left():
    made = cards()
    batch = made.collected()
    first, second, third = made.other(), made.other(), made.other()
    count_cards(access=first, batch=batch, number=1, count=63)
    take_back_count(access=third, batch=batch, number=1)  # not theirs: nothing happens
    assert CardCount.objects.filter(replaced_at=None).count() == 1
    take_back_count(access=made.access, batch=batch, number=1)
    assert not CardCount.objects.filter(replaced_at=None).exists()
    count_cards(access=second, batch=batch, number=1, count=63)
    assert count_cards(access=third, batch=batch, number=1, count=63).count == 63


def test_a_coordinator_takes_back_the_own_count_alone():
    made = cards()
    batch = made.collected()
    other = made.other()
    count_cards(access=made.access, batch=batch, number=1, count=62)
    count_cards(access=other, batch=batch, number=1, count=63)
    take_back_count(access=made.access, batch=batch, number=1)
    assert list(CardCount.objects.filter(replaced_at=None).values_list("count", flat=True)) == [63]
