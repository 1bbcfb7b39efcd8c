"""Bursts are held, honest people behind the same network are not, and after three days nothing is known."""

import datetime
import sqlite3
from collections.abc import Iterator, Sequence

import pytest
import time_machine
from django.db import connection

from coalition.campaigns.appeals.actions.confirm import confirm_support, withdraw_support
from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.counting import change_of, count_of
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.providers import registrable_domain
from coalition.campaigns.appeals.signals import (
    forget_signals,
    hold_suspects,
    patterns_of,
    place_of,
    record_signal,
    settle_decided_holds,
)
from coalition.campaigns.models import AppealVersion, Hold, PlaceKey, Support, SupportSignal
from coalition.core.clock import now
from tests.campaigns.appeals.builders import PLACE, ask, support
from tests.campaigns.appeals.crowds import FIRST, KINDS, LAST, honest, stuffed
from tests.campaigns.appeals.factories import open_appeal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
NAMES = [[f"{first}.{last}" for first in FIRST[:30]] for last in LAST[:4]]  # of four networks
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def thrown_away(settings) -> None:
    settings.SUPPORT_DISPOSABLE_DOMAINS = frozenset({"throw-away.example"})


@pytest.fixture
def version() -> AppealVersion:
    return open_appeal()


def crowd(version: AppealVersion, addresses: list[str], *, place: str = PLACE) -> list[Support]:
    """Unconfirmed supports with their signals, as many asked them within this minute. Without mails."""
    rows = [
        SUPPORT.new(address=one, language="en", appeal=version.appeal, version=version, region="KZ-75")
        for one in addresses
    ]
    rows = Support.objects.bulk_create(rows)
    for row, address in zip(rows, addresses, strict=True):
        record_signal(support=row, address=address, name="", place=place)
    return rows


def place_of_newest() -> str:
    return SupportSignal.objects.latest("pk").place_print


def held(rows: list[Support]) -> int:
    keys = [row.pk for row in rows]
    return Support.objects.filter(pk__in=keys, hold__isnull=False).count()


def stuffing(version: AppealVersion, count: int, *, kinds: Sequence[str] = KINDS) -> tuple[int, int]:
    """Return how many of so many stuffed ones are held, and of 400 honest ones behind the same address."""
    people = crowd(version, honest(400))
    programs = crowd(version, list(stuffed(count, kinds=kinds)))
    hold_suspects()
    return held(programs), held(people)


def test_stuffing_is_held_and_the_honest_behind_the_same_address_are_not(version):
    programs, people = stuffing(version, 1_000)
    assert programs >= 990
    assert people <= 4


@pytest.mark.slow
def test_ten_thousand_stuffed_are_held_and_the_honest_are_not(version):
    programs, people = stuffing(version, 10_000)
    assert programs >= 9_900
    assert people <= 4


@pytest.mark.parametrize("kind", KINDS)
def test_stuffing_of_one_kind_is_held_and_the_honest_are_not(version, kind):
    programs, people = stuffing(version, 400, kinds=[kind])
    assert programs >= 396
    assert people <= 4


def test_a_series_of_common_names_takes_few_of_those_who_have_them_along(version):
    """Honest people at the same provider, with one of twelve names and digits, look like the series."""
    programs, people = stuffing(version, 400, kinds=["common names"])
    assert programs >= 396
    assert people <= 8


@pytest.mark.parametrize("count", [100, 1_000])
def test_honest_people_behind_one_carrier_are_not_held(version, count):
    people = crowd(version, honest(count, seed=3))
    hold_suspects()
    assert held(people) <= count // 100


def test_invented_askings_from_elsewhere_hold_nobody_of_a_domain(version):
    """101 addresses of a university that somebody typed, and thirty students of one campus."""
    crowd(version, [f"invented{number}@kaznu.example" for number in range(101)], place="198.51.100.0/24")
    for name in FIRST[:30]:
        ask(version, f"{name}@kaznu.example")
    hold_suspects()
    assert not Support.objects.filter(hold__isnull=False, signals__place_print=place_of_newest()).exists()


def test_asking_again_and_again_makes_nobody_suspect(version):
    for _time in range(12):
        ask(version, "supporter1@mail.ru")
    hold_suspects()
    assert not Hold.objects.exists()


