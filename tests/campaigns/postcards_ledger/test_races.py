"""Many at one moment: no card is moved twice, and no stock falls below nought."""

from contextlib import suppress
from uuid import uuid4

import pytest

from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import CardMove, CardPacket
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.moves import record_printed, reverse_move
from coalition.campaigns.postcards.ledger.actions.packets import give_packet, take_back_packet
from coalition.core.errors import Refused
from tests.campaigns.postcards_ledger.builders import cards, handed_back, packet_of, stocks
from tests.documents.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_pages")]


def quietly(act, **given) -> None:
    with suppress(Refused):
        act(**given)


def test_the_same_identifier_in_parallel_is_one_move():
    made = cards()
    batch = made.batch()
    access, mark, today = made.access, uuid4(), site_today()
    given = {"access": access, "batch": batch, "quantity": 100, "day": today, "client_id": mark}
    at_once(*[lambda: record_printed(**given)] * 6)
    assert stocks(batch) == {"stock": 100}
    packet = packet_of(access, batch, 40, client_id=uuid4())
    at_once(*[lambda: give_packet(**packet)] * 6)
    assert stocks(batch) == {"stock": 60, "out": 40}
    found, entry = CardPacket.objects.get(), uuid4()
    back = {"access": access, "packet": found, "quantities": handed_back(filled=20, blank=10)}
    back |= {"day": today, "client_id": entry}
    at_once(*[lambda: take_back_packet(**back)] * 6)
    assert stocks(batch) == {"stock": 70, "out": 10, "collected": 20}


def test_two_phones_at_one_moment_hand_out_no_more_than_there_is():
    made = cards()
    batch = made.printed(100)
    access = made.access
    wanted = [packet_of(access, batch, 60, client_id=uuid4()) for _phone in range(4)]
    at_once(*[lambda one=one: quietly(give_packet, **one) for one in wanted])
    assert stocks(batch) == {"stock": 40, "out": 60}
    assert list(CardPacket.objects.values_list("number", flat=True)) == [1]


def test_one_move_is_undone_once():
    made = cards()
    batch = made.printed(100)
    access, move = made.access, CardMove.objects.get()
    at_once(*[lambda: quietly(reverse_move, access=access, move=move)] * 4)
    assert stocks(batch) == {}
    assert CardMove.objects.count() == 2


def test_three_who_count_at_one_moment_are_counted_once():
    made = cards()
    batch = made.collected()
    people = [made.access, made.other(), made.other()]
    at_once(
        *[lambda one=one: quietly(count_cards, access=one, batch=batch, number=1, count=63) for one in people]
    )
    assert stocks(batch) == {"stock": 437, "counted": 63}
    assert CardMove.objects.filter(kind="counted").count() == 1
