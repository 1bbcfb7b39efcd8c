"""What the public pages of events never show, to anyone: every page, every language, every kind of secret."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing
from documents.drafts.models import Handling
from events.core.enums import Consent, EventState, Visibility
from events.models import CoHost, Event
from tests.conftest import sign_in
from tests.events.planning.builders import announced, exhibition, planned, planner_of, stage
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LANGUAGES = ("kk", "ru", "en")
PAGES = (
    "",
    "month/?on=2026-03",
    "agenda/?on=2026-03-01",
    "map/",
    "?past=1",
    "?region=KZ-75",
    "?kind=meeting",
)


@pytest.fixture(autouse=True)
def first_of_march() -> Iterator[None]:
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        yield


def everything(client: Client, *more: str) -> str:
    """All pages of events in all languages, and what more there is."""
    found = []
    for language in LANGUAGES:
        for path in (*PAGES, *more):
            answer = client.get(f"/{language}/events/{path}")
            found.append(answer.content.decode())
    return "".join(found)


def secrets() -> list[Event]:
    """Events that are not for everyone, one of each kind; their titles begin with a word of their own."""
    workspace = planned(title="Canaryplanned")
    announced(title="Canaryworkspace", visibility=Visibility.WORKSPACE)
    announced(title="Canarycoalition", visibility=Visibility.COALITION)
    closed = announced(title="Canarymarked")
    Event.objects.filter(pk=closed.pk).update(handling=Handling.COALITION)
    restricted = announced(title="Canaryrestricted")
    Event.objects.filter(pk=restricted.pk).update(restricted=True)
    taken_back = announced(title="Canaryunannounced")
    Event.objects.filter(pk=taken_back.pk).update(state=EventState.PLANNED)
    planned(title="Canaryexhibition", starts="2026-03-07 18:00", run=("2026-02-01", "2026-04-30"))
    assert workspace.slug is None
    return list(Event.objects.all())


def test_no_list_and_no_address_shows_what_is_not_public(client: Client) -> None:
    events = secrets()
    announced(title="Shown")
    text = everything(client, *(f"{event.slug}/" for event in events if event.slug))
    assert "Shown en" in text
    assert "Canary" not in text
    for event in events:
        assert str(event.uuid) not in text
        for address in (event.slug, str(event.uuid), str(event.pk), f"event-{event.pk}"):
            assert client.get(f"/en/events/{address}/").status_code == 404


def test_members_see_no_more_there_than_everyone(client: Client) -> None:
    events = secrets()
    for event in events:
        assert event.created_by is not None
        text = everything(sign_in(Client(), event.created_by), f"{event.slug or event.uuid}/")
        assert "Canary" not in text


def test_the_counts_of_the_map_and_the_filters_tell_of_nothing_hidden(client: Client) -> None:
    secrets()
    text = everything(client)
    assert 'aria-label="Almaty: 0 events"' in text
    assert "0 events are to come or open now" in text
    assert '<option value="KZ-75"' not in text
    assert '<option value="meeting"' not in text


def test_a_withheld_name_is_only_counted_whoever_plans_or_hosts(client: Client) -> None:
    made = stage()
    for listing in (Listing.WITHHELD, Listing.CONFIDENTIAL):
        organisation = OrganisationFactory(
            listing=listing, **{f"name_{code}": f"Canary {listing} {code}" for code in LANGUAGES}
        )
        made.take("editor", name=listing, organisation=organisation)
        event = announced(made.access(listing), title=f"Planned by {listing}")
        shown = exhibition(title=f"Hosted by {listing}")
        CoHost.objects.create(
            event=shown, organisation=organisation, state=Consent.CONSENTED, asked_at=shown.changed_at
        )
        text = everything(client, f"{event.slug}/", f"{shown.slug}/")
        assert f"Planned by {listing} en" in text
        assert "Canary" not in text
        assert organisation.code not in text
        assert str(organisation.uuid) not in text
        assert "1 organisation whose name is withheld for its safety" in text


@pytest.mark.parametrize("state", [Consent.ASKED, Consent.DECLINED, Consent.WITHDRAWN])
def test_nobody_is_named_as_host_before_it_consented(client: Client, state: Consent) -> None:
    event = announced(title="Shown")
    organisation = OrganisationFactory(name_kk="Canary", name_ru="Canary", name_en="Canary", initials="ZZ")
    CoHost.objects.create(event=event, organisation=organisation, state=state, asked_at=event.changed_at)
    text = everything(client, f"{event.slug}/", f"?organisation={organisation.slug}")
    assert "Canary" not in text
    assert "ZZ</span>" not in text
    assert "is withheld for its safety" not in text


def test_a_name_that_is_withheld_from_now_on_is_gone_at_once(client: Client) -> None:
    made = stage()
    organisation = made.organisation("editor")
    event = announced(made.access("editor"), title="Shown")
    name = organisation.name_en
    assert name in everything(client, f"{event.slug}/")
    change_listing(by=made.representative(organisation), organisation=organisation, listing=Listing.WITHHELD)
    text = everything(client, f"{event.slug}/", f"?organisation={organisation.slug}")
    assert name not in text
    assert "Shown en" in text


def test_those_invited_and_their_times_are_not_for_everyone(client: Client) -> None:
    event = announced(title="Shown", online="")
    event.audience_times.create(audience="speakers", begins="10:17")
    text = everything(client, f"{event.slug}/")
    assert "10:17" not in text
    assert planner_of(event).user.name not in text
    assert planner_of(event).user.email not in text
