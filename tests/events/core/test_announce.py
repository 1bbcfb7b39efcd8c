"""Announcing: what must be there before anybody is told, and what becomes public."""

import io

import pytest
import time_machine
from PIL import Image

from coalition.accounts.models import Listing
from coalition.accounts.naming import viewer_for
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import activity_for
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from documents.publication.actions import NotPublishable
from events.cohosts.actions import answer_co_host, ask_co_hosts, remove_co_host
from events.core import pictures
from events.core.actions import plan as announce, times as proposal
from events.core.actions.plan import announce_event, announcement_obstacles, cancel_event
from events.core.actions.times import EventTextInput
from events.core.enums import EventKind, EventState, Visibility
from events.core.models import public_storage
from events.models import Event
from events.public import urls as public_urls
from tests.events.planning.builders import (
    Stage,
    announced,
    exhibition,
    planned,
    representative_of,
    stage,
    texts_of,
)
from tests.factories import OrganisationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db

W, C, P = Visibility.WORKSPACE, Visibility.COALITION, Visibility.PUBLIC


@pytest.fixture
def here() -> Stage:
    return stage()


def reasons(here: Stage, event: Event, visibility: Visibility = P) -> list[str]:
    return announcement_obstacles(event, visibility, viewer_for(here.user()))


def picture_of(here: Stage, **given: object) -> StoredFile:
    hidden = Image.Exif()
    hidden[0x010E] = "CanaryHidden"
    out = io.BytesIO()
    Image.new("RGB", (2000, 1000), "teal").save(out, "JPEG", exif=hidden)
    out.seek(0)
    said = {"name": "hall.jpg", "alt": "The hall", **given}
    return upload_file(access=here.access(), content=out, size=len(out.getvalue()), **said)  # type: ignore[arg-type]  # words


@time_machine.travel("2026-02-20 09:00:00+00:00", tick=False)
@pytest.mark.parametrize("visibility", list(Visibility))
def test_an_announced_event_is_told_to_those_chosen(here, visibility) -> None:
    event = announce_event(
        access=here.access("coordinator"), event=planned(here.access()), visibility=visibility
    )
    event.refresh_from_db()
    assert (event.state, event.visibility) == (EventState.ANNOUNCED, visibility)
    assert event.announced_at is not None
    assert event.is_public == (visibility == P)
    assert bool(event.slug) == (visibility == P)
    assert event.sequence == 0  # nobody had heard of another state
    told = Activity.objects.get(kind="event_announced")
    assert told in activity_for(here.user("observer"))


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_may_not(here, role) -> None:
    event = planned(here.access())
    with pytest.raises(NotAllowed):
        announce_event(access=here.access(role), event=event, visibility=W)
    event.refresh_from_db()
    assert event.state == EventState.PLANNED


def test_a_title_in_one_language_is_enough_for_members_and_in_three_for_everyone(here) -> None:
    event = planned(here.access(), texts={"ru": EventTextInput(title="Встреча", place="Клуб")})
    assert reasons(here, event, C) == []
    assert reasons(here, event) == ["A title is missing in: Қазақша, English."]


def test_a_place_or_a_link_is_needed_but_for_a_deadline(here) -> None:
    nowhere = texts_of(place="", address="")
    assert "Say where it is" in reasons(here, planned(here.access(), texts=nowhere))[0]
    assert reasons(here, planned(here.access(), texts=nowhere, online="https://meet.example/x")) == []
    assert reasons(here, planned(here.access(), texts=nowhere, kind=EventKind.DEADLINE)) == []


def test_what_only_is_open_needs_hours(here) -> None:
    event = planned(here.access(), starts="2026-03-08", run=("2026-03-08", "2026-03-20"))
    assert reasons(here, event) == ["Say on which days and at which hours it is open."]
    assert reasons(here, exhibition(here.access(), visibility=None)) == []


@pytest.mark.parametrize(
    "handling, allowed",
    [
        (Handling.NAMED_PEOPLE, {W}),
        (Handling.ORGANISATION, {W}),
        (Handling.WORKSPACE, {W}),
        (Handling.COALITION, {W, C}),
        (Handling.PUBLIC, {W, C, P}),
    ],
)
def test_the_handling_mark_says_how_far(here, handling, allowed) -> None:
    event = planned(here.access(), handling=handling)
    assert {visibility for visibility in Visibility if not reasons(here, event, visibility)} == allowed


def test_a_restricted_event_stays_in_its_workspace(here) -> None:
    event = planned(here.access(), restricted_to=(here.organisation(),))
    assert reasons(here, event, W) == []
    for wider in (C, P):
        assert "open it to the workspace first" in reasons(here, event, wider)[0]


