"""Consent as a state machine: ask, wait, use, change, review, narrow, widen, withdraw, expire; beside the
database a plain memory of what she said and when. After each step the gate agrees with the memory."""

import datetime
from contextlib import ExitStack, suppress

import pytest
from django.db import transaction
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from coalition.accounts.models import Language
from coalition.consent.actions.records import Scope, widen_consent
from coalition.consent.actions.uses import record_answer, record_question
from coalition.consent.actions.withdraw import narrow_consent, review_consent, withdraw_consent
from coalition.consent.enums import Form, Place
from coalition.consent.gate import ZONE, ConsentGate
from coalition.consent.models import ConsentUse
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent
from tests.consent.conftest import WORDS, thing

WAIT = datetime.timedelta(hours=48)
PAIRS = [(Place.SITE, "kk"), (Place.SITE, "ru"), (Place.PACKAGE, "kk")]
PAIR = st.sampled_from(PAIRS)
KEYS = ["1", "2"]
KEY = st.sampled_from(KEYS)
SEEN: set[bool] = set()


class Consents(RuleBasedStateMachine):
    """One record with two items. `allowed`: pair → when she was asked about the scope; `asked`, `agreed`:
    (key, pair) → when, and to which words."""

    @initialize(days=st.sampled_from([800, 100]))
    def begin(self, days: int) -> None:
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        WORDS.clear()
        self.moment = now()
        self.clock = self.stack.enter_context(ExitStack())
        self.clock.enter_context(freeze_clock_at(self.moment))
        self.until = self.moment.astimezone(ZONE).date() + datetime.timedelta(days=days)
        self.consent = consent_asked(days_ago=0, scopes=[_scope(PAIRS[0])], until=self.until)
        self.by = caseworker_of(self.consent.organisation)
        self.allowed = {PAIRS[0]: self.moment}
        self.asked: dict[tuple[str, tuple[Place, str]], datetime.datetime] = {}
        self.agreed: dict[tuple[str, tuple[Place, str]], str] = {}
        self.review_on = _year_later(self.moment)
        self.ended: set[tuple[str, tuple[Place, str]]] = set()
        self.withdrawn = False
        for key in KEYS:
            item = put_under_consent(
                self.consent, "thing", key, places=[Place.SITE, Place.PACKAGE], languages=["kk", "ru"]
            )
            item.uses.filter(place=Place.PACKAGE, language="ru").delete()
        self.obtain(KEYS[0], PAIRS[0])

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            transaction.set_rollback(True)
            self.stack.close()

    @rule(key=KEY, pair=PAIR)
    def obtain(self, key: str, pair: tuple[Place, str]) -> None:
        """The usual way, without which the rest seldom has anything to end."""
        self.widen(pair)
        self.ask(key, pair)
        self.agree(key, pair)
        self.wait(48)

    @rule(hours=st.sampled_from([24 * 370, 1, 48, 24 * 40]))
    def wait(self, hours: int) -> None:
        self.moment += datetime.timedelta(hours=hours)
        self.clock.close()
        self.clock.enter_context(freeze_clock_at(self.moment))

    @rule(key=KEY, pair=PAIR)
    def ask(self, key: str, pair: tuple[Place, str]) -> None:
        uses = self._uses(key, pair)
        with suppress(Refused):
            record_question(by=self.by, consent=self.consent, uses=uses)
            if self._is_running() and (key, pair) not in self.ended:
                self.asked[key, pair] = self.moment
                self.agreed.pop((key, pair), None)

    @rule(key=KEY, pair=PAIR)
    def agree(self, key: str, pair: tuple[Place, str]) -> None:
        with suppress(Refused):
            record_answer(by=self.by, consent=self.consent, uses=self._uses(key, pair), agrees=True)
            if (key, pair) not in self.ended:
                assert pair in self.allowed, "agreed to what her consent does not cover"
                assert (key, pair) in self.asked, "agreed without having been asked"
                self.agreed[key, pair] = thing(key).digest

    @rule(key=KEY, pair=PAIR)
    def decline(self, key: str, pair: tuple[Place, str]) -> None:
        with suppress(Refused):
            record_answer(by=self.by, consent=self.consent, uses=self._uses(key, pair), agrees=False)
            self._end(key, pair)

    @rule(key=KEY)
    def change_words(self, key: str) -> None:
        WORDS[key] = f"{WORDS.get(key, 'a caption')}, and more"

    @rule(pair=PAIR)
    def widen(self, pair: tuple[Place, str]) -> None:
        with suppress(Refused):
            widen_consent(by=self.by, consent=self.consent, scopes=[_scope(pair)])
            self.allowed[pair] = self.moment

    @rule(pair=PAIR)
    def narrow(self, pair: tuple[Place, str]) -> None:
        place, language = pair
        with suppress(Refused):
            scopes = self.consent.scopes.filter(place=place, language=language)
            narrow_consent(by=self.by, consent=self.consent, scopes=scopes)
            del self.allowed[pair]
            for key in KEYS:
                self._end(key, pair)

    @rule(keys=st.sets(KEY))
    def review(self, keys: set[str]) -> None:
        goes_on = ConsentUse.objects.filter(item__consent=self.consent, item__key__in=keys)
        with suppress(Refused):
            review_consent(
                by=self.by, consent=self.consent, goes_on=list(goes_on.values_list("uuid", flat=True))
            )
            self.review_on = _year_later(self.moment)
            for key, pair in list(self.agreed):
                if key not in keys:
                    self._end(key, pair)

    @rule(really=st.integers(0, 5))
    def withdraw(self, really: int) -> None:
        if really:  # the end of everything is tried seldom
            return
        with suppress(Refused):
            withdraw_consent(by=self.by, consent=self.consent)
            self.withdrawn = True

    @invariant()
    def gate_agrees_with_what_she_said(self) -> None:
        if not hasattr(self, "stack"):
            return
        for pair in PAIRS:
            gate = ConsentGate(pair[0], pair[1], self.moment)
            for key in KEYS:
                expected = self._may_show(key, pair)
                assert gate.may_show(thing(key)) == expected, (key, pair)
                SEEN.add(expected)

    def _may_show(self, key: str, pair: tuple[Place, str]) -> bool:
        today = self.moment.astimezone(ZONE).date()
        runs = not self.withdrawn and today <= self.until and today < self.review_on
        waited = pair in self.allowed and self.allowed[pair] + WAIT <= self.moment
        agreed = self.agreed.get((key, pair)) == thing(key).digest
        return runs and waited and agreed and self.asked[key, pair] + WAIT <= self.moment

    def _is_running(self) -> bool:
        return not self.withdrawn and self.moment.astimezone(ZONE).date() <= self.until

    def _end(self, key: str, pair: tuple[Place, str]) -> None:
        self.ended.add((key, pair))
        self.agreed.pop((key, pair), None)

    def _uses(self, key: str, pair: tuple[Place, str]) -> list[ConsentUse]:
        rows = ConsentUse.objects.filter(item__consent=self.consent, item__key=key)
        return list(rows.filter(place=pair[0], language=pair[1]))


