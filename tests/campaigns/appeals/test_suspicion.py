"""The rules that hold: a burst and something more, never the place alone."""

import datetime
from collections import Counter

import pytest

from coalition.campaigns.appeals.suspicion import Signal, Thresholds, in_burst, suspects

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
RULES = Thresholds()


def signal(number: int, minute: float = 0, **given: object) -> Signal:
    return Signal(
        **{
            "pk": number,
            "at": NOON + datetime.timedelta(minutes=minute),
            "place": "place",
            "domain": "common",
            "is_disposable": False,
            "is_common": True,
            **given,
        }
    )


def found(signals: list[Signal]) -> dict[int, str]:
    domains = Counter(one.domain for one in signals if not one.is_common)
    return {pk: one.rule for pk, one in suspects(signals, domains, RULES).items()}


def test_place_alone_never_holds_anybody():
    assert found([signal(number, minute=number / 100) for number in range(5_000)]) == {}


@pytest.mark.parametrize(("count", "held"), [(5, 0), (6, 6)])
def test_six_within_five_minutes_are_a_burst_with_the_first_ones(count, held):
    signals = [signal(number, minute=number / 2, is_disposable=True) for number in range(count)]
    assert len(found(signals)) == held


def test_a_burst_is_what_stands_together_and_no_more():
    early, late = signal(1, minute=0), signal(9, minute=60)
    middle = [signal(number, minute=20) for number in range(2, 9)]
    assert {one.pk for one in in_burst([late, *middle, early], RULES)} == {2, 3, 4, 5, 6, 7, 8}


def test_people_who_come_one_after_the_other_are_no_burst():
    assert found([signal(number, minute=2 * number, is_disposable=True) for number in range(60)]) == {}


def test_bursts_of_two_places_do_not_meet():
    signals = [signal(number, place=f"place {number % 2}", is_disposable=True) for number in range(10)]
    assert found(signals) == {}


def test_in_a_burst_only_what_is_suspect_besides_is_held():
    honest = [signal(number) for number in range(100)]
    thrown = [signal(100 + number, is_disposable=True) for number in range(3)]
    assert found([*honest, *thrown]) == dict.fromkeys([100, 101, 102], "disposable_domain")


@pytest.mark.parametrize(("count", "held"), [(100, 0), (101, 101)])
def test_a_domain_of_its_own_may_bring_a_hundred_an_hour(count, held):
    signals = [signal(number, minute=number / 10, domain="own", is_common=False) for number in range(count)]
    assert found(signals) == dict.fromkeys(range(held), "one_domain")


def test_a_large_provider_may_bring_any_number():
    assert found([signal(number, minute=number / 10, domain="common") for number in range(300)]) == {}


@pytest.mark.parametrize(("count", "others", "held"), [(10, 0, 0), (11, 0, 11), (11, 98, 11), (11, 99, 0)])
def test_a_pattern_has_to_be_more_than_chance_gives(count, others, held):
    series = [signal(number, patterns=("stem", f"prefix {number}")) for number in range(count)]
    rest = [signal(1000 + number, patterns=(f"prefix {number}",)) for number in range(others)]
    assert found([*series, *rest]) == dict.fromkeys(range(held), "one_pattern")


def test_what_one_burst_shares_is_told_apart_from_another():
    signals = [signal(number, patterns=(f"stem {number % 2}",)) for number in range(40)]
    shared = {one.shared for one in suspects(signals, {}, RULES).values()}
    assert shared == {"placestem 0", "placestem 1"}
