"""People beside cards are forgotten as persons in the audit log are; organisations and numbers stay."""

import datetime

import pytest

from coalition.campaigns.models import CardMove
from coalition.campaigns.postcards.retention import forget_people
from coalition.core.clock import now
from tests.campaigns.postcards_ledger.builders import cards, stocks

pytestmark = pytest.mark.django_db


def test_people_beside_cards_are_forgotten_and_the_ledger_stays() -> None:
    made = cards()
    batch = made.printed()
    assert forget_people() == 0
    moved = CardMove.objects.filter(batch=batch)
    moved.update(at=now() - datetime.timedelta(days=10 * 365))
    assert moved.exclude(by=None).count() == forget_people() == 1
    assert stocks(batch)["stock"] == 500
