"""The table of rules that says how ready an event is."""

import pytest
import time_machine
from django.urls import reverse

from events.core.actions.times import EventPlaceInput
from events.core.enums import EventKind
from events.production.checklist import actions as checklist_actions
from events.production.fallback_venue import actions as fallback_venue_actions
from events.production.readiness.rules import RULES, gaps_of, readiness
from events.production.running_order import actions as running_order_actions
from tests.events.planning.builders import press_conference, stage

GAPS = {rule.code: True for rule in RULES} | {
    **dict.fromkeys(
        ("overdue", "speakers", "late-items", "works-unallowed", "works-return", "works-unseen"), 2
    ),
    **dict.fromkeys(("languages", "safety", "labels"), ("Қазақша",)),
    "overrun": "It is too long.",
}


def test_without_a_gap_nothing_is_said() -> None:
    assert readiness({}, 0) == []
    assert readiness({"languages": [], "overdue": 0, "film": False}, 0) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_says_its_own_sentence_alone(rule) -> None:
    [(_is_must, found, words)] = readiness({rule.code: GAPS[rule.code]}, 0)
    assert found is rule
    assert words
    assert "%" not in words


def test_names_and_numbers_stand_in_the_sentence() -> None:
    [overdue, safety, overrun] = readiness({code: GAPS[code] for code in ("safety", "overdue", "overrun")}, 0)
    assert "2 lines" in overdue[2]
    assert "Қазақша" in safety[2]
    assert overrun[2] == "It is too long."


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.must_from >= 0], ids=lambda rule: rule.code)
def test_close_to_the_day_it_must_be_done(rule) -> None:
    gaps = {rule.code: GAPS[rule.code]}
    assert readiness(gaps, rule.must_from)[0][0]
    assert not readiness(gaps, rule.must_from + 1)[0][0]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.within < 400], ids=lambda rule: rule.code)
def test_what_matters_late_is_not_said_early(rule) -> None:
    gaps = {rule.code: GAPS[rule.code]}
    assert [one.code for _is_must, one, _words in readiness(gaps, rule.within)] == [rule.code]
    assert readiness(gaps, rule.within + 1) == []


def test_what_must_be_done_stands_first() -> None:
    found = readiness({"access-notes": True, "second-place": True}, 3)
    assert [is_must for is_must, _rule, _words in found] == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", EventKind)
def test_every_gap_has_a_rule_and_a_press_conference_needs_most(kind) -> None:
    event = press_conference(stage().access("coordinator"))
    event.kind = kind
    gaps = gaps_of(event, None, None, 0)
    assert set(gaps) <= {rule.code for rule in RULES}
    is_press = kind == EventKind.PRESS_CONFERENCE
    assert [gaps[code] for code in ("no-text", "second-place", "running-order")] == [is_press] * 3
    assert gaps.get("no-works", False) == (kind == EventKind.EXHIBITION)
    assert gaps.get("film", False) == (kind == EventKind.SCREENING)


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
            access=here.access(), event=event, title={"kk": "Есік"}, minutes=5
        )
        second = {"words": {"kk": {"place": "Зал"}}, "place": EventPlaceInput(), "agreed": True}
        fallback_venue_actions.set_fallback_venue(access=here.access(), event=event, **second)
        page = client.get(event.get_absolute_url()).content.decode()
        assert not any(sentence in page for sentence in sentences)
        checklist_actions.begin_checklist(access=here.access(), event=event)
        page = client.get(event.get_absolute_url()).content.decode()
        assert "lines of the checklist are overdue." in page
