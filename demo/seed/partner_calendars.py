"""Partners' calendars: files as a partner's program exports them, imported and reviewed."""

import datetime
import io
from collections.abc import Mapping
from functools import partial

from django.utils import timezone
from icalendar import Calendar, Event as Component

from coalition.jobs import scheduler
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.dates import clock, day_of
from demo.seed.history import History
from demo.seed.workspaces import MAIN, access_of
from events.core.actions.times import ALMATY
from events.models import PartnerEvent
from events.partner_calendars.actions import READ_CALENDAR, add_calendar_from_file, read_calendar, show_events


def plan_calendars(
    demo: Demo, accounts: Accounts, workspaces: Mapping[str, Workspace], history: History
) -> None:
    """Plan the import of the partners' calendars."""
    today = timezone.localdate(history.started_at)
    for record in demo.calendars:
        history.add(record["days_ago"], partial(_bring_in, record, accounts, workspaces[MAIN], today))


def _bring_in(record: Record, accounts: Accounts, workspace: Workspace, today: datetime.date) -> None:
    """Import the file, read it at once, and show the events that were reviewed."""
    access = access_of(accounts.people[record["by"]], workspace)
    calendar = add_calendar_from_file(
        access=access,
        organisation=accounts.organisations[record["organisation"]],
        name=record["name"],
        content=io.BytesIO(exported(record, today)),
        zone=ALMATY,
        region=record["region"],
        busy_only=record.get("busy_only", False),
    )
    read_calendar(calendar.uuid)
    scheduler.cancel(kind=READ_CALENDAR, key=str(calendar.uuid))
    shown = PartnerEvent.objects.filter(calendar=calendar, uid__in=[_uid(one) for one in record["show"]])
    show_events(access=access, calendar=calendar, events=list(shown.values_list("uuid", flat=True)))


def exported(record: Record, today: datetime.date) -> bytes:
    """Return the calendar as a file with floating times, as many programs write them."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Demo//Partner//KK")
    calendar.add("VERSION", "2.0")
    for one in record["events"]:
        component, day = Component(), day_of(one["when"], today)
        component.add("UID", _uid(one["id"]))
        component.add("DTSTAMP", datetime.datetime.combine(today, datetime.time(8), datetime.UTC))
        component.add("DTSTART", datetime.datetime.combine(day, clock(one["when"]["from"])))
        component.add("DTEND", datetime.datetime.combine(day, clock(one["when"]["to"])))
        component.add("SUMMARY", one["title"])
        component.add("LOCATION", one["place"])
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


def _uid(identifier: str) -> str:
    return f"{identifier}@partner.demo.example"
