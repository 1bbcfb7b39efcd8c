"""The members' month view with 2,000 events: its database queries, and the frame of the page."""

import datetime
import time
from typing import TYPE_CHECKING

from bench import demo_data
from bench.figures import Figure, at_most, told

if TYPE_CHECKING:
    from events.models import Event

EVENTS = 2_000
MONTH = datetime.date(2026, 3, 1)


def measure(_peer: str | None) -> list[Figure]:
    """Measure queries and seconds of the whole month, for a coordinator of the demo."""
    demo_data.prepare()
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from coalition.accounts.models import User
    from coalition.accounts.naming import viewer_for
    from events.calendar.presenters import CalendarQuery, load_calendar_span
    from events.core.month_grid import build_month_grid, span_of

    user = User.objects.get(email="coordinator@demo.example")
    first, last = span_of(MONTH)
    with transaction.atomic():
        _plan(user)
        asking = CalendarQuery(user=user, viewer=viewer_for(user), first=first, last=last)
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            span = load_calendar_span(asking)
            build_month_grid(
                MONTH, today=MONTH, entries=span.happenings, stretches=span.stretches, names=span.names
            )
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    if len(span.happenings) < EVENTS:
        raise RuntimeError(f"The month shows {len(span.happenings)} of {EVENTS} events.")
    return [
        at_most("calendar", f"month of {EVENTS} events: queries", len(queries), "queries", reach=12),
        told("calendar", f"month of {EVENTS} events: read and laid out", took * 1000, "ms"),
    ]


def _plan(user: object) -> None:
    from coalition.workspaces.queries import active_seats
    from events.models import Event, EventText

    seat = active_seats(user).select_related("workspace", "organisation")[0]  # type: ignore[arg-type]  # a user
    made = Event.objects.bulk_create(_event(seat, number) for number in range(EVENTS))
    EventText.objects.bulk_create(
        EventText(event=event, language="kk", title=f"Іс-шара {event.pk}", place="Баспасөз клубы")
        for event in made
    )


def _event(seat: object, number: int) -> "Event":
    """Create an event. Every tenth recurs weekly; every hundredth is open for the whole month."""
    from events.models import Event

    day = MONTH + datetime.timedelta(days=number % 31)
    runs = number % 100 == 1
    begins = datetime.datetime.combine(day, datetime.time(4), datetime.UTC) + datetime.timedelta(
        minutes=number % 600
    )
    ends = begins + datetime.timedelta(hours=1)
    return Event(
        workspace=seat.workspace,  # type: ignore[attr-defined]  # a seat
        organisation=seat.organisation,  # type: ignore[attr-defined]  # a seat
        kind="exhibition" if runs else "meeting",
        starts_on=day,
        starts_at_time=(begins + datetime.timedelta(hours=5)).time(),
        ends_on=day,
        ends_at_time=(ends + datetime.timedelta(hours=5)).time(),
        run_from=MONTH if runs else None,
        run_until=MONTH + datetime.timedelta(days=30) if runs else None,
        frequency="WEEKLY" if number % 10 == 0 else "",
        repeat_until=MONTH + datetime.timedelta(days=60) if number % 10 == 0 else None,
        starts_at=begins,
        ends_at=ends,
        lasts_until=ends + datetime.timedelta(days=90),
        changed_at=begins,
        region="KZ-75" if number % 2 else "",
    )