def _scope(pair: tuple[Place, str]) -> Scope:
    return Scope(Form.FACE, pair[0], Language(pair[1]))


def _year_later(moment: datetime.datetime) -> datetime.date:
    day = moment.astimezone(ZONE).date()
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_gate_shows_what_she_agreed_to_and_nothing_else() -> None:
    run_state_machine_as_test(
        Consents,
        settings=settings(max_examples=20, stateful_step_count=25, phases=[Phase.generate]),
    )
    assert {True, False} == SEEN


@pytest.mark.django_db
def test_the_gate_agrees_on_a_walk_through_every_state() -> None:
    """Chance reaches the late states seldom: this walk reaches each."""
    consents = Consents()
    consents.begin(800)
    first, second = PAIRS[:2]
    walk = [
        (consents.obtain, "2", first),
        (consents.change_words, "1"),
        (consents.ask, "1", first),
        (consents.agree, "1", first),
        (consents.wait, 47),
        (consents.wait, 1),
        (consents.obtain, "1", second),
        (consents.decline, "2", first),
        (consents.wait, 24 * 370),
        (consents.review, {"1"}),
        (consents.narrow, second),
        (consents.widen, second),
        (consents.wait, 24 * 340),
        (consents.review, {"1"}),
        (consents.wait, 24 * 40),
        (consents.wait, 24 * 370),
    ]
    said = []
    for act, *given in walk:
        act(*given)
        consents.gate_agrees_with_what_she_said()
        said.append(consents._may_show("1", first))
    consents.teardown()
    assert said == [*[True], *[False] * 4, *[True] * 3, False, *[True] * 6, False]
