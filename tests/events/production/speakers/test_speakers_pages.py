"""Speakers at an event: nobody is named before they agree, and what they take back is gone at once."""

import pytest
import time_machine
from django.core import mail as sent_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core.errors import Refused
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event
from events.core.enums import Visibility
from events.models import EventSpeaker
from events.production.speakers.actions import (
    add_speaker,
    answer_as_speaker,
    ask_speaker_again,
    event_speaker_token,
    forget_speakers,
    remove_speaker,
)
from tests.events.planning.builders import press_conference, stage

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")
YES = {"named": True, "pictured": True, "recorded": False, "name": "Canarypublic", "role": "Canaryrole"}
NO = {"named": False, "pictured": False, "recorded": False}


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


def asked(here, event, name: str = "Canaryinside") -> EventSpeaker:
    said = {
        "name": name,
        "address": "canary@speaker.example",
        "writes_in": "en",
        "role": "Canarywork",
        "topic": "Law",
    }
    return add_speaker(access=here.access(), event=event, **said)


def link_of(speaker) -> str:
    return reverse("event_speaker", args=[event_speaker_token(speaker)])


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def public_words(client, event) -> str:
    pages = [f"/{code}/events/{path}" for code in LANGUAGES for path in ("", f"{event.slug}/")]
    paths = ("/calendar.ics", f"/calendar/events/{event.uuid}.ics")
    feeds = [f"{path}?language={code}" for code in LANGUAGES for path in paths]
    return "".join(client.get(one).content.decode().replace("\r\n ", "") for one in (*pages, *feeds))


def test_a_speaker_is_asked_and_says_what_they_agree_to(here, event, client, client_of) -> None:
    desk = client_of(here.user())
    sent = {"name": "Canaryinside", "role": "Lawyer", "topic": "Article 123", "languages": ["kk", "ru"]}
    sent |= {"address": "s@speaker.example", "writes_in": "en"}
    assert desk.post(at("speakers", event), sent).status_code == 302
    page = desk.get(at("speakers", event)).content.decode()
    assert "Has not answered yet" in page
    assert "Canaryinside" in page
    deliver_due()
    [message] = [one for one in sent_mail.outbox if one.to == ["s@speaker.example"]]
    speaker = EventSpeaker.objects.get()
    assert link_of(speaker) in message.body
    assert "Canary" not in public_words(client, event)
    answer = client.get(link_of(speaker))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex"
    assert EventSpeaker.objects.get().answered_at is None  # mail scanners open links
    agreed = {"named": "on", "name": "Canarypublic", "role": "Canaryrole", "pictured": "on"}
    assert client.post(link_of(speaker), agreed).status_code == 302
    words = public_words(client, event)
    assert "Speakers: Canarypublic" in words
    assert '"performer": [{"@type": "Person", "name": "Canarypublic", "jobTitle": "Canaryrole"}]' in words
    assert "Canaryinside" not in words
    page = desk.get(at("speakers", event)).content.decode()
    assert "Not recorded, not streamed" in page
    assert "1 of 1 named" in desk.get(event.get_absolute_url()).content.decode()


def test_what_is_taken_back_is_gone_at_once_everywhere(here, event, client) -> None:
    speaker = asked(here, event)
    answer_as_speaker(speaker=speaker, **YES)
    told = client.get(f"/calendar/events/{event.uuid}.ics")
    assert "Canarypublic" in public_words(client, event)
    client.post(link_of(speaker), {"pictured": "on"})
    assert "Canary" not in public_words(client, event)
    assert client.get(f"/calendar/events/{event.uuid}.ics")["ETag"] != told["ETag"]
    row = EventSpeaker.objects.get()
    assert (row.named, row.pictured, row.public_name, row.public_role) == (False, True, "", "")


