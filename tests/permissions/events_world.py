"""Events, invitations, partners' calendars and sittings of the world in which every secret has a word."""

import datetime
import io
from uuid import UUID
from zoneinfo import ZoneInfo

from coalition.accounts.models import Language, Organisation
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import Handling
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.conflicts.sittings import enter_sitting
from events.core.actions.plan import announce_event, cancel_event, plan_event
from events.core.actions.times import EventPlaceInput, EventTextInput, EventTimesInput
from events.core.enums import EventKind, IntakeState, Visibility
from events.invitations.actions import GuestInput, invite_people
from events.models import Event, PartnerCalendar, PressGuest
from events.partner_calendars.actions import add_calendar_from_file, read_calendar, show_events
from events.press.registration.actions import confirm_press_address, open_to_press, request_press_place
from events.production.checklist.actions import add_task
from events.production.debrief.actions import save_debrief
from events.production.fallback_venue.actions import set_fallback_venue
from events.production.running_order.actions import add_running_item
from tests.events.partner_calendars.calendars import calendar, vevent
from tests.permissions.world import DECIDERS, EVERYONE, READERS, SEATED, World

PLANNERS = frozenset({"editor", "coordinator", "admitted"})
MEMBERS = EVERYONE - {"anonymous", "superuser"}  # of organisations; the superuser is of none
TOLD_TO = {
    "planned": DECIDERS,  # the representative's organisation is asked to host it
    "inside": SEATED,
    "coalition": MEMBERS,
    "public": EVERYONE,
    "cancelled": EVERYONE,
    "kept": frozenset({"admitted"}),  # restricted to one organisation
    "beyond": frozenset({"neighbour"}),
}
ANNOUNCED = {
    "inside": Visibility.WORKSPACE,
    "coalition": Visibility.COALITION,
    "public": Visibility.PUBLIC,
    "cancelled": Visibility.PUBLIC,
    "kept": Visibility.WORKSPACE,
    "beyond": Visibility.WORKSPACE,
}
PREPARED = ("item", "who", "note", "task", "task_note", "second", "second_address", "second_note")
PREPARED += ("well", "badly", "next")  # what was learned
KNOWING = {"event_kept": "admitted", "event_beyond": "neighbour"}


def add_events(made: World) -> None:
    """One event in each state, with words of its own in everything that is told of it."""
    for state in TOLD_TO:
        _event(made, state)
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    _calendar(made, access)
    body = made.canary("sitting", "body", READERS | {"observer"})
    starts = now() + datetime.timedelta(days=1)
    ends = starts + datetime.timedelta(hours=2)
    sitting = enter_sitting(access=access, body=body, region="", starts_at=starts, ends_at=ends)
    made.things["sitting"] = {"workspace": made.workspace.uuid, "sitting": sitting.uuid}


def _event(made: World, state: str) -> None:
    place, by = (made.elsewhere, "neighbour") if state == "beyond" else (made.workspace, "coordinator")
    by = "admitted" if state == "kept" else by
    access = access_to(made.people[by], place.uuid)
    about = f"event{state}"
    said = {
        what: made.canary(about, what, TOLD_TO[state])
        for what in ("title", "text", "place", "address", "access_notes")
    }
    online = "https://t.kz/" + made.canary(about, "o", TOLD_TO[state])
    words = EventTextInput(**said)
    tomorrow = (now() + datetime.timedelta(days=1)).astimezone(ZoneInfo("Asia/Almaty"))
    event = plan_event(
        access=access,
        kind=EventKind.MEETING,
        texts=dict.fromkeys(("kk", "ru", "en"), words),
        times=EventTimesInput(tomorrow.date(), datetime.time(11), ends_at_time=datetime.time(12)),
        place=EventPlaceInput(region="KZ-75", online_link=online),
        handling=Handling.PUBLIC,
        restricted_to=[access.organisation] if state == "kept" else [],
    )
    if state in ANNOUNCED:
        event = announce_event(access=access, event=event, visibility=ANNOUNCED[state])
    if state == "cancelled":
        event = cancel_event(access=access, event=event)
    else:
        _people(made, state, access, event)
    parts = (
        _running(made, state, access, event)
        if state != "cancelled"
        else {"item": event.uuid, "task": event.uuid}
    )
    made.things[f"event_{state}"] = {
        "event": event.uuid,
        **parts,
        "guest": _press(made, access, event) if state == "public" else event.uuid,
        "workspace": place.uuid,
        "organisation": access.organisation.uuid,
        "slug": event.slug or "no-such-event",
        "on": f"{event.starts_on:%Y-%m-%d}",
        "group": "press",
    }


