"""Importing a partner's calendar of 5,000 events, of which every tenth comes again every week."""

import datetime
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from bench import demo_data
from bench.figures import Figure, at_most, told

if TYPE_CHECKING:
    from coalition.workspaces.permissions import Access

EVENTS = 5_000


def measure(_peer: str | None) -> list[Figure]:
    """Seconds from bringing the file in to the last event kept, and the longest transaction meanwhile."""
    demo_data.prepare()
    from events.models import PartnerCalendar, PartnerTime
    from events.partner_calendars import actions as partner_calendars_actions
    from events.partner_calendars.actions import bring_in_file

    pieces: list[float] = []
    progress: set[int] = set()
    really = partner_calendars_actions._keep_piece

    def timed(calendar: PartnerCalendar, *rest: object) -> None:
        begun = time.monotonic()
        really(calendar, *rest)  # type: ignore[arg-type]  # passed on
        pieces.append(time.monotonic() - begun)
        progress.add(PartnerCalendar.objects.get(pk=calendar.pk).done)

    with _access() as access, mock.patch.object(partner_calendars_actions, "_keep_piece", timed):
        begun = time.monotonic()
        calendar = bring_in_file(
            access=access,
            organisation=access.organisation,
            name="Five thousand",
            content=io.BytesIO(_calendar()),
            zone="Asia/Almaty",
            region="",
            busy_only=False,
        )
        partner_calendars_actions.read_calendar(calendar.uuid)
        took = time.monotonic() - begun
        kept = calendar.events.filter(reason={}).count()
        times = PartnerTime.objects.filter(event__calendar=calendar).count()
        PartnerCalendar.objects.filter(name=calendar.name).delete()
        if kept != EVENTS:
            raise RuntimeError(f"{kept} of {EVENTS} events were kept.")
    return [
        at_most("calendar", f"import of {EVENTS} events", took, "s", reach=20),
        at_most("calendar", "import: longest write transaction", max(pieces), "s", reach=1),
        told("calendar", "import: occurrences kept", times, "times"),
        told("calendar", "import: steps of progress shown", len(progress), "steps"),
    ]


@contextmanager
def _access() -> Iterator["Access"]:
    """An editor's access to a workspace of the demo."""
    from coalition.roles import SeatRole
    from coalition.workspaces.permissions import access_to
    from coalition.workspaces.queries import active_seats

    seat = active_seats().filter(role=SeatRole.COORDINATOR).select_related("person", "workspace").first()
    if seat is None:
        raise RuntimeError("The demo has no coordinator.")
    yield access_to(seat.person, seat.workspace.uuid)


def _calendar() -> bytes:
    first = datetime.datetime.now(tz=datetime.UTC)
    events = []
    for number in range(EVENTS):
        day = first + datetime.timedelta(days=number % 500, hours=1)
        weekly = ["RRULE:FREQ=WEEKLY"] if number % 10 == 0 else []
        lines = [
            *["BEGIN:VEVENT", f"UID:{number}@partner.example", f"DTSTAMP:{day:%Y%m%dT%H%M%SZ}"],
            f"DTSTART;TZID=Asia/Almaty:{day:%Y%m%dT%H0000}",
            *["DURATION:PT1H30M", f"SUMMARY:Event number {number}", "LOCATION:A hall\\, upstairs"],
            *["DESCRIPTION:" + "What it is about. " * 12, *weekly, "END:VEVENT"],
        ]
        events.append("\r\n".join(lines))
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()
