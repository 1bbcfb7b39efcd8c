"""Tables and sheets count once two people agree; nobody waits in the evening; a third changes nothing."""

import datetime

import pytest

from coalition.audit.models import AuditEntry
from coalition.campaigns.core.double_count import CountMethod, CountState
from coalition.campaigns.in_person.counting import actions
from coalition.campaigns.in_person.counting.actions import (
    close_table,
    count_sheets,
    give_count,
    take_back_count,
)
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.counting.queries import is_settled
from coalition.campaigns.in_person.counting.retention import forget_counters
from coalition.campaigns.in_person.queries import TableTotal
from coalition.campaigns.in_person.sheets.actions import mark_sheets
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.models import Appeal, PaperSheet, Table
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.in_person_sheets.builders import ALMATY, KOSTANAY
from tests.factories import FreezeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def refusal(act, **given):
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.message


def state_of(tally):
    return Tally.objects.get(pk=tally.pk).state


@pytest.fixture
def closed(here):
    """A table in Almaty, counted by the coordinator: 63."""
    return close_table(access=here.access, table=here.table(), count=63)


def test_closing_needs_one_person_and_counts_nothing_yet(here):
    table = here.table()
    tally = close_table(access=here.access, table=table, count=63)
    table.refresh_from_db()
    assert table.closed_at is not None
    assert (tally.state, tally.count) == (CountState.WAITING, None)
    assert not is_settled(table)


def test_a_second_person_of_another_organisation_settles_it_and_a_third_changes_nothing(here, closed):
    second, third = here.other(), here.other()
    assert give_count(access=second, tally=closed, count=63).state == CountState.SETTLED
    found = Tally.objects.get()
    assert (found.count, found.by_telephone, is_settled(found.table)) == (63, False, True)
    for access in (here.access, second, third):
        assert "cannot be changed" in refusal(give_count, access=access, tally=closed, count=64)
        assert "cannot be changed" in refusal(take_back_count, access=access, tally=closed)
    assert TallyCount.objects.count() == 2


def test_one_person_counting_twice_replaces_the_own_count(here, closed):
    assert give_count(access=here.access, tally=closed, count=65).state == CountState.WAITING
    assert list(TallyCount.objects.filter(replaced_at=None).values_list("count", flat=True)) == [65]
    assert TallyCount.objects.count() == 2


def test_of_the_same_organisation_a_second_person_is_refused_where_the_region_has_two(here, closed):
    here.other()
    mate = here.other(here.access.organisation)
    for method in CountMethod:
        assert refusal(give_count, access=mate, tally=closed, count=63, method=method)
    assert state_of(closed) == CountState.WAITING


def test_a_frozen_organisation_is_no_second_one(here, closed):
    other = here.other()
    mate = here.other(here.access.organisation)
    FreezeFactory(organisation=other.organisation, frozen_at=now())
    result = give_count(access=mate, tally=closed, count=63, method=CountMethod.BY_TELEPHONE)
    assert (result.state, result.by_telephone) == (CountState.SETTLED, True)


@pytest.mark.parametrize(("hours", "taken"), [(71, True), (73, False)])
def test_where_one_organisation_works_it_is_read_back_within_72_hours(here, closed, hours, taken):
    mate = here.other(here.access.organisation)
    given = {"access": mate, "tally": closed, "count": 63, "method": CountMethod.BY_TELEPHONE}
    with freeze_clock_at(now() + hours * HOUR):
        if taken:
            assert give_count(**given).state == CountState.SETTLED
            assert Tally.objects.get().by_telephone
        else:
            assert "older than 72 hours" in refusal(give_count, **given)
            take_back_count(access=here.access, tally=closed)
            assert give_count(access=here.access, tally=closed, count=63).state == CountState.WAITING
            assert give_count(**given).state == CountState.SETTLED


