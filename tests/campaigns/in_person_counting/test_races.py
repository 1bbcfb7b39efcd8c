"""Many count at one moment: one second count is taken, and a sheet comes into one bundle."""

import pytest

from coalition.campaigns.core.double_count import CountState
from coalition.campaigns.in_person.counting.actions import close_table, count_sheets, give_count
from coalition.campaigns.in_person.sheets.actions import print_sheets
from coalition.campaigns.models import PaperSheet, SheetRun, Tally, TallyCount
from coalition.core.errors import Refused
from tests.campaigns.in_person_sheets.builders import ALMATY
from tests.documents.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_pages")]


def collecting(refused, act, **given):
    def press():
        try:
            act(**given)
        except Refused as refusal:
            refused.append(refusal.message)

    return press


def test_of_many_second_counts_at_once_one_settles_it(here):
    tally = close_table(access=here.access, table=here.table(), count=63)
    others = [here.other() for _number in range(4)]
    refused: list[str] = []
    at_once(*[collecting(refused, give_count, access=one, tally=tally, count=63) for one in others])
    assert Tally.objects.get().state == CountState.SETTLED
    assert TallyCount.objects.filter(replaced_at=None).count() == 2
    assert len(refused) == 3


def test_of_many_who_close_a_table_at_once_one_counts_first(here):
    table = here.table()
    mates = [here.access, *[here.other(here.access.organisation) for _number in range(3)]]
    refused: list[str] = []
    at_once(*[collecting(refused, close_table, access=one, table=table, count=5) for one in mates])
    assert Tally.objects.count() == TallyCount.objects.count() == 1
    assert len(refused) == 3


def test_of_many_bundles_with_one_sheet_one_is_made(here):
    numbers = here.returned(3)
    others = [here.other() for _number in range(3)]
    refused: list[str] = []
    at_once(
        *[
            collecting(refused, count_sheets, access=one, appeal=here.appeal, numbers=numbers, count=9)
            for one in others
        ]
    )
    assert Tally.objects.count() == 1
    assert PaperSheet.objects.exclude(tally=None).count() == 3
    assert len(refused) == 2


def test_runs_that_are_printed_at_once_share_no_number(here):
    others = [here.other() for _number in range(4)]
    given = {"appeal": here.appeal, "region": ALMATY, "language": "kk", "quantity": 25}
    refused: list[str] = []
    at_once(*[collecting(refused, print_sheets, access=one, **given) for one in others])
    assert refused == []
    assert sorted(SheetRun.objects.values_list("first_number", flat=True)) == [1, 26, 51, 76]
    assert PaperSheet.objects.count() == 100
