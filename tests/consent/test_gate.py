"""The gate of consent: what it lets through, and at what cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.consent.actions.roles import end_consent_role
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import ConsentRoleKind, Place
from coalition.consent.gate import ConsentGate, may_show, showing_nothing
from coalition.consent.items import ShownItem
from coalition.consent.models import ConsentItem, ConsentUse, active_roles
from coalition.core.clock import now
from tests.consent.builders import (
    agree_to,
    caseworker_of,
    consent_asked,
    put_under_consent,
    shown_under_consent,
)
from tests.consent.conftest import WORDS, thing

pytestmark = pytest.mark.django_db


def test_item_without_consent_passes() -> None:
    assert may_show(thing("1"), Place.SITE, "kk")


def test_nothing_is_shown_before_she_agreed() -> None:
    put_under_consent(consent_asked(), "thing", "1")
    assert not may_show(thing("1"), Place.SITE, "kk")


def test_agreed_use_is_shown_in_its_place_and_language_only() -> None:
    item = put_under_consent(consent_asked(), "thing", "1", places=[Place.SITE], languages=["kk"])
    agree_to(item)
    assert may_show(thing("1"), Place.SITE, "kk")
    assert not may_show(thing("1"), Place.SITE, "ru")
    assert not may_show(thing("1"), Place.PACKAGE, "kk")


def test_use_waits_48_hours_to_the_minute() -> None:
    item = put_under_consent(consent_asked(), "thing", "1")
    agree_to(item, days_ago=0)
    asked = ConsentUse.objects.filter(item=item).first().asked_at
    wait = datetime.timedelta(hours=48)
    early = asked + wait - datetime.timedelta(minutes=1)
    assert not may_show(thing("1"), Place.SITE, "kk", early)
    assert may_show(thing("1"), Place.SITE, "kk", asked + wait)


def test_changed_caption_closes_the_gate() -> None:
    shown_under_consent(consent_asked(), "thing", "1")
    assert may_show(thing("1"), Place.SITE, "kk")
    WORDS["1"] = "another caption"
    assert not may_show(thing("1"), Place.SITE, "kk")


def test_withdrawal_closes_the_gate_for_copies_too() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    copy = ShownItem("copy", "7", sha256="hash-1", words=("a caption of its own",))
    assert may_show(copy, Place.SITE, "kk")
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    gate = ConsentGate(Place.SITE, "kk")
    assert not gate.may_show(thing("1"))
    assert not gate.may_show(copy)
    assert gate.blocked_keys("thing") == {"1"}
    assert gate.blocked_hashes() == {"hash-1"}


def test_expiry_missed_review_and_lost_caseworker_fail_closed() -> None:
    consent = consent_asked(until=localdate(now()) + datetime.timedelta(days=30))
    shown_under_consent(consent, "thing", "1")
    day = datetime.timedelta(days=1)
    assert may_show(thing("1"), Place.SITE, "kk", now() + 29 * day)
    assert not may_show(thing("1"), Place.SITE, "kk", now() + 31 * day)
    long = consent_asked(consent.organisation)
    shown_under_consent(long, "thing", "2")
    assert may_show(thing("2"), Place.SITE, "kk", now() + 360 * day)
    assert not may_show(thing("2"), Place.SITE, "kk", now() + 363 * day)
    role = active_roles(ConsentRoleKind.CASEWORKER).get()
    end_consent_role(by=role.person, role=role)
    assert not may_show(thing("2"), Place.SITE, "kk")


def test_item_of_two_people_needs_both() -> None:
    first, second = consent_asked(), consent_asked()
    shown_under_consent(first, "thing", "1")
    other = put_under_consent(second, "thing", "1")
    assert not may_show(thing("1"), Place.SITE, "kk")
    agree_to(other)
    assert may_show(thing("1"), Place.SITE, "kk")


def test_another_consent_on_the_same_bytes_counts() -> None:
    first, second = consent_asked(), consent_asked()
    shown_under_consent(first, "thing", "1")
    other = shown_under_consent(second, "thing", "2")
    ConsentItem.objects.filter(pk=other.pk).update(sha256="hash-1")
    assert may_show(thing("1"), Place.SITE, "kk")
    withdraw_consent(by=caseworker_of(second.organisation), consent=second)
    assert not may_show(thing("1"), Place.SITE, "kk")


def test_copies_that_cannot_be_called_back_get_nothing() -> None:
    shown_under_consent(consent_asked(), "thing", "1")
    with showing_nothing():
        assert not may_show(thing("1"), Place.SITE, "kk")
        assert may_show(thing("2"), Place.SITE, "kk")


@pytest.mark.parametrize("count", [1, 3])
def test_gate_costs_one_query_for_any_number_of_items(count: int) -> None:
    consent = consent_asked()
    for number in range(count):
        shown_under_consent(consent, "thing", str(number))
    gate = ConsentGate(Place.SITE, "kk", now())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert all(gate.may_show(thing(str(number))) for number in range(count))
    assert len(queries) == 1
