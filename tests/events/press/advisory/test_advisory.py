"""The advisory that is made of an event: a draft in three languages, of public words alone."""

import pytest
import time_machine
from django.urls import reverse

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import TextKind
from documents.models import Draft
from events.press.actions import make_advisory
from events.press.registration.actions import open_to_press
from events.production.safety.actions import write_safety_plan
from events.production.speakers.actions import add_speaker, answer_as_speaker
from tests.events.planning.builders import planned, press_conference, stage
from tests.events.press.builders import make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def words(draft: Draft, language: str) -> str:
    text = draft.texts.get(language=language)
    return f"{text.title}\n{text.lead}\n{text.body}"


def test_it_says_when_where_who_and_how_in_three_languages(here, event, client_of) -> None:
    access = here.access("coordinator")
    open_to_press(access=access, event=event, places=9, per_outlet=9)
    make_officer(here, "coordinator")
    speaker = add_speaker(
        access=access,
        event=event,
        name="Inside",
        address="s@s.example",
        writes_in="kk",
    )
    silent = {"name": "Canarysilent", "address": "c@s.example", "writes_in": "kk"}
    add_speaker(access=access, event=event, **silent)
    agreed = {"named": True, "pictured": False, "recorded": False, "name": "Public Name", "role": "Lawyer"}
    answer_as_speaker(speaker=speaker, **agreed)
    answer = client_of(here.user("coordinator")).post(reverse("events:advisory", args=[event.uuid]))
    draft = Draft.objects.get()
    assert answer["Location"] == reverse("documents:draft", args=[draft.uuid])
    event.refresh_from_db()
    assert (event.draft, draft.kind) == (draft, TextKind.ADVISORY)
    for language, place in (("kk", "Abai 10, kk"), ("ru", "Abai 10, ru"), ("en", "Abai 10, en")):
        said = words(draft, language)
        assert place in said
        assert "Public Name, Lawyer" in said
        assert f"/{language}/events/{event.slug}/press/" in said
        assert here.user("coordinator").email in said
        assert "Canary" not in said
    assert "When: " in words(draft, "en")
    assert "11:00" in words(draft, "ru")


def test_an_address_for_the_confirmed_is_not_in_it(here, event) -> None:
    access = here.access("coordinator")
    write_safety_plan(access=access, event=event, address_for_confirmed=True)
    draft = make_advisory(access=access, event=event)
    assert "Abai" not in "".join(words(draft, code) for code in ("kk", "ru", "en"))
    assert "Almaty" in words(draft, "en")


def test_a_restricted_event_gives_a_restricted_draft(here) -> None:
    access = here.access("coordinator")
    event = planned(access, restricted_to=(access.organisation,))
    draft = make_advisory(access=access, event=event)
    assert draft.restricted
    assert list(draft.restricted_to.all()) == [access.organisation]


def test_one_text_belongs_to_an_event(here, event) -> None:
    make_advisory(access=here.access(), event=event)
    with pytest.raises(Refused):
        make_advisory(access=here.access(), event=event)
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_only_those_who_change_the_event_make_it(here, event, role) -> None:
    with pytest.raises(NotAllowed):
        make_advisory(access=here.access(role), event=event)
    assert not Draft.objects.exists()