def test_a_difference_counts_nothing_until_it_is_settled(here, closed):
    second, third = here.other(), here.other()
    assert give_count(access=second, tally=closed, count=61).state == CountState.DIFFERENT
    assert "settle the difference" in refusal(give_count, access=third, tally=closed, count=63)
    assert Tally.objects.get().count is None
    assert give_count(access=here.access, tally=closed, count=61).count == 61
    assert state_of(closed) == CountState.SETTLED


def test_who_read_out_can_correct_the_own_count_after_the_read_back(here, closed):
    mate = here.other(here.access.organisation)
    give_count(access=mate, tally=closed, count=62, method=CountMethod.BY_TELEPHONE)
    assert give_count(access=here.access, tally=closed, count=62).state == CountState.SETTLED
    assert Tally.objects.get().by_telephone


def test_taking_back_leaves_the_table_closed(here, closed):
    assert take_back_count(access=here.access, tally=closed).state == CountState.NOT_COUNTED
    assert Table.objects.get().closed_at is not None
    assert "You have not counted this" in refusal(take_back_count, access=here.other(), tally=closed)
    again = close_table(access=here.access, table=closed.table, count=62)
    assert (again.pk, again.state) == (closed.pk, CountState.WAITING)


def test_a_coordinator_takes_back_what_somebody_counted_who_cannot_be_reached(here):
    mine = here.other()
    tally = close_table(access=mine, table=here.table(mine.organisation), count=5)
    take_back_count(access=here.access, tally=tally)
    assert state_of(tally) == CountState.NOT_COUNTED


def test_a_table_is_closed_by_its_organisation_or_a_coordinator_once(here):
    theirs = here.other()
    table = here.table(theirs.organisation)
    for access in (here.other(), here.other(theirs.organisation, role=SeatRole.REVIEWER)):
        with pytest.raises(NotAllowed):
            close_table(access=access, table=table, count=1)
    close_table(access=here.access, table=table, count=1)
    assert "closed and counted already" in refusal(close_table, access=theirs, table=table, count=1)


def test_the_table_of_a_day_to_come_is_not_closed(here):
    table = here.table()
    Table.objects.update(day=table.day + datetime.timedelta(days=1))
    assert "has not come yet" in refusal(close_table, access=here.access, table=table, count=1)
    assert not Tally.objects.exists()
    assert Table.objects.get().closed_at is None


def test_a_table_that_was_never_opened_has_nothing_to_count(here):
    table = here.table(opened_at=None)
    assert "never opened" in refusal(close_table, access=here.access, table=table, count=1)


@pytest.mark.parametrize("count", [-1, 100_001])
def test_a_number_that_cannot_be_closes_nothing(here, count):
    table = here.table()
    assert "between 0 and" in refusal(close_table, access=here.access, table=table, count=count)
    table.refresh_from_db()
    assert table.closed_at is None


def test_used_codes_count_beside_what_was_counted(here, closed, monkeypatch):
    totals = {closed.table_id: TableTotal(taps=70, codes=12)}
    monkeypatch.setattr(actions, "table_totals", lambda pks: {pk: totals[pk] for pk in pks})
    give_count(access=here.other(), tally=closed, count=63)
    found = Tally.objects.get()
    assert (found.count, found.codes) == (63, 12)


def test_the_words_are_those_of_the_moment_when_the_table_was_opened(here):
    table = here.table(opened_at=now() - HOUR)
    here.version.made_at = now() - 2 * HOUR
    here.version.save()
    here.new_words()
    assert close_table(access=here.access, table=table, count=3).version == here.version


def test_the_log_tells_no_number_before_both_have_counted(here, closed):
    assert all("count" not in one.detail for one in AuditEntry.objects.filter(target=closed.uuid))
    give_count(access=here.other(), tally=closed, count=63)
    (settled,) = AuditEntry.objects.filter(action="tally.settled")
    assert settled.detail["count"] == 63


# Sheets.


def bundle(here, numbers, count=40, access=None):
    return count_sheets(access=access or here.access, appeal=here.appeal, numbers=numbers, count=count)


