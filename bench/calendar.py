"""The group `calendar`: the feed of 1,000 events, its 304, and the import of partners'
calendars."""

import datetime
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench import demo_data, month, partner_calendar, running_order
from bench.figures import Figure, at_most, told
from bench.server import serving

if TYPE_CHECKING:
    from events.models import Event

EVENTS = 1_000
TIMES = 15
FEED = "/calendar.ics?language=ru"


def measure(peer: str | None) -> list[Figure]:
    demo_data.prepare()
    with _events():
        figures = [*_feed(), *_unchanged()]
    return [*figures, *month.measure(peer), *running_order.measure(peer), *partner_calendar.measure(peer)]


def _feed() -> list[Figure]:
    """Compare the served feed with building it with icalendar at each request."""
    from django.test import Client

    from coalition.accounts.naming import PUBLIC
    from events.core.queries import prefetch_event_details
    from events.core.summary import facts_for
    from events.feeds.queries import public_feed
    from events.ical.builder import CalendarHeading, build_calendar

    def build() -> None:
        events = prefetch_event_details(public_feed())
        facts = [facts_for(event, language="ru", viewer=PUBLIC) for event in events]
        build_calendar(facts, CalendarHeading(name="bench", language="ru"))

    if public_feed().count() < EVENTS:
        raise RuntimeError("The events to measure with are not in the feed.")
    client = Client(SERVER_NAME="localhost")
    built = _median(build, times=3)
    given = _median(lambda: client.get(FEED))
    return [
        told("calendar", f"feed of {EVENTS} events, built at each request", built * 1000, "ms"),
        told("calendar", f"feed of {EVENTS} events, joined from what is kept", given * 1000, "ms"),
        at_most("calendar", "feed: joined, of building it", given / built, "times", reach=0.25),
    ]


def _unchanged() -> list[Figure]:
    """Measure the 304: its queries in Django, and its time over HTTP beside that of the full
    response."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    etag = client.get(FEED)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(FEED, HTTP_IF_NONE_MATCH=etag)
    if answer.status_code != 304:
        raise RuntimeError(f"{FEED} answered {answer.status_code} to who has it")
    with serving("coalition.asgi:application") as ours:
        http = HTTPConnection(urlsplit(ours).netloc)
        # Request the ETag from this server: the feed contains the site's address with the port, so
        # its bytes differ from those of the test client.
        served = _ask(http, 200, {})
        full = _median(lambda: _ask(http, 200, {}))
        unchanged = _median(lambda: _ask(http, 304, {"If-None-Match": served}))
        http.close()
    return [
        at_most("calendar", "304: queries", len(queries), "queries", reach=2),
        told("calendar", "feed: full answer over HTTP", full * 1000, "ms"),
        told("calendar", "feed: 304 over HTTP", unchanged * 1000, "ms"),
        at_most("calendar", "304, of the full answer", unchanged / full, "times", reach=0.1),
    ]


def _ask(http: HTTPConnection, status: int, headers: dict[str, str]) -> str:
    """Request the feed and return its ETag. Raises `RuntimeError` if the status is another one."""
    http.request("GET", FEED, headers=headers)
    answer = http.getresponse()
    answer.read()
    if answer.status != status:
        raise RuntimeError(f"{FEED} answered {answer.status}, not {status}")
    return answer.headers["ETag"]


def _median(act: Callable[[], object], times: int = TIMES) -> float:
    act()  # warm-up: load templates, open connections
    found = []
    for _time in range(times):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


@contextmanager
def _events() -> "Iterator[list[Event]]":
    """Create 1,000 public events in a new workspace, stored as if announced one by one."""
    from django.db import transaction

    from coalition.accounts.models import Organisation
    from coalition.workspaces.models import Workspace
    from events.feeds.cache import bump_feed_version, refresh_components
    from events.models import Event, EventText

    organisation = Organisation.objects.filter(listing="public").order_by("pk").first()
    if organisation is None:
        raise RuntimeError("The demo has no organisation whose name may be told.")
    workspace = Workspace.objects.create(title="A thousand events")
    with transaction.atomic():
        made = Event.objects.bulk_create(_event(workspace, organisation, number) for number in range(EVENTS))
        EventText.objects.bulk_create(
            EventText(
                event=event, language=code, title=f"Показ {event.slug}", text="О чём это. " * 30, place="Дом"
            )
            for event in made
            for code in ("kk", "ru", "en")
        )
        for event in made:
            refresh_components(event)
    try:
        yield made
    finally:
        with transaction.atomic():
            Event.objects.filter(workspace=workspace).delete()
            workspace.delete()
            bump_feed_version()


def _event(workspace: object, organisation: object, number: int) -> "Event":
    from documents.drafts.models import Handling
    from events.core.enums import EventKind, EventState, Visibility
    from events.models import Event

    starts_on = datetime.date(2026, 1, 1) + datetime.timedelta(days=number % 360)
    begins = datetime.datetime.combine(starts_on, datetime.time(6), datetime.UTC)
    return Event(
        workspace=workspace,
        organisation=organisation,
        kind=EventKind.SCREENING,
        state=EventState.ANNOUNCED,
        visibility=Visibility.PUBLIC,
        handling=Handling.PUBLIC,
        slug=f"bench-{number}",
        starts_on=starts_on,
        starts_at_time=datetime.time(11),
        ends_on=starts_on,
        ends_at_time=datetime.time(12),
        starts_at=begins,
        ends_at=begins + datetime.timedelta(hours=1),
        lasts_until=begins + datetime.timedelta(hours=1),
        announced_at=begins,
        changed_at=begins,
        region="KZ-75",
    )