def test_a_domain_is_suspect_by_those_who_confirmed_from_anywhere(version):
    """A catch-all domain that comes from many networks, from each a few."""
    for network in range(4):
        rows = crowd(version, [f"{name}@catch-all.example" for name in NAMES[network]], place=f"{network}")
        Support.objects.filter(pk__in=[row.pk for row in rows]).update(state=SupportState.COUNTED)
    hold_suspects()
    assert {one.rule for one in Hold.objects.all()} == {"one_domain"}
    assert Support.objects.filter(state=SupportState.HELD).count() == 120


def test_rows_that_came_after_a_vote_are_under_a_hold_of_their_own(version):
    crowd(version, [f"a{number}@throw-away.example" for number in range(7)])
    hold_suspects()
    voted = Hold.objects.get()
    voted.decisions.create(organisation=version.appeal.organisation, releases=True, at=now())
    for address in ("late", "later"):
        crowd(version, [f"{address}@throw-away.example"])
        hold_suspects()
    other = Hold.objects.exclude(pk=voted.pk).get()
    assert (voted.supports.count(), other.supports.count()) == (7, 2)


def test_a_row_that_was_counted_while_its_hold_was_made_is_held_after_all(version):
    rows = crowd(version, [f"a{number}@throw-away.example" for number in range(7)])
    hold_suspects()
    Support.objects.filter(pk=rows[0].pk).update(state=SupportState.COUNTED)
    change_of(rows[0], 1).save()
    assert settle_decided_holds() == 1
    rows[0].refresh_from_db()
    assert (rows[0].state, count_of(version)) == (SupportState.HELD, 0)
    assert settle_decided_holds() == 0


