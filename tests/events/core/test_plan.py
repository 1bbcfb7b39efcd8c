"""Planning an event: what is kept, who hears of it, what is refused."""

from dataclasses import fields

import pytest
from django.core.files.base import ContentFile

from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import activity_for
from documents.drafts.actions.manage import create_draft
from documents.models import StoredFile
from events.core import audit as core_audit
from events.core.actions.plan import plan_event
from events.core.actions.times import EventPlaceInput, EventTextInput
from events.core.enums import EventKind, EventState, GettingIn, Visibility
from events.core.facts import VenueFacts
from events.core.forms.planning import PlaceForm
from events.core.models import VENUE_FIELDS
from events.models import Event
from tests.events.planning.builders import planned, stage, texts_of, times_from

pytestmark = pytest.mark.django_db


def test_a_planned_event_is_in_the_name_of_the_planners_organisation_and_nobody_is_told() -> None:
    here = stage()
    event = plan_event(
        access=here.access(),
        kind=EventKind.SCREENING,
        texts={"ru": EventTextInput(title=" Показ ", place="Кинотеатр")},
        times=times_from("2026-03-03 19:00", "2026-03-03 21:00"),
        place=EventPlaceInput("KZ-79", "https://maps.example/1", GettingIn.STEPS, "https://meet.example/1"),
    )
    event.refresh_from_db()
    assert (event.state, event.visibility) == (EventState.PLANNED, Visibility.WORKSPACE)
    assert (event.organisation, event.created_by) == (here.organisation(), here.user())
    assert (event.region, event.step_free, event.slug, event.sequence) == ("KZ-79", "steps", None, 0)
    assert not event.is_told
    assert not event.is_public
    assert {text.language: text.title for text in event.texts.all()} == {"kk": "", "ru": "Показ", "en": ""}
    assert AuditEntry.objects.get(action="event.planned").target == event.uuid


def test_every_property_of_a_venue_is_in_its_facts_proposal_and_form() -> None:
    for known in (VenueFacts, EventPlaceInput):
        assert tuple(one.name for one in fields(known)) == VENUE_FIELDS
    assert {field.name for field in PlaceForm().venue_fields} == set(VENUE_FIELDS)


def test_observers_do_not_hear_of_it_and_readers_do() -> None:
    here = stage()
    event = planned(here.access())
    told = Activity.objects.get(subject=event.uuid)
    assert told not in activity_for(here.user("observer"))
    assert told in activity_for(here.user("reviewer"))


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_only_editors_and_coordinators_plan(role) -> None:
    with pytest.raises(NotAllowed):
        planned(stage().access(role))
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "texts", [{}, {"kk": EventTextInput(text="No title")}, {"kk": EventTextInput(title="  ")}]
)
def test_without_a_title_it_is_refused(texts) -> None:
    with pytest.raises(Refused, match="title"):
        planned(texts=texts)
    assert not Event.objects.exists()


def test_a_draft_of_another_workspace_is_refused() -> None:
    elsewhere = create_draft(access=stage().access(), title="Elsewhere")
    with pytest.raises(Refused, match="draft"):
        planned(draft=elsewhere)


def test_a_file_that_is_no_picture_and_one_of_another_workspace_are_refused() -> None:
    here, there = stage(), stage()
    for owner, kind in ((here, "application/pdf"), (there, "image/png")):
        access = owner.access()
        file = StoredFile.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            file=ContentFile(b"x", name="x"),
            name="x",
            content_type=kind,
            size=1,
            sha256="0" * 64,
        )
        with pytest.raises(Refused, match="picture"):
            planned(here.access(), picture=file)


def test_a_restriction_that_shuts_the_planner_out_is_refused_and_nothing_is_kept() -> None:
    here = stage()
    with pytest.raises(Refused, match="own organisation"):
        planned(here.access(), restricted_to=(here.organisation("reviewer"),))
    assert not Event.objects.exists()


def test_whoever_registered_is_told_of_every_change_in_the_same_transaction(monkeypatch) -> None:
    seen: list[tuple[int, bool]] = []

    def listener(event: Event) -> None:
        seen.append((event.pk, Event.objects.filter(pk=event.pk).exists()))
        raise Refused("stop")

    monkeypatch.setattr(core_audit, "_listeners", [listener])
    with pytest.raises(Refused, match="stop"):
        planned()
    assert [there for _pk, there in seen] == [True]
    assert not Event.objects.exists()


def test_a_listener_is_registered_once(monkeypatch) -> None:
    monkeypatch.setattr(core_audit, "_listeners", [])

    def listener(event: Event) -> None:
        """Nothing follows."""

    core_audit.on_change(listener)
    core_audit.on_change(listener)
    assert core_audit._listeners == [listener]


def test_texts_of_three_languages_are_kept() -> None:
    event = planned(texts=texts_of("Meeting"))
    assert {text.title for text in event.texts.all()} == {"Meeting kk", "Meeting ru", "Meeting en"}


@pytest.mark.parametrize(
    "place, words",
    [
        (EventPlaceInput(map_link="javascript:alert(1)"), "https"),
        (EventPlaceInput(online_link="ftp://files.example"), "https"),
        (EventPlaceInput(region="KZ-99"), "regions"),
    ],
)
def test_links_that_no_browser_should_open_and_unknown_regions_are_refused(place, words) -> None:
    with pytest.raises(Refused, match=words):
        plan_event(
            access=stage().access(),
            kind=EventKind.MEETING,
            texts=texts_of(),
            times=times_from("2026-03-03 19:00"),
            place=place,
        )


def test_titles_and_places_are_one_line_and_texts_are_not() -> None:
    event = planned(texts={"en": EventTextInput(title="One\r\nline ", text="Two\nlines", place=" The\thall")})
    text = event.texts.get(language="en")
    assert (text.title, text.text, text.place) == ("One line", "Two\nlines", "The hall")
