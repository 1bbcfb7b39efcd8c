"""Shifts to test with: made, signed up for by a link, and proved, by the domain's own functions."""

import datetime

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.models import Event, Shift, ShiftLink, Volunteer
from events.volunteers.actions.shifts import add_shift
from events.volunteers.actions.sign_up import confirm_volunteer_address, make_shift_link, request_sign_up
from tests.recording import recorded


def work(
    on: str = "2026-03-10", begins: str = "11:00", ends: str = "15:00", needed: int = 2, **more: object
) -> dict[str, object]:
    said = {
        "title": {"kk": "Залда тұру", "en": "Stand in the hall"},
        "on": datetime.date.fromisoformat(on),
        "begins": datetime.time.fromisoformat(begins),
        "ends": datetime.time.fromisoformat(ends),
        "needed": needed,
    }
    return {**said, **more}


@recorded
def shift(access: Access, event: Event, *given: object, **more: object) -> Shift:
    return add_shift(access=access, event=event, **work(*given, **more))


@recorded
def linked(access: Access, event: Event, days: int = 30) -> ShiftLink:
    return make_shift_link(
        access=access, event=event, until=now() + datetime.timedelta(days=days), name="Chat"
    )


def signing_up(name: str, *shifts: Shift, **more: object) -> dict[str, object]:
    said = {
        "name": name,
        "address": f"{name.lower()}@help.example",
        "phone": f"+7 701 {name}",
        "language": Language.EN,
        "shifts": [one.uuid for one in shifts],
        "briefed": True,
    }
    return {**said, **more}


@recorded
def asks(link: ShiftLink, name: str, *shifts: Shift, **more: object) -> Volunteer:
    """Somebody chose shifts and has not opened the mail yet."""
    request_sign_up(link=link, **signing_up(name, *shifts, **more))
    return Volunteer.objects.latest("pk")


@recorded
def helps(link: ShiftLink, name: str, *shifts: Shift, **more: object) -> Volunteer:
    """Somebody chose shifts and pressed the button of the mail."""
    made = asks(link, name, *shifts, **more)
    confirm_volunteer_address(volunteer=made)
    made.refresh_from_db()
    return made
