"""A person's own calendar address: what it holds, and when it is like one that never was."""

import datetime
import re

import icalendar
import pytest
import time_machine
from django.test import Client

from coalition.accounts.models import Membership, OrganisationKind
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event, set_audience_times
from events.core.enums import Audience, Visibility
from events.feeds.actions import create_feed, revoke_feed, rotate_feed
from events.models import EventInvitation, PrivateFeed
from tests.events.planning.builders import Stage, announced, planned, planner_of, press_conference, stage
from tests.factories import FreezeFactory, OrganisationFactory, UserFactory, WorkspaceFactory

pytestmark = pytest.mark.django_db


def address(token: str) -> str:
    return f"/calendar/private/{token}.ics"


def made(there: Stage, name: str = "editor", **given) -> tuple[PrivateFeed, str]:
    return create_feed(person=there.user(name), name="Phone", language="en", **given)


def told(token: str) -> list[icalendar.Event]:
    answer = Client().get(address(token))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-cache"
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def titles(token: str) -> list[str]:
    return [str(event["summary"]) for event in told(token)]


def test_the_token_is_kept_as_a_hash_only() -> None:
    feed, token = made(stage())
    assert len(token) >= 43
    assert len(feed.token_hash) == 64
    assert not [value for value in vars(feed).values() if token in str(value)]


def test_it_holds_what_the_person_may_see() -> None:
    there = stage()
    planned(there.access("editor"), title="Planned")
    announced(there.access("editor"), title="Internal", visibility=Visibility.WORKSPACE)
    press_conference(title="Elsewhere")
    assert sorted(titles(made(there)[1])) == ["Internal en", "Planned en"]
    assert titles(made(there, "observer")[1]) == ["Internal en"]
    assert sorted(titles(made(there, "observer", with_public=True)[1])) == ["Elsewhere en", "Internal en"]
    [internal] = told(made(there, "observer")[1])
    assert internal["class"] == "CONFIDENTIAL"


def test_what_the_coalition_is_told_comes_along_for_its_members() -> None:
    there, other = stage(), stage()
    announced(other.access(), title="Coalition", visibility=Visibility.COALITION, handling=Handling.COALITION)
    announced(other.access(), title="Theirs", visibility=Visibility.WORKSPACE)
    assert titles(made(there)[1]) == []
    assert titles(made(there, with_public=True)[1]) == ["Coalition en"]
    outlet = OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER)
    there.take("observer", name="outlet", organisation=outlet)
    assert titles(made(there, "outlet", with_public=True)[1]) == []


def test_what_is_only_planned_says_so() -> None:
    there = stage()
    planned(there.access("editor"), title="Planned")
    assert told(made(there)[1])[0]["status"] == "TENTATIVE"


def test_only_chosen_workspaces() -> None:
    there, other = stage(), stage()
    announced(there.access("editor"), title="Here", visibility=Visibility.WORKSPACE)
    assert titles(made(there, workspaces=[there.workspace])[1]) == ["Here en"]
    with pytest.raises(Refused):
        made(there, workspaces=[other.workspace])


def test_only_what_the_person_is_invited_to_at_their_own_time() -> None:
    there = stage()
    event = press_conference(there.access("editor"))
    press_conference(there.access("editor"), title="Another")
    set_audience_times(
        access=there.access("editor"), event=event, times={Audience.SPEAKERS: datetime.time(10, 15)}
    )
    EventInvitation.objects.create(
        event=event,
        person=there.user("observer"),
        audience=Audience.SPEAKERS,
        token_hash="x",
        invited_at=event.changed_at,
    )
    [own] = told(made(there, "observer", only_mine=True)[1])
    assert own.start.time() == datetime.time(10, 15)
    assert "It begins for you at 10:15, for everyone at 11:00." in own["description"]


@pytest.mark.parametrize("ended", ["rotated", "revoked", "left", "frozen", "inactive"])
def test_an_address_that_ended_is_like_one_that_never_was(ended) -> None:
    there = stage()
    feed, token = made(there)
    never = Client().get(address("never"))
    assert Client().get(address(token)).status_code == 200
    person = there.user()
    if ended == "rotated":
        _feed, new = rotate_feed(person=person, feed=feed)
        assert Client().get(address(new)).status_code == 200
    elif ended == "revoked":
        revoke_feed(person=person, feed=feed)
    elif ended == "left":
        Membership.objects.filter(person=person).update(ended_at=feed.created_at)
    elif ended == "frozen":
        FreezeFactory(organisation=there.organisation(), frozen_at=feed.created_at)
    else:
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    answer = Client().get(address(token))
    assert answer.status_code == never.status_code == 404
    assert _without_path(answer.content) == _without_path(never.content)


