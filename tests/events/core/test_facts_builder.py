"""The facts of an event: one language, one viewer, one audience."""

import datetime
import io
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from PIL import Image

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC, viewer_for
from documents.files.actions import upload_file
from documents.publication.actions import withdraw_publication
from events.core import audit as core_audit
from events.core.actions.plan import cancel_event, set_audience_times
from events.core.actions.times import EventTextInput, move_occurrence
from events.core.enums import Audience, EventState, Frequency, Visibility
from events.core.facts import RecurrenceRule
from events.core.queries import prefetch_event_details, public_events
from events.core.summary import facts_for
from events.ical.builder import vevents
from tests.documents.approval import builders
from tests.events.planning.builders import announced, exhibition, planned, press_conference, stage, texts_of
from tests.home.conftest import site

pytestmark = pytest.mark.django_db

__all__ = ["site"]


def test_a_public_event_in_one_language() -> None:
    here = stage()
    event = press_conference(here.access(), online="https://meet.example/press")
    facts = facts_for(event, language="ru", viewer=PUBLIC)
    host = urlsplit(settings.SITE_URL).hostname
    assert facts.uid == f"{event.uuid}@{host}"
    assert facts.title == "Press conference on Article 123 ru"
    assert (facts.place, facts.address) == ("Press club ru", "Abai 10, ru")
    assert facts.url == f"{settings.SITE_URL}/ru/events/{event.slug}/"
    assert facts.online == "https://meet.example/press"
    assert facts.organisers == (here.organisation().name_ru,)
    assert (facts.private, facts.sequence, facts.region) == (False, 0, "KZ-75")
    assert facts.times.start == datetime.datetime.fromisoformat("2026-03-03T11:00")


def test_words_that_a_language_lacks_come_from_the_next_best() -> None:
    texts = texts_of("Meeting") | {"en": EventTextInput(title="Meeting")}
    facts = facts_for(announced(texts=texts), language="en", viewer=PUBLIC)
    assert (facts.title, facts.place) == ("Meeting", "Press club kk")


def test_an_event_that_is_not_public_is_private_and_leads_to_the_desk() -> None:
    here = stage()
    event = announced(here.access(), visibility=Visibility.COALITION)
    member = facts_for(event, language="en", viewer=viewer_for(here.user()))
    assert member.private
    assert member.url == f"{settings.SITE_URL}/workspaces/events/{event.uuid}/"
    assert member.picture == ""


def test_a_cancelled_event_says_so() -> None:
    here = stage()
    event = cancel_event(access=here.access(), event=press_conference(here.access()))
    facts = facts_for(event, language="en", viewer=PUBLIC)
    assert (facts.state, facts.sequence) == (EventState.CANCELLED, 1)


@pytest.mark.parametrize(
    "audience, begins", [("", "11:00"), (Audience.SPEAKERS, "10:15"), (Audience.CAMERAS, "11:00")]
)
def test_an_audience_begins_at_its_own_time(audience, begins) -> None:
    here = stage()
    event = press_conference(here.access())
    event = set_audience_times(
        access=here.access(), event=event, times={Audience.SPEAKERS: datetime.time(10, 15)}
    )
    times = facts_for(event, language="en", viewer=PUBLIC, audience=audience).times
    assert f"{times.start:%H:%M}" == begins
    assert f"{times.end:%H:%M}" == "12:00"


def test_an_audience_comes_as_long_before_a_date_that_is_moved() -> None:
    here = stage()
    event = planned(here.access(), rule=RecurrenceRule(Frequency.WEEKLY))
    set_audience_times(access=here.access(), event=event, times={Audience.SPEAKERS: datetime.time(10, 15)})
    on, to = datetime.date(2026, 3, 10), datetime.date(2026, 3, 11)
    move_occurrence(access=here.access(), event=event, on=on, to_date=to, to_time=datetime.time(14))
    facts = facts_for(event, language="en", viewer=viewer_for(here.user()), audience=Audience.SPEAKERS)
    first, moved = vevents(facts)
    assert (f"{moved['DTSTART'].dt:%H:%M}", f"{moved['DTEND'].dt:%H:%M}") == ("13:15", "15:00")
    assert f"{first['DTSTART'].dt:%H:%M}" == f"{moved['RECURRENCE-ID'].dt:%H:%M}" == "10:15"


def test_the_picture_has_an_absolute_address_once_it_is_public() -> None:
    here = stage()
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    out.seek(0)
    file = upload_file(
        access=here.access(), content=out, size=len(out.getvalue()), name="a.png", alt="A hall"
    )
    facts = facts_for(announced(here.access(), picture=file), language="en", viewer=PUBLIC)
    assert facts.picture.startswith(f"{settings.SITE_URL}/media/events/")
    hidden = planned(here.access(), picture=file)
    assert facts_for(hidden, language="en", viewer=viewer_for(here.user())).picture == ""


def test_hours_are_told_with_their_reasons_in_the_language() -> None:
    event = exhibition()
    for language in Language.values:
        run = facts_for(event, language=language, viewer=PUBLIC).times.run
        assert run is not None
        assert run.specials[0].why == {"kk": "Наурыз", "ru": "Наурыз", "en": "Nauryz"}[language]


def test_the_approved_words_of_a_draft_are_told_once_they_are_public_and_while_they_are(
    site, monkeypatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        core_audit,
        "_listeners",
        [lambda one: heard.append(facts_for(one, language="kk", viewer=PUBLIC).text)],
    )
    room = builders.stage()
    event = announced(room.access, draft=room.draft)
    own = "What it is about, kk"
    assert facts_for(event, language="kk", viewer=PUBLIC).text == own
    publication = room.publish("kk")
    for told in (event, prefetch_event_details(public_events()).get()):
        assert facts_for(told, language="kk", viewer=PUBLIC).text.endswith("We ask for a law, in kk.")
        assert facts_for(told, language="ru", viewer=PUBLIC).text == "What it is about, ru"
    withdraw_publication(access=room.access, publication=publication, note="A mistake")
    assert facts_for(prefetch_event_details(public_events()).get(), language="kk", viewer=PUBLIC).text == own
    assert [text.endswith("in kk.") for text in heard] == [False, False, True, False]  # planned, announced
