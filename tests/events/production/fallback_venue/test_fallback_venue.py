"""Plan B: agreed on before, used with one press, and back as easily."""

import pytest
import time_machine
from django.urls import reverse

from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event, move_event, place_input_for
from events.core.actions.times import EventPlaceInput
from events.core.enums import EventState, GettingIn
from events.invitations.actions import GuestInput, invite_people
from events.models import Event, FallbackVenue
from events.production.fallback_venue.actions import move_to_fallback_venue, set_fallback_venue
from tests.events.planning.builders import planned, press_conference, stage

pytestmark = pytest.mark.django_db
WORDS = {
    "kk": {"place": "Қосалқы зал", "address": "Төле би 5", "access_notes": "Лифт бар"},
    "ru": {"place": "Запасной зал", "address": "Төле би, 5", "access_notes": "Есть лифт"},
}
HALL = {"words": WORDS, "place": EventPlaceInput(region="KZ-71"), "agreed": True, "note": "Call Aru"}


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-20 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def places(event) -> dict[str, str]:
    return {text.language: text.place for text in event.texts.all()}


def test_one_press_moves_it_tells_everyone_and_the_way_back_is_kept(here, event) -> None:
    guest = GuestInput("guest@tests.example", "Guest", "ru")
    invite_people(access=here.access(), event=event, guests=[guest])
    before, sequence = places(event), Event.objects.get(pk=event.pk).sequence
    set_fallback_venue(access=here.access(), event=event, **HALL)
    assert Event.objects.get(pk=event.pk).sequence == sequence  # nobody is told of the plan
    mails = OutboxMail.objects.count()
    moved = move_to_fallback_venue(access=here.access(), event=event)
    assert moved.state == EventState.MOVED
    assert moved.sequence == sequence + 1
    assert moved.region == "KZ-71"
    assert places(moved) == {"kk": "Қосалқы зал", "ru": "Запасной зал", "en": "Қосалқы зал"}
    assert Notification.objects.filter(kind="event_moved", person=here.user("contributor")).exists()
    assert OutboxMail.objects.count() > mails
    kept = FallbackVenue.objects.get()
    assert kept.words["kk"]["place"] == before["kk"]
    assert not kept.agreed
    back = move_to_fallback_venue(access=here.access(), event=event)
    assert places(back) == before
    assert back.sequence == sequence + 2


def test_the_whole_venue_is_exchanged(here, event) -> None:
    old = EventPlaceInput("KZ-75", "https://maps.example/old", GettingIn.STEP_FREE, "https://t.kz/old")
    new = EventPlaceInput("KZ-71", "https://maps.example/new", GettingIn.STEPS, "https://t.kz/new")
    move_event(access=here.access(), event=event, place=old)
    set_fallback_venue(access=here.access(), event=event, words=WORDS, place=new)
    moved = move_to_fallback_venue(access=here.access(), event=event)
    moved.refresh_from_db()
    assert place_input_for(moved) == new
    assert place_input_for(FallbackVenue.objects.get()) == old


def test_the_titles_stay_as_they_are(here, event) -> None:
    titles = {text.language: text.title for text in event.texts.all()}
    set_fallback_venue(access=here.access(), event=event, **HALL)
    moved = move_to_fallback_venue(access=here.access(), event=event)
    assert {text.language: text.title for text in moved.texts.all()} == titles


def test_it_needs_a_place_or_a_link(here, event) -> None:
    with pytest.raises(Refused):
        set_fallback_venue(access=here.access(), event=event, words={}, place=EventPlaceInput())
    online = {"words": {}, "place": EventPlaceInput(online_link="https://t.kz/x")}
    assert set_fallback_venue(access=here.access(), event=event, **online).online_link


def test_there_is_none_to_press_before_it_is_said_or_told_or_after_the_end(here, event) -> None:
    with pytest.raises(Refused):
        move_to_fallback_venue(access=here.access(), event=event)
    untold = planned(here.access(), title="Untold")
    set_fallback_venue(access=here.access(), event=untold, **HALL)
    with pytest.raises(Refused):
        move_to_fallback_venue(access=here.access(), event=untold)
    set_fallback_venue(access=here.access(), event=event, **HALL)
    cancel_event(access=here.access("coordinator"), event=event)
    with pytest.raises(Refused):
        move_to_fallback_venue(access=here.access(), event=event)
    assert FallbackVenue.objects.get(event=event).used_at is None


@pytest.mark.parametrize("name", ["observer", "reviewer", "contributor"])
def test_whoever_may_not_plan_does_neither(here, event, name) -> None:
    set_fallback_venue(access=here.access(), event=event, **HALL)
    with pytest.raises(NotAllowed):
        set_fallback_venue(access=here.access(name), event=event, **HALL)
    with pytest.raises(NotAllowed):
        move_to_fallback_venue(access=here.access(name), event=event)


def test_the_page_shows_it_to_those_who_prepare_alone(here, event, client_of) -> None:
    client = client_of(here.user())
    sent = {f"{word}_{code}": words for code, said in WORDS.items() for word, words in said.items()}
    sent |= {"region": "KZ-71", "step_free": "unknown", "agreed": "on", "note": "Call Aru"}
    client.post(reverse("events:second_place", args=[event.uuid]), sent)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "Қосалқы зал" in page
    assert "Its hosts have agreed" in page
    assert "Call Aru" in client_of(here.user("contributor")).get(event.get_absolute_url()).content.decode()
    for address in (event.get_absolute_url(), reverse("events:second_place", args=[event.uuid])):
        answer = client_of(here.user("observer")).get(address).content.decode()
        assert "Call Aru" not in answer
        assert "Қосалқы зал" not in answer
    use = reverse("events:second_place_use", args=[event.uuid])
    assert client_of(here.user("contributor")).post(use).status_code == 403
    client.post(use)
    assert places(Event.objects.get(pk=event.pk))["kk"] == "Қосалқы зал"


def test_what_is_wrong_is_said_and_nothing_is_lost(here, event, client_of) -> None:
    sent = {"note": "Kept words", "step_free": "unknown", "map_link": "nowhere at all"}
    answer = client_of(here.user()).post(reverse("events:second_place", args=[event.uuid]), sent)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not FallbackVenue.objects.exists()