def _without_path(body: bytes) -> str:
    return re.sub(r'/calendar/private/[^"<]*|value="\w{64}"', "", body.decode())


def test_leaving_a_workspace_takes_its_events_away() -> None:
    there = stage()
    announced(there.access("editor"), title="Internal", visibility=Visibility.WORKSPACE)
    token = made(there)[1]
    assert titles(token) == ["Internal en"]
    Seat.objects.filter(person=there.user()).update(ended_at=datetime.datetime.now(datetime.UTC))
    assert titles(token) == []


def test_a_cancelled_event_stays_as_cancelled() -> None:
    there = stage()
    event = announced(there.access("editor"), title="Internal", visibility=Visibility.WORKSPACE)
    token = made(there)[1]
    cancel_event(access=planner_of(event), event=event)
    assert [str(one["status"]) for one in told(token)] == ["CANCELLED"]


def test_who_has_it_is_told_so() -> None:
    there = stage()
    announced(there.access("editor"), visibility=Visibility.WORKSPACE)
    token = made(there)[1]
    first = Client().get(address(token))
    again = Client().get(address(token), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("starts", "utc"), [("2024-02-28 11:00", 5), ("2024-03-02 11:00", 6)])
def test_eleven_in_almaty_before_and_after_the_change(starts, utc) -> None:
    there = stage()
    announced(there.access("editor"), starts=starts, visibility=Visibility.WORKSPACE)
    with time_machine.travel("2024-03-05T00:00:00Z", tick=False):
        [event] = told(made(there)[1])
    assert event.start.astimezone(datetime.UTC).hour == utc


def test_the_last_use_is_kept_at_most_once_an_hour() -> None:
    feed, token = made(stage())
    uses = []
    for moment in ("2026-03-01T10:00:00Z", "2026-03-01T10:59:00Z", "2026-03-01T11:01:00Z"):
        with time_machine.travel(moment, tick=False):
            told(token)
        feed.refresh_from_db()
        uses.append(f"{feed.last_used_at:%H:%M}")
    assert uses == ["10:00", "10:00", "11:01"]


# --- the page ---------------------------------------------------------------------------------


def test_an_address_is_shown_once_changed_and_ended(client_of) -> None:
    there = stage()
    client = client_of(there.user())
    made_page = client.post("/workspaces/feeds/create/", {"name": "Phone", "language": "en"}).content.decode()
    found = re.search(r"http://localhost:8000(/calendar/private/[^\"]+)", made_page)
    assert found is not None
    assert Client().get(found[1]).status_code == 200
    page = client.get("/workspaces/feeds/").content.decode()
    assert found[1] not in page
    assert "Phone" in page
    feed = PrivateFeed.objects.get()
    changed = client.post(f"/workspaces/feeds/{feed.uuid}/new-address/").content.decode()
    new = re.search(r"http://localhost:8000(/calendar/private/[^\"]+)", changed)
    assert new is not None
    assert new[1] != found[1]
    assert Client().get(found[1]).status_code == 404
    client.post(f"/workspaces/feeds/{feed.uuid}/end/")
    assert Client().get(new[1]).status_code == 404
    assert client.post(f"/workspaces/feeds/{feed.uuid}/end/").status_code == 404


def test_nobody_touches_the_feed_of_another(client_of) -> None:
    there = stage()
    feed, token = made(there)
    other = client_of(there.user("coordinator"))
    assert "Phone" not in other.get("/workspaces/feeds/").content.decode()
    for act in ("new-address", "end"):
        assert other.post(f"/workspaces/feeds/{feed.uuid}/{act}/").status_code == 404
    assert Client().get(address(token)).status_code == 200


def test_a_foreign_workspace_is_not_taken_over(client_of) -> None:
    there = stage()
    sent = {"name": "Phone", "language": "en", "workspaces": [str(WorkspaceFactory().uuid)]}
    assert client_of(there.user()).post("/workspaces/feeds/create/", sent).status_code == 422
    assert not PrivateFeed.objects.exists()
    assert Client().get("/workspaces/feeds/").status_code == 302
    assert UserFactory().private_feeds.count() == 0
