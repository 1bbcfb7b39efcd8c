"""The table of rules that says how ready an event is."""

import pytest
import time_machine
from django.urls import reverse

from events.core.actions.proposal import EventPlaceInput
from events.core.enums import EventKind, GettingIn
from events.production.checklist import actions as checklist_actions
from events.production.fallback_venue import actions as fallback_venue_actions
from events.production.readiness.rules import RULES, EventPreparation, Level, readiness
from events.production.running_order import actions as running_order_actions
from events.production.running_order.actions import RunningItemInput
from tests.events.planning.builders import press_conference, stage

PRESS = EventKind.PRESS_CONFERENCE
WRONG = {
    "overdue": {"overdue": 2},
    "languages": {"missing_languages": ("Қазақша",)},
    "step-free": {"step_free": GettingIn.UNKNOWN},
    "access-notes": {"access_notes": False},
    "no-text": {"has_text": False, "text_is_public": False},
    "text-not-public": {"text_is_public": False},
    "interpreters": {"open_lines": frozenset({"interpreters"})},
    "safety": {"nobody_for": ("Steward",)},
    "photo-rule": {"has_photo_rule": False},
    "no-photo-seats": {"has_no_photo_seats": False},
    "speakers": {"unnamed_speakers": 1},
    "kit": {"kit_ready": False},
    "address-in-words": {"words_tell_address": True},
    "second-place": {"second_place": False},
    "second-place-agreed": {"second_agreed": False},
    "running-order": {"has_running_order": False},
    "overrun": {"overrun": "It is too long."},
    "late-items": {"late_items": 1},
    "no-works": {"kind": EventKind.EXHIBITION, "works": 0},
    "works-unallowed": {"works_unallowed": 1},
    "works-return": {"works_without_return": 1},
    "works-unseen": {"works_unseen": 1},
    "labels": {"unlabelled": ("Қазақша (1)",)},
    "careless": {"careless": True},
    "film": {"kind": EventKind.SCREENING, "film": False},
    "film-rights": {"kind": EventKind.SCREENING, "film_rights": False},
    "film-too-often": {"kind": EventKind.SCREENING, "film_too_often": True},
    "film-certificate": {"kind": EventKind.SCREENING, "film_certificate": False},
    "film-age": {"kind": EventKind.SCREENING, "film_age": False},
    "film-support": {"kind": EventKind.SCREENING, "film_support": False},
}


def codes(**given: object) -> list[str]:
    return [one.code for one in readiness(EventPreparation(**{"kind": PRESS, "days": 0, **given}))]


def test_every_rule_is_tried() -> None:
    assert set(WRONG) == {rule.code for rule in RULES}


def test_what_is_all_prepared_lacks_nothing() -> None:
    for kind in EventKind:
        assert codes(kind=kind) == []


@pytest.mark.parametrize("code", WRONG)
def test_each_rule_says_its_own_sentence_alone(code: str) -> None:
    [found] = readiness(EventPreparation(**{"kind": PRESS, "days": 0, **WRONG[code]}))
    assert found.code == code
    assert str(found.words)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.must_from >= 0], ids=lambda rule: rule.code)
def test_close_to_the_day_it_must_be_done(rule) -> None:
    [near] = readiness(EventPreparation(**{"kind": PRESS, "days": rule.must_from, **WRONG[rule.code]}))
    [far] = readiness(EventPreparation(**{"kind": PRESS, "days": rule.must_from + 1, **WRONG[rule.code]}))
    assert (near.level, far.level) == (Level.MUST, Level.SHOULD)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.within < 400], ids=lambda rule: rule.code)
def test_what_matters_late_is_not_said_early(rule) -> None:
    assert codes(days=rule.within, **WRONG[rule.code]) == [rule.code]
    assert codes(days=rule.within + 1, **WRONG[rule.code]) == []


def test_what_must_be_done_stands_first() -> None:
    found = readiness(EventPreparation(kind=PRESS, days=3, access_notes=False, second_place=False))
    assert [one.level for one in found] == [Level.MUST, Level.SHOULD]


def test_a_meeting_needs_no_second_place() -> None:
    assert codes(kind=EventKind.MEETING, second_place=False, has_running_order=False) == []


@pytest.mark.django_db
def test_the_page_says_it_to_those_who_prepare_and_it_goes_when_it_is_done(client_of) -> None:
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        here = stage()
        event = press_conference(here.access("coordinator"))
        client = client_of(here.user())
        page = client.get(event.get_absolute_url()).content.decode()
        sentences = [
            "There is no running order yet.",
            "There is no second place in case this one falls through.",
        ]
        assert all(sentence in page for sentence in sentences)
        assert reverse("events:second_place", args=[event.uuid]) in page
        observer = client_of(here.user("observer")).get(event.get_absolute_url()).content.decode()
        assert not any(sentence in observer for sentence in sentences)
        running_order_actions.add_running_item(
            access=here.access(), event=event, item=RunningItemInput(title={"kk": "Есік"}, minutes=5)
        )
        second = fallback_venue_actions.FallbackVenueInput(
            words={"kk": {"place": "Зал"}}, place=EventPlaceInput(), agreed=True
        )
        fallback_venue_actions.set_fallback_venue(access=here.access(), event=event, second=second)
        page = client.get(event.get_absolute_url()).content.decode()
        assert not any(sentence in page for sentence in sentences)
        checklist_actions.begin_checklist(access=here.access(), event=event)
        page = client.get(event.get_absolute_url()).content.decode()
        assert "lines of the checklist are overdue." in page