def _running(made: World, state: str, access: Access, event: Event) -> dict[str, UUID]:
    """A minute plan and a checklist, for those who prepare the event, however wide it is told."""
    preparing = {"beyond": frozenset({"neighbour"}), "kept": frozenset({"admitted"})}.get(state, READERS)
    said = {what: made.canary(f"event{state}", what, preparing) for what in PREPARED}
    item = {"title": {"kk": said["item"]}, "minutes": 5, "who": said["who"], "note": said["note"]}
    task = {
        "title": {"kk": said["task"]},
        "days_before": 1,
        "organisation": access.organisation,
        "note": said["task_note"],
    }
    row = add_running_item(access=access, event=event, **item)
    elsewhere = {"place": said["second"], "address": said["second_address"], "access_notes": ""}
    plan_b = {"words": {"kk": elsewhere}, "place": EventPlaceInput(), "note": said["second_note"]}
    set_fallback_venue(access=access, event=event, **plan_b)
    learned = {"went_well": said["well"], "went_badly": said["badly"], "next_time": said["next"]}
    save_debrief(access=access, event=event, **learned, seen=0)
    return {"item": row.uuid, "task": add_task(access=access, event=event, **task).uuid}


def _press(made: World, access: Access, event: Event) -> UUID:
    """A journalist who comes, for those who plan it, and one who never opened the link, for nobody."""
    registration = open_to_press(access=access, event=event, places=9, per_outlet=9)
    fields = ("name", "outlet", "phone", "interview")
    said = {what: made.canary("eventpublic", f"press{what}", PLANNERS) for what in fields}
    silent = {what: made.canary("eventpublic", f"unproved{what}", ()) for what in fields}
    for words, mail in ((silent, "canaryeventpublicunprovedguest"), (said, "canaryeventpublicpressguest")):
        asking = dict(**words, address=f"{mail}@tests.example", language=Language.EN)
        request_press_place(registration=registration, **asking)
    guest = PressGuest.objects.latest("pk")
    confirm_press_address(guest=guest)
    return guest.uuid


def _people(made: World, state: str, access: Access, event: Event) -> None:
    """Guests, whom those see who plan; co-hosts, one asked, and those whose names must not be told."""
    if state != "kept":  # what is restricted takes no guests
        plans = {"neighbour"} if state == "beyond" else PLANNERS
        guest = made.canary(f"event{state}", "guest", plans)
        invited = GuestInput(f"{guest.lower()}@tests.example", guest, "en")
        invite_people(access=access, event=event, guests=[invited])
    if state == "planned":
        _ask(access, event, made.people["representative"].memberships.get().organisation)
    if state == "public":
        for listing in ("withheld", "confidential"):
            person = made.people[listing]
            organisation = person.memberships.get().organisation
            [row] = _ask(access, event, organisation)
            answer_co_host(user=person, co_host=row, consents=True)


def _ask(access: Access, event: Event, organisation: Organisation) -> list:
    return ask_co_hosts(access=access, event=event, organisations=[organisation])


def _calendar(made: World, access: Access) -> None:
    """Partners' calendars: an event that is shown, one that waits, and one of which only times are told."""
    shown = made.canary("partner", "shown", READERS)
    waiting = made.canary("partner", "waiting", READERS)
    name = made.canary("partner", "name", READERS)
    untold = made.canary("partner", "untold", ())
    kept = _read(access, name, shown, busy_only=False)
    show_events(access=access, calendar=kept)
    _read(access, name, waiting, busy_only=False)
    _read(access, name, untold, busy_only=True)
    made.things["partner_calendar"] = {"workspace": made.workspace.uuid, "calendar": kept.uuid}
    waits = PartnerCalendar.objects.filter(events__state=IntakeState.WAITING, busy_only=False).get()
    made.things["partner_waiting"] = {"workspace": made.workspace.uuid, "calendar": waits.uuid}


def _read(access: Access, name: str, title: str, *, busy_only: bool) -> PartnerCalendar:
    day = now() + datetime.timedelta(days=1)
    event = vevent(
        f"UID:{title}@partner.example",
        f"DTSTART:{day:%Y%m%dT050000Z}",
        f"DTEND:{day:%Y%m%dT060000Z}",
        f"SUMMARY:{title}",
    )
    brought = add_calendar_from_file(
        access=access,
        organisation=access.organisation,
        name=name,
        content=io.BytesIO(calendar(event)),
        zone="Asia/Almaty",
        region="KZ-75",
        busy_only=busy_only,
    )
    kept = read_calendar(brought.uuid)
    assert kept is not None
    return kept
