"""Organisers and supporters at one moment: no file outlives a name in it, no address is given twice."""

from contextlib import suppress

import pytest

from coalition.campaigns.appeals.actions.confirm import withdraw_support
from coalition.campaigns.appeals.actions.hand_over import make_hand_over
from coalition.campaigns.appeals.actions.manage import create_appeal
from coalition.campaigns.appeals.counting import add_up_changes
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import Appeal, HandOver
from coalition.core.errors import Refused
from tests.campaigns.appeals.builders import support
from tests.campaigns.appeals.desk.stored import stored_files
from tests.documents.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_pages")]


def test_a_name_that_is_taken_back_while_files_are_made_is_in_none_of_them(desk):
    rows = [
        support(desk.version, f"a{number}@mail.example", name="Canary Gone", in_hand_over=True)
        for number in range(6)
    ]
    support(desk.version, "stays@mail.example", name="Canary Stays", in_hand_over=True)
    add_up_changes()

    def make() -> None:
        with suppress(Refused):  # a name went meanwhile
            make_hand_over(access=desk.access, appeal=desk.appeal, language="en")

    at_once(*[lambda row=row: withdraw_support(token=SUPPORT.token(row)) for row in rows], *[make] * 3)
    for row in HandOver.objects.filter(files_deleted_at=None):
        assert list(row.supports.values_list("state", flat=True)) == ["counted"]
    stored = {name for pair in HandOver.objects.values_list("pdf", "csv") for name in pair if name}
    assert set(stored_files()) == stored


def test_of_many_who_save_one_address_at_once_one_gets_it_and_the_others_are_told(desk):
    refused: list[Refused] = []

    def prepare() -> None:
        try:
            create_appeal(access=desk.access, publication=desk.version.publication, slug="wanted")
        except Refused as refusal:
            refused.append(refusal)

    at_once(*[prepare] * 5)
    assert Appeal.objects.filter(slug="wanted").count() == 1
    assert len(refused) == 4
