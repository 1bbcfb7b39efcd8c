"""The demo's entries about cards: they go through the actions, and are removed whole."""

import datetime
from types import SimpleNamespace

import pytest

from coalition.campaigns.models import Batch, CardCount, CardDesign, CardMove, CardPacket
from coalition.campaigns.postcards.ledger.actions.moves import reverse_move
from coalition.campaigns.postcards.ledger.queries import totals_of_designs
from coalition.core.clock import now
from coalition.roles import SeatRole
from demo.seed.history import History
from demo.seed.postcard_ledger import DESIGN, FIRST, SECOND, plan_card_moves, remove_card_moves
from tests.campaigns.postcards_ledger.builders import cards, stocks

pytestmark = pytest.mark.django_db


def _plan(made) -> History:
    people = {FIRST: made.made.coordinator, SECOND: made.seated(SeatRole.EDITOR)}
    history = History()
    plan_card_moves(SimpleNamespace(people=people), history)  # type: ignore[arg-type]  # only people are read
    return history


def test_the_demo_has_packets_counts_and_a_delivery_and_gives_them_back():
    made = cards(DESIGN)
    for number in range(1, 11):
        made.batch(number, made_at=now() - datetime.timedelta(days=8))
    _plan(made).run()
    first = Batch.objects.get(number=1)
    assert stocks(first) == {"stock": 287, "out": 150, "counted": 13, "delivered": 50}
    totals = totals_of_designs([made.design.pk])[made.design.pk]
    assert (totals.printed, totals.handed_out, totals.lost) == (2000, 650, 17)
    assert CardCount.objects.filter(tally__settled_at=None).count() == 1
    reverse_move(access=made.access, move=CardMove.objects.filter(kind="lost").last())
    remove_card_moves([made.made.workspace.pk])
    assert not CardMove.objects.exists()
    assert not CardPacket.objects.exists()
    Batch.objects.all().delete()
    CardDesign.objects.all().delete()


def test_without_the_design_nothing_happens():
    _plan(cards()).run()
    assert not CardMove.objects.exists()
