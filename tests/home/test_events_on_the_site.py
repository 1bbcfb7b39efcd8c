"""Where the public site leads to events: menu, footer, front page, partners' pages, sitemap."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Listing, Organisation
from events.core.actions.plan import cancel_event
from events.core.enums import Consent, Visibility
from events.models import CoHost, Event
from home.models import HomePage
from tests.events.planning.builders import announced, exhibition, planned, planner_of
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(autouse=True)
def first_of_march() -> Iterator[None]:
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        yield


def text_at(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden() -> None:
    planned(title="Canaryplanned")
    announced(title="Canaryworkspace", visibility=Visibility.WORKSPACE)
    announced(title="Canarycoalition", visibility=Visibility.COALITION)


def partner(event: Event) -> Organisation:
    assert event.organisation.listing == Listing.PUBLIC
    return event.organisation


def test_menu_and_footer_lead_to_events_and_their_feed(site: HomePage, client: Client) -> None:
    for language in LANGUAGES:
        for path in ("", "news/", "partners/"):
            text = text_at(client, f"/{language}/{path}")
            assert f'<li><a href="/{language}/events/">' in squeezed(text)
            assert f'href="/calendar.ics?language={language}"' in text
        for path, current in (("", "page"), ("month/", "true")):
            text = text_at(client, f"/{language}/events/{path}")
            assert f'<a href="/{language}/events/" aria-current="{current}">' in squeezed(text)


def test_the_front_page_shows_the_next_three_and_nothing_that_is_not_public(
    site: HomePage, client: Client
) -> None:
    assert 'id="events"' not in text_at(client, "/en/")
    hidden()
    for day in (9, 6, 8, 7):
        announced(title=f"Day{day}", starts=f"2026-03-0{day} 11:00")
    gone = announced(title="Gone", starts="2026-03-02 11:00")
    cancel_event(access=planner_of(gone), event=gone)
    text = text_at(client, "/en/")
    places = [text.index(f"Day{day} en") for day in (6, 7, 8)]
    assert places == sorted(places)
    for word in ("Day9", "Gone", "Canary"):
        assert word not in text


def test_a_partners_page_shows_what_it_plans_or_hosts(site: HomePage, client: Client) -> None:
    hidden()
    own, other = announced(title="Own"), exhibition(title="Shared")
    CoHost.objects.create(
        event=other, organisation=partner(own), state=Consent.CONSENTED, asked_at=other.changed_at
    )
    asked = announced(title="Asked", starts="2026-03-05 11:00")
    CoHost.objects.create(
        event=asked, organisation=partner(own), state=Consent.ASKED, asked_at=asked.changed_at
    )
    text = text_at(client, f"/en/partners/{partner(own).slug}/")
    assert "Own en" in text
    assert "Shared en" in text
    assert "Asked en" not in text
    assert "Canary" not in text


def test_front_and_partners_page_cost_the_same_with_one_event_and_with_three(
    site: HomePage, client: Client
) -> None:
    first = exhibition(title="First")
    addresses = ("/en/", f"/en/partners/{partner(first).slug}/")

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            text_at(client, address)
        return len(counted)

    for address in addresses:
        text_at(client, address)
    once = [count(address) for address in addresses]
    for number in range(2):
        event = exhibition(planner_of(first), title=f"More {number}")
        CoHost.objects.create(
            event=event,
            organisation=partner(announced()),
            state=Consent.CONSENTED,
            asked_at=event.changed_at,
        )
    assert [count(address) for address in addresses] == once


def test_the_sitemap_names_public_events_in_three_languages(site: HomePage, client: Client) -> None:
    hidden()
    event = announced(title="Shown")
    text = text_at(client, "/sitemap.xml")
    for language in LANGUAGES:
        for path in (f"events/{event.slug}/", "events/", "events/map/"):
            assert f"/{language}/{path}</loc>" in text
    assert text.count("/en/events/") == (4 + 1) * 4  # its own address, and as translation of each
    assert "canary" not in text.lower()
