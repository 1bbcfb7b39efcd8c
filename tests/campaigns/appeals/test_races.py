"""Many at one moment: one mailbox stays one support, and one change is added up once."""

from contextlib import suppress

import pytest

from coalition.campaigns.appeals.actions.confirm import confirm_support, withdraw_support
from coalition.campaigns.appeals.counting import add_up_changes, count_of, recount
from coalition.campaigns.models import Support, SupportChange
from coalition.core.errors import Refused
from tests.campaigns.appeals.builders import ask, newest_token, support
from tests.campaigns.appeals.factories import open_appeal
from tests.documents.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_pages"),
]


def test_two_hundred_confirmations_of_one_are_one():
    version = open_appeal()
    token = ask(version)
    for _round in range(10):
        at_once(*[lambda: confirm_support(token=token)] * 20)
    assert count_of(version) == 1
    assert SupportChange.objects.count() == 1


def test_one_mailbox_that_asks_many_times_at_once_has_one_row():
    version = open_appeal()
    spellings = ["aru@gmail.com", "a.ru@gmail.com", "ARU@googlemail.com", "aru+1@gmail.com"]
    at_once(*[lambda one=one: ask(version, one) for one in spellings * 3])
    assert Support.objects.count() == 1
    confirm_support(token=newest_token())
    assert count_of(version) == 1


def test_confirming_and_withdrawing_at_once_leaves_a_true_count():
    version = open_appeal()
    token = ask(version)

    def quietly(act) -> None:
        with suppress(Refused):  # who comes second finds it withdrawn, or nothing at all
            act(token=token)

    at_once(*[lambda: quietly(confirm_support), lambda: quietly(withdraw_support)] * 6)
    add_up_changes()
    assert count_of(version) == 0
    assert recount() == 0


def test_two_workers_add_up_every_change_once():
    version = open_appeal()
    for number in range(12):
        support(version, f"a{number}@mail.example")
    at_once(*[add_up_changes] * 4)
    add_up_changes()
    assert (count_of(version), SupportChange.objects.count()) == (12, 0)
    assert recount() == 0