def test_a_bundle_of_sheets_is_counted_at_once(here):
    numbers = here.returned(5)
    tally = bundle(here, numbers[:3])
    assert sorted(tally.sheets.values_list("number", flat=True)) == [1, 2, 3]
    assert (tally.region, tally.organisation) == (ALMATY, here.access.organisation)
    give_count(access=here.other(), tally=tally, count=40)
    assert Tally.objects.get().count == 40


def test_a_sheet_is_in_one_bundle(here):
    numbers = here.returned(5)
    bundle(here, numbers[:3])
    words = refusal(bundle, here=here, numbers=numbers[2:], access=here.other())
    assert "In a bundle already: 3." in words
    assert Tally.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SheetState.LOST, "Marked as lost: 2."),
        (SheetState.VOID, "Void: 2."),
        (SheetState.PRINTED, "Not marked as returned yet: 2."),
    ],
)
def test_only_returned_sheets_are_counted(here, state, words):
    numbers = here.returned(3)
    mark_sheets(access=here.access, appeal=here.appeal, numbers=[2], state=state)
    assert words in refusal(bundle, here=here, numbers=numbers)
    assert not Tally.objects.exists()


def test_numbers_out_of_range_and_of_another_appeal_are_named(here):
    here.returned(3)
    assert "No sheet of this appeal has the number 4–5" in refusal(bundle, here=here, numbers=[3, 4, 5])
    other = Appeal.objects.create(
        workspace=here.made.workspace,
        organisation=here.access.organisation,
        slug="another",
        created_at=now(),
        opened_at=now(),
    )
    words = refusal(count_sheets, access=here.access, appeal=other, numbers=[1, 2], count=1)
    assert "No sheet of this appeal has the number 1–2" in words


def test_a_bundle_has_one_version_one_organisation_and_one_region(here):
    first = here.returned(2)
    of_others = here.returned(2, here.other())
    elsewhere = here.returned(2, region=KOSTANAY)
    here.new_words()
    new = here.returned(2)
    for numbers, words in (
        (first + new, "several versions"),
        (first + of_others, "several organisations"),
        (first + elsewhere, "several regions"),
    ):
        assert words in refusal(bundle, here=here, numbers=numbers)
    assert bundle(here, first).version == here.version


def test_taking_back_the_only_count_dissolves_the_bundle(here):
    numbers = here.returned(3)
    tally = bundle(here, numbers)
    second = here.other()
    give_count(access=second, tally=tally, count=39)
    take_back_count(access=here.access, tally=tally)
    assert PaperSheet.objects.filter(tally=tally).count() == 3
    take_back_count(access=second, tally=tally)
    assert not PaperSheet.objects.filter(tally=tally).exists()
    assert "dissolved" in refusal(give_count, access=second, tally=tally, count=39)
    assert bundle(here, numbers[:2], 20).pk != tally.pk


def test_once_personal_data_ended_no_paper_is_counted(here):
    numbers = here.returned(2)
    Appeal.objects.update(personal_data_ended_at=now())
    assert "had to be destroyed" in refusal(bundle, here=here, numbers=numbers)


@pytest.mark.parametrize("role", [SeatRole.OBSERVER, SeatRole.REVIEWER])
def test_who_only_reads_counts_nothing(here, closed, role):
    numbers = here.returned(2)
    access = here.other(OrganisationFactory(regions=[ALMATY]), role=role)
    for act, given in (
        (give_count, {"tally": closed, "count": 63}),
        (take_back_count, {"tally": closed}),
        (count_sheets, {"appeal": here.appeal, "numbers": numbers, "count": 1}),
    ):
        with pytest.raises(NotAllowed):
            act(access=access, **given)


def test_who_counted_is_forgotten_with_the_audit_log(here, closed):
    assert forget_counters() == 0
    TallyCount.objects.update(at=now() - datetime.timedelta(days=4000))
    assert forget_counters() == 1