def test_who_does_not_speak_any_more_is_deleted_and_leaves_every_page(here, event, client) -> None:
    speaker = asked(here, event)
    answer_as_speaker(speaker=speaker, **YES)
    remove_speaker(access=here.access(), speaker=speaker)
    assert not EventSpeaker.objects.exists()
    assert "Canary" not in public_words(client, event)
    assert client.get(link_of(speaker), follow=True).status_code == 404


def test_a_name_is_needed_to_be_named_and_what_was_typed_stays(here, event, client) -> None:
    speaker = asked(here, event)
    answer = client.post(link_of(speaker), {"named": "on", "name": "", "role": "Lawyer of Qala"})
    assert answer.status_code == 422
    assert "Lawyer of Qala" in answer.content.decode()
    for bad in ("A\nB", "see https://spam.example"):
        assert client.post(link_of(speaker), {"named": "on", "name": bad}).status_code == 422
    with pytest.raises(Refused):
        answer_as_speaker(speaker=speaker, named=True, pictured=False, recorded=False)
    assert EventSpeaker.objects.get().answered_at is None


def test_everything_of_a_person_is_sealed(here, event) -> None:
    answer_as_speaker(speaker=asked(here, event), **YES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_eventspeaker")
        assert "anary" not in str(cursor.fetchall())


@pytest.mark.parametrize(("role", "reads"), [("observer", 403), ("reviewer", 200), ("contributor", 200)])
def test_who_may_not_change_the_event_asks_nobody(here, event, client_of, role, reads) -> None:
    speaker = asked(here, event)
    client = client_of(here.user(role))
    answer = client.get(at("speakers", event))
    assert answer.status_code == reads
    assert "canary@speaker.example" not in answer.content.decode()
    assert client.post(at("speakers", event), {"name": "A"}).status_code == 403
    for act in (ask_speaker_again, remove_speaker):
        with pytest.raises(NotAllowed):
            act(access=here.access(role), speaker=speaker)
    assert EventSpeaker.objects.count() == 1


def test_the_link_goes_three_times_a_day_at_most(here, event) -> None:
    speaker = asked(here, event)
    assert [ask_speaker_again(access=here.access(), speaker=speaker) for _number in range(3)] == [
        True,
        True,
        False,
    ]


def test_a_cancelled_event_asks_nobody(here, event) -> None:
    cancel_event(access=here.access("coordinator"), event=event)
    with pytest.raises(Refused):
        asked(here, event)


def test_an_event_of_the_workspace_names_nobody_in_public(here, client) -> None:
    event = press_conference(here.access("coordinator"), visibility=Visibility.WORKSPACE)
    answer_as_speaker(speaker=asked(here, event), **YES)
    assert "Canary" not in client.get("/calendar.ics").content.decode()
    assert not event.texts.exclude(component="").exists()


def test_speakers_are_forgotten_ninety_days_after_the_event(here, event, client) -> None:
    named = asked(here, event)
    answer_as_speaker(speaker=named, **YES)
    answer_as_speaker(speaker=asked(here, event, "Other"), **NO)
    with time_machine.travel("2026-05-30 09:00Z"):
        forget_speakers()
    assert EventSpeaker.objects.filter(address="").count() == 0
    with time_machine.travel("2026-06-02 09:00Z", tick=False):
        forget_speakers()
        row = EventSpeaker.objects.get()
        assert (row.name, row.address, row.topic, row.public_name) == ("", "", "", "Canarypublic")
        client.post(link_of(named), {})
        assert EventSpeaker.objects.get().named is False


def test_pages_ask_as_often_whoever_speaks(here, event, client, client_of) -> None:
    desk, counts = client_of(here.user()), []
    for number in (1, 3):
        while EventSpeaker.objects.count() < number:
            answer_as_speaker(speaker=asked(here, event), **YES)
        desk.get(at("speakers", event))
        with CaptureQueriesContext(connection) as found:
            desk.get(at("speakers", event))
            client.get(f"/en/events/{event.slug}/")
        counts.append(len(found))
    assert counts[0] == counts[1]
