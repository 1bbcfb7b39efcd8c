"""Gates that a request shares: one query for all languages of a place."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate
from coalition.consent.shared_gates import gate_for, gates_of, sharing_gates
from tests.consent.builders import caseworker_of, consent_asked, shown_under_consent
from tests.consent.conftest import thing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_request_asks_once_for_all_languages(count: int) -> None:
    consent = consent_asked()
    for number in range(count):
        shown_under_consent(consent, "thing", str(number), languages=["kk", "ru"])
    with CaptureQueriesContext(connection) as queries, sharing_gates():
        for code, passes in (("kk", True), ("ru", True), ("en", False)):
            assert gate_for(Place.SITE, code).may_show(thing("0")) is passes
    assert len(queries) == 1


def test_gates_are_new_outside_of_a_request_and_in_the_next_one() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    with sharing_gates():
        assert gate_for(Place.SITE, "kk").may_show(thing("1"))
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    assert not gate_for(Place.SITE, "kk").may_show(thing("1"))
    with sharing_gates():
        assert gate_for(Place.SITE, "kk").blocked_keys("thing") == {"1"}


def test_shared_gate_says_what_a_single_one_says() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1", places=[Place.SITE], languages=["ru"])
    for place in Place:
        for code, gate in gates_of(place).by_language.items():
            single = ConsentGate(place, code)
            assert gate.may_show(thing("1")) == single.may_show(thing("1")), (place, code)
            assert gate.blocked_hashes() == single.blocked_hashes()