@pytest.fixture
def few_parameters() -> Iterator[None]:
    """A statement takes no more than 1,000 parameters, where the database can say so."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    limit = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
    before = connection.connection.setlimit(limit, 1_000)
    yield
    connection.connection.setlimit(limit, before)


def test_the_sweep_asks_in_parts_however_many_signals_there_are(version, few_parameters):
    crowd(version, [f"supporter{number}@mail.ru" for number in range(1_200)])
    assert hold_suspects() == 1_200


def test_the_first_of_a_burst_are_held_too_and_the_total_follows(version):
    first = support(version, "a1@throw-away.example")
    assert count_of(version) == 1
    for number in range(2, 8):
        ask(version, f"a{number}@throw-away.example")
    hold_suspects()
    first.refresh_from_db()
    assert (first.state, count_of(version)) == (SupportState.HELD, 0)
    hold = Hold.objects.get()
    assert (hold.rule, hold.reason["rows"], hold.state) == ("disposable_domain", 7, HoldState.WAITING)
    hold_suspects()
    assert Hold.objects.count() == 1
    last = confirm_support(token=SUPPORT.token(Support.objects.latest("pk")))
    assert (last.state, count_of(version)) == (SupportState.HELD, 0)


def test_later_rows_of_a_burst_come_under_the_same_hold_until_it_is_decided(version):
    crowd(version, [f"a{number}@throw-away.example" for number in range(7)])
    hold_suspects()
    crowd(version, ["late@throw-away.example"])
    hold_suspects()
    assert Hold.objects.count() == 1
    hold = Hold.objects.get()
    assert hold.reason["rows"] == 8
    hold.state, hold.decided_at = HoldState.RELEASED, now()
    hold.save()
    crowd(version, ["later@throw-away.example"])
    hold_suspects()
    assert Hold.objects.count() == 2


def test_nobody_can_make_the_support_of_others_suspect(version):
    row = support(version, "aru@throw-away.example", place="198.51.100.0/24")
    waiting = ask(version, "waits@throw-away.example", place="198.51.100.0/24")
    for address in ("aru", "waits", *"abcdefgh"):
        ask(version, f"{address}@throw-away.example")
    hold_suspects()
    row.refresh_from_db()
    assert row.hold_id is None
    assert confirm_support(token=waiting).state == SupportState.COUNTED
    assert Support.objects.filter(hold__isnull=False).count() == 8


def test_who_confirms_while_a_hold_is_decided_is_not_forgotten(version):
    rows = crowd(version, [f"a{number}@throw-away.example" for number in range(7)])
    hold_suspects()
    confirm_support(token=SUPPORT.token(rows[0]))
    hold = Hold.objects.get()
    Hold.objects.update(state=HoldState.RELEASED, decided_at=now())
    assert settle_decided_holds() == 1
    assert settle_decided_holds() == 0
    assert count_of(version) == 1
    assert set_states(hold=hold, counted=False) == 1
    assert count_of(version) == 0


def test_a_burst_is_seen_within_the_hour_only(version):
    with time_machine.travel(NOON, tick=False):
        crowd(version, [f"a{number}@throw-away.example" for number in range(7)])
    with time_machine.travel(NOON + datetime.timedelta(hours=2), tick=False):
        assert hold_suspects() == 0


def test_after_three_days_no_hash_of_a_network_is_left_and_no_key(version):
    with time_machine.travel(NOON, tick=False):
        crowd(version, [f"a{number}@throw-away.example" for number in range(7)])
        hold_suspects()
    with time_machine.travel(NOON + datetime.timedelta(hours=71), tick=False):
        forget_signals()
        assert (SupportSignal.objects.count(), PlaceKey.objects.count()) == (7, 1)
    with time_machine.travel(NOON + datetime.timedelta(hours=97), tick=False):
        assert forget_signals() > 0
        assert (SupportSignal.objects.count(), PlaceKey.objects.count()) == (0, 0)
        assert Hold.objects.get().burst == ""
        assert Support.objects.filter(hold__isnull=False).count() == 7
        assert forget_signals() == 0


def test_hashes_of_two_days_have_nothing_in_common(version):
    for day in range(2):
        with time_machine.travel(NOON + datetime.timedelta(days=day), tick=False):
            crowd(version, [f"aru{day}@mail.example"])
    first, second = SupportSignal.objects.all()
    assert first.place_print != second.place_print
    assert first.domain_print != second.domain_print
    key_of_first = PlaceKey.objects.first()
    assert len(key_of_first.key) == 64


def test_signals_hold_neither_address_nor_network(version):
    ask(version, "canary.person@canary.example", name="Canary", is_listed=True)
    row = SupportSignal.objects.values().get()
    assert row["at"].second == 0
    told = repr({name: value for name, value in row.items() if name != "at"}).lower()
    assert "canary" not in told
    assert "203.0.113" not in told


def test_who_withdraws_is_nowhere_in_the_signals(version):
    row = support(version)
    withdraw_support(token=SUPPORT.token(row))
    assert SupportSignal.objects.get().support_id is None


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_what_counts_as_one_network(ip, place):
    assert place_of(ip) == place


@pytest.mark.parametrize(
    ("address", "name", "patterns"),
    [
        ("supporter0041@mail.ru", "", {"stem": "supporter#@mail.ru", "prefix": "suppor@mail.ru"}),
        ("supporter0041@one.example", "", {"stem": "supporter#@", "prefix": "suppor@"}),
        ("aru@mail.ru", "", {}),
        ("a1b2@mail.ru", "Aru  123", {"stem": "a#b#@mail.ru", "name": "aru #"}),
        ("айгүл.ә@mail.ru", " Айгүл ", {"prefix": "айгүл.@mail.ru", "name": "айгүл"}),
    ],
)
def test_what_a_series_has_in_common(address, name, patterns):
    local, _at, domain = address.partition("@")
    assert patterns_of(local, domain, name) == patterns


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("mail.example", "mail.example"),
        ("a.b.evil.example", "evil.example"),
        ("kaznu.edu.kz", "kaznu.edu.kz"),
        ("students.kaznu.edu.kz", "kaznu.edu.kz"),
        ("edu.kz", "edu.kz"),
        ("a.b.co.uk", "b.co.uk"),
        ("a.com.example", "com.example"),
        ("xn--80a.xn--80ao21a", "xn--80a.xn--80ao21a"),
        ("localhost", "localhost"),
    ],
)
def test_which_part_of_a_domain_was_registered(domain, registered):
    assert registrable_domain(domain) == registered
