"""Sheets are numbered once, printed with the words of a version, and marked by their organisation."""

import datetime

import pytest

from coalition.audit.models import AuditEntry
from coalition.campaigns.in_person.counting.actions import count_sheets
from coalition.campaigns.in_person.sheets.actions import mark_sheets, print_sheets
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import PaperSheet
from coalition.campaigns.in_person.sheets.queries import outdated_numbers, sheet_stocks
from coalition.campaigns.in_person.sheets.retention import forget_printers
from coalition.campaigns.models import Appeal, AppealVersion, ReferralCode
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.in_person_sheets.builders import ALMATY, KOSTANAY

pytestmark = pytest.mark.django_db


def mark(here, numbers, state=SheetState.RETURNED, access=None, **given):
    access = access or here.access
    return mark_sheets(access=access, appeal=here.appeal, numbers=numbers, state=state, **given)


def refusal(act, *args, **given):
    with pytest.raises(Refused) as refused:
        act(*args, **given)
    return refused.value.message


def states(here):
    return dict(PaperSheet.objects.filter(appeal=here.appeal).values_list("number", "state"))


def test_numbers_go_on_from_the_highest_and_are_never_used_again(here):
    first = here.run(quantity=3)
    mark(here, [2, 3], SheetState.VOID)
    second = here.run(here.other(), quantity=2)
    assert (first.first_number, first.last_number) == (1, 3)
    assert (second.first_number, second.last_number) == (4, 5)
    assert set(states(here)) == {1, 2, 3, 4, 5}


def test_printing_freezes_the_version_and_makes_one_code_of_the_organisation(here):
    here.run()
    here.run()
    code = ReferralCode.objects.get()
    assert (code.medium, code.target) == ("sheet", here.appeal.uuid)
    assert code.organisation == here.access.organisation
    assert AppealVersion.objects.get(pk=here.version.pk).frozen_at is not None
    entry = AuditEntry.objects.filter(action="sheets.printed").latest("pk")
    assert entry.detail["numbers"] == "11–20"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"language": "ru"}, "not published in this language"),
        ({"region": "KZ-99"}, "Choose among the regions"),
        ({"quantity": 0}, "Between 1 and 500"),
        ({"quantity": 501}, "Between 1 and 500"),
    ],
)
def test_what_cannot_be_printed_is_refused(here, given, reason):
    assert reason in refusal(here.run, **given)
    assert not PaperSheet.objects.exists()


def test_of_a_closed_appeal_no_sheets_are_printed(here):
    Appeal.objects.update(closed_at=now())
    assert "closed" in refusal(here.run)


def test_an_appeal_that_nobody_can_see_has_no_sheets(here):
    Appeal.objects.update(opened_at=None)
    assert "closed" in refusal(here.run)


def test_of_another_workspace_nothing_is_printed(here):
    from_elsewhere = here.other()
    from_elsewhere.workspace.pk += 1000
    with pytest.raises(Appeal.DoesNotExist):
        print_sheets(access=from_elsewhere, appeal=here.appeal, region=ALMATY, language="kk", quantity=1)


@pytest.mark.parametrize("role", [SeatRole.OBSERVER, SeatRole.REVIEWER])
def test_who_only_reads_neither_prints_nor_marks(here, role):
    here.run()
    access = here.other(role=role)
    with pytest.raises(NotAllowed):
        here.run(access)
    with pytest.raises(NotAllowed):
        mark(here, [1], access=access)


def test_in_an_archived_workspace_nothing_is_printed(here):
    Workspace.objects.update(archived_at=now())
    with pytest.raises(NotAllowed):
        here.run(here.access)


def test_returned_lost_and_found_again(here):
    here.run(quantity=5)
    assert mark(here, [1, 2, 3]) == 3
    assert mark(here, [4, 5], SheetState.LOST) == 2
    assert mark(here, [4]) == 1
    assert mark(here, [1], SheetState.PRINTED) == 1
    assert mark(here, [2, 3]) == 0
    assert states(here) == {1: "printed", 2: "returned", 3: "returned", 4: "returned", 5: "lost"}


def test_a_sheet_that_does_not_exist_is_named_and_nothing_is_marked(here):
    here.run(quantity=3)
    assert "no sheet with the number 4–6" in refusal(mark, here, [2, 3, 4, 5, 6])
    assert set(states(here).values()) == {"printed"}


def test_sheets_of_others_are_marked_by_coordinators_only(here):
    here.run(quantity=3)
    assert "Your organisation has no sheet with the number 1" in refusal(mark, here, [1], access=here.other())
    theirs = here.other()
    here.run(theirs, quantity=2)
    assert mark(here, [4, 5], access=theirs) == 2
    assert mark(here, [4], SheetState.LOST) == 1


def test_sheets_of_another_appeal_are_not_found(here):
    here.run(quantity=3)
    other = Appeal.objects.create(
        workspace=here.made.workspace,
        organisation=here.access.organisation,
        slug="another",
        created_at=now(),
        opened_at=now(),
    )
    with pytest.raises(Refused):
        mark_sheets(access=here.access, appeal=other, numbers=[1], state=SheetState.RETURNED)


def test_void_sheets_stay_void(here):
    here.run(quantity=2)
    mark(here, [1, 2], SheetState.VOID)
    assert mark(here, [1, 2], SheetState.VOID) == 0
    assert "Void: 1–2." in refusal(mark, here, [1, 2])


def test_counted_sheets_stay_as_they_are(here):
    here.returned(3)
    count_sheets(access=here.access, appeal=here.appeal, numbers=[1, 2], count=20)
    assert "being counted: 1–2." in refusal(mark, here, [1, 2, 3], SheetState.LOST)


def test_a_table_is_noted_with_what_comes_back(here):
    here.run(quantity=3)
    table = here.table()
    mark(here, [1, 2], table=table)
    mark(here, [1])
    mark(here, [2], SheetState.LOST)
    tables = dict(PaperSheet.objects.values_list("number", "table"))
    assert tables == {1: table.pk, 2: None, 3: None}
    tomorrow = here.table(day=table.day + datetime.timedelta(days=1))
    of_others = here.table(here.other().organisation)
    mine = here.other()
    here.run(mine, quantity=1)
    assert "not one of this appeal" in refusal(mark, here, [3], table=tomorrow)
    assert "not one of this appeal" in refusal(mark, here, [4], access=mine, table=of_others)


def test_sheets_of_the_earlier_text_are_named(here):
    here.run(quantity=4)
    assert outdated_numbers(here.access) == {}
    mark(here, [1], SheetState.VOID)
    mark(here, [2])
    here.new_words()
    here.run(quantity=2)
    assert outdated_numbers(here.access) == {here.appeal.pk: [2, 3, 4]}


def test_stocks_by_organisation_need_the_same_queries_for_one_and_three(here, django_assert_num_queries):
    access = here.access
    here.run(quantity=2)
    with django_assert_num_queries(2):
        sheet_stocks(access)
    for _number in range(2):
        here.run(here.other(), quantity=2, region=KOSTANAY)
    mark(here, [1])
    with django_assert_num_queries(2):
        found = sheet_stocks(access)
    assert [(one.handed_out, one.to_count) for one in found] == [([2], [1]), ([3, 4], []), ([5, 6], [])]


def test_who_printed_is_forgotten_with_the_audit_log(here):
    run = here.run()
    assert forget_printers() == 0
    run.made_at = now() - datetime.timedelta(days=4000)
    run.save()
    assert forget_printers() == 1