def test_a_co_host_that_was_asked_is_waited_for_by_name_and_one_that_answered_is_not(here) -> None:
    event = planned(here.access())
    asked = OrganisationFactory(name_en="Open Hands")
    ParticipationFactory(workspace=here.workspace, organisation=asked)
    [co_host] = ask_co_hosts(access=here.access(), event=event, organisations=[asked])
    assert "Open Hands has not answered yet" in reasons(here, event, W)[0]
    with pytest.raises(NotPublishable):
        announce_event(access=here.access(), event=event, visibility=W)
    answer_co_host(user=representative_of(asked), co_host=co_host, consents=False)
    assert reasons(here, event) == []
    [co_host] = ask_co_hosts(access=here.access(), event=event, organisations=[asked])
    remove_co_host(access=here.access(), co_host=co_host)
    assert reasons(here, event) == []


def test_a_confidential_co_host_is_waited_for_without_its_name(here) -> None:
    event = planned(here.access())
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL, name_en="CanaryName")
    ParticipationFactory(workspace=here.workspace, organisation=hidden)
    ask_co_hosts(access=here.access(), event=event, organisations=[hidden])
    assert hidden.code in reasons(here, event, W)[0]
    assert "Canary" not in reasons(here, event, W)[0]


def test_everything_that_is_missing_is_said_at_once(here) -> None:
    event = planned(here.access(), texts={"kk": EventTextInput(title="Кездесу")}, handling=Handling.WORKSPACE)
    with pytest.raises(NotPublishable) as refused:
        announce_event(access=here.access("coordinator"), event=event, visibility=P)
    assert len(refused.value.reasons) == 3


def test_a_told_event_can_be_told_to_more_but_not_to_fewer(here) -> None:
    event = announced(here.access(), visibility=C)
    assert "not to fewer" in reasons(here, event, C)[0]
    assert "not to fewer" in reasons(here, event, W)[0]
    wider = announce_event(access=here.access("coordinator"), event=event, visibility=P)
    assert (wider.is_public, wider.sequence, wider.announced_at) == (True, 1, event.announced_at)


def test_a_cancelled_event_is_not_announced(here) -> None:
    event = cancel_event(access=here.access(), event=planned(here.access()))
    assert reasons(here, event) == ["The event is cancelled."]


def test_no_event_takes_the_address_of_a_list() -> None:
    beside = {str(one.pattern).rstrip("/") for one in public_urls.public_event}
    assert {path for path in beside if path and "<" not in path} == announce.RESERVED_SLUGS


def test_addresses_are_of_the_english_title_and_differ(here) -> None:
    first, second = (announced(here.access(), title="Жиын: our voice") for _number in range(2))
    assert first.slug == "zhiyn-our-voice-en"
    assert second.slug == "zhiyn-our-voice-en-2"
    assert (
        announced(here.access(), texts={**texts_of(), "en": EventTextInput("Map", "", "Hall")}).slug
        == "map-2"
    )
    nothing = texts_of()
    nothing["en"] = EventTextInput(title="!?", place="Hall")
    assert announced(here.access(), texts=nothing).slug == "meeting"


def test_the_public_picture_has_nothing_hidden_and_is_not_the_kept_file(here) -> None:
    file = picture_of(here)
    event = announced(here.access(), picture=file)
    with public_storage().open(str(event.public_picture)) as kept:
        content = kept.read()
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.size == (1600, 800)
        assert not shown.getexif()
    assert b"Canary" not in content
    assert str(file.uuid) not in str(event.public_picture)


def test_only_a_public_event_has_a_public_picture(here) -> None:
    assert not announced(here.access(), visibility=C, picture=picture_of(here)).public_picture


@pytest.mark.parametrize("handling", [Handling.NAMED_PEOPLE, Handling.ORGANISATION])
def test_a_picture_with_a_strict_mark_does_not_become_public(here, handling) -> None:
    event = planned(here.access(), picture=picture_of(here, handling=handling))
    assert reasons(here, event) == ["Its picture is not for everyone: choose another one."]
    assert reasons(here, event, C) == []


def test_a_picture_without_a_description_does_not_become_public(here) -> None:
    event = planned(here.access(), picture=picture_of(here, alt=""))
    assert "Describe its picture" in reasons(here, event)[0]


def test_the_copy_of_an_announcement_that_fails_is_deleted(here, monkeypatch) -> None:
    event = planned(here.access(), picture=picture_of(here))
    made: list[str] = []
    monkeypatch.setattr(pictures, "copy_picture_for_public", lambda file: made.append(copy(file)) or made[-1])
    monkeypatch.setattr(announce, "_slug_for", lambda _event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        announce_event(access=here.access("coordinator"), event=event, visibility=P)
    assert made
    assert not public_storage().exists(made[0])
    event.refresh_from_db()
    assert event.state == EventState.PLANNED


copy = proposal.copy_picture_for_public
