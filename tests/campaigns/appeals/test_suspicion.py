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
            "mailbox": f"{number}",
            **given,
        }
    )


def found(signals: list[Signal]) -> dict[int, str]:
    confirmed = Counter(one.domain for one in signals if one.is_confirmed)
    return {pk: one.rule for pk, one in suspects(signals, confirmed, RULES).items()}


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


@pytest.mark.parametrize(
    ("kind", "count", "others", "held"),
    [
        ("stem", 10, 0, 0),
        ("stem", 11, 0, 11),
        ("stem", 11, 1_088, 11),
        ("stem", 11, 1_089, 0),
        ("prefix", 11, 538, 11),
        ("prefix", 11, 539, 0),
        ("name", 11, 208, 11),
        ("name", 11, 209, 0),
    ],
)
def test_a_pattern_has_to_be_more_than_chance_gives(kind, count, others, held):
    series = [signal(number, patterns=(f"{kind}:one", f"stem:{number}")) for number in range(count)]
    rest = [signal(10_000 + number, patterns=(f"prefix:{number}",)) for number in range(others)]
    assert found([*series, *rest]) == dict.fromkeys(range(held), "one_pattern")


def test_a_pattern_is_counted_in_people_and_not_in_askings():
    again = [signal(number, mailbox=f"{number % 10}", patterns=("stem:one",)) for number in range(60)]
    of_counted_mailboxes = [signal(100 + number, mailbox="", patterns=("stem:one",)) for number in range(60)]
    assert found([*again, *of_counted_mailboxes]) == {}


def test_a_large_series_does_not_hide_a_small_one():
    large = [signal(number, patterns=("stem:large",)) for number in range(5_000)]
    small = [signal(5_000 + number, patterns=("stem:small",)) for number in range(20)]
    assert found([*large, *small]) == dict.fromkeys(range(5_020), "one_pattern")


def test_people_are_not_held_with_a_series_for_how_they_begin():
    """What a series explains is no pattern of those who share its first letters only."""
    series = [signal(number, patterns=("stem:aru#", "prefix:aru")) for number in range(100)]
    people = [signal(100 + number, patterns=("prefix:aru",)) for number in range(10)]
    assert found([*series, *people]) == dict.fromkeys(range(100), "one_pattern")


@pytest.mark.parametrize(
    ("here", "elsewhere", "held"), [(101, 0, 101), (60, 60, 60), (60, 0, 0), (60, 40, 0)]
)
def test_a_domain_is_counted_here_and_elsewhere_if_confirmed(here, elsewhere, held):
    askings = [signal(number, domain="own", is_common=False) for number in range(here)]
    result = suspects(askings, {"own": elsewhere}, RULES)
    assert list(result) == list(range(held))


def test_confirmed_ones_of_the_network_are_counted_once():
    askings = [
        signal(number, domain="own", is_common=False, is_confirmed=number < 60) for number in range(100)
    ]
    assert suspects(askings, {"own": 60}, RULES) == {}


def test_what_one_burst_shares_is_told_apart_from_another():
    signals = [signal(number, patterns=(f"stem:{number % 2}",)) for number in range(40)]
    shared = {one.shared for one in suspects(signals, {}, RULES).values()}
    assert shared == {"placestem:0", "placestem:1"}
