"""The number of a day, when many ask first at one moment."""

import datetime
from itertools import count

import pytest

from coalition.campaigns.counters.columns import Count
from coalition.campaigns.counters.days import count_of_day
from coalition.campaigns.models import CountOfDay
from tests.campaigns.counters.pretend_appeal import APPEAL, MOMENT
from tests.documents.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_who_ask_first_at_once_are_told_one_number(appeal, monkeypatch) -> None:
    numbers = count(1240)
    monkeypatch.setattr(
        type(appeal), "online", property(lambda _self: Count(next(numbers), MOMENT)), raising=False
    )
    told: list[int] = []
    at_once(*[lambda: told.append(count_of_day(APPEAL, datetime.date(2026, 3, 3)))] * 8)
    assert len(told) == 8
    assert len(set(told)) == 1
    assert CountOfDay.objects.count() == 1
