"""Registered journalists for pages and paper; data and messages that a phone stores for check-in."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _, pgettext

from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.permissions import Access
from events.core.enums import PressState
from events.core.formatting import moment_words
from events.core.journalists import why_registration_closed
from events.core.models import Event, PressGuest, PressRegistration
from events.core.pdf.typeset import typeset, when_and_where
from events.core.permissions import may_change
from events.core.printed_codes import code_of
from events.core.public_pages import Area, PublicAction
from events.core.queries import registration_of
from events.press.registration.check_in import (
    ROUNDS,
    Tick,
    TickResult,
    guest_id_for_phone,
    hash_guest_code,
    salt_of,
)
from events.press.registration.models import check_in_counts, guests_for_check_in
from events.press.registration.queries import Equipment

SHAPES = {  # shapes of components/state.html: icon and word, not colour alone
    PressState.UNCONFIRMED: "unopened",
    PressState.ASKED: "unopened",
    PressState.CONFIRMED: "approved",
    PressState.WAITING: "reopened",
    PressState.FULL: "abstains",
    PressState.WITHDRAWN: "objects",
}


def guest_rows(event: Event, guests: Iterable[PressGuest]) -> list[dict[str, Any]]:
    """Return the rows of journalists. `answers`: those an organiser can still give, with button labels."""
    choices = [
        (PressState.CONFIRMED, pgettext("press registration", "Confirm")),
        (PressState.WAITING, pgettext("press registration", "Put on the waiting list")),
        (PressState.FULL, pgettext("press registration", "Say that there is no place")),
    ]
    found = []
    for guest in guests:
        state = PressState(guest.state)
        brings = [str(Equipment(one).label) for one in guest.equipment if one in Equipment.values]
        can = state.can_be_answered and guest.came_at is None and event.cancelled_at is None
        row = {
            "guest": guest,
            "about": ", ".join([str(guest.get_language_display()), *brings]),
            "asked": moment_words(event, guest.asked_at) if guest.asked_at else "",
            "shape": SHAPES[state],
            "came": came_words(event, guest),
            "answers": [(one.value, word) for one, word in choices if one != state] if can else [],
        }
        found.append(row)
    return found


def came_words(event: Event, guest: PressGuest) -> str:
    """Return “Here since 10:42” on the day of the event, with the date on another."""
    if guest.came_at is None:
        return ""
    local = guest.came_at.astimezone(event.zone_info)
    clock = formats.time_format(local, "H:i")
    if local.date() == timezone.now().astimezone(event.zone_info).date():
        return _("Here since %(time)s") % {"time": clock}
    return _("Came on %(date)s at %(time)s") % {"date": day_in_words(local.date()), "time": clock}


def count_words(counts: Counter[str]) -> list[tuple[str, str, int]]:
    """Return shape, label and number of each state that has guests."""
    every = [(SHAPES[one], str(one.label), counts[one.value]) for one in PressState]
    return [one for one in every if one[2]]


def press_closed_message(registration: PressRegistration, why: str) -> str:
    """Return a sentence on why registration is closed; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled: press registration is closed."),
        "over": _("The event is over: press registration is closed."),
        "closed": _("Press registration is closed."),
    }[why]


def registration_action(event: Event) -> PublicAction | None:
    """The way to register as press, while one can."""
    registration = registration_of(event)
    if registration is None or why_registration_closed(registration):
        return None
    return PublicAction(_("Press registration"), reverse("press_registration", args=[event.slug]), "people")


CAMERAS = (Equipment.VIDEO, Equipment.PHOTO)


def guest_list_pdf(*, title: str, event: Event, rows: Sequence[dict[str, Any]], language: str) -> bytes:
    """Render A4 pages with one line and check box per journalist, in the active language."""
    return typeset(
        "press_list.typ",
        {
            "language": language,
            "title": title,
            "heading": f"{_('Journalists')} · {len(rows)}",
            "below": when_and_where(day_in_words(event.starts_on), event, language),
            "columns": [_("Here"), _("Outlet"), _("Name"), _("Language, equipment")],
            "rows": [
                {
                    "came": row["came"],
                    "outlet": row["guest"].outlet,
                    "name": row["guest"].name,
                    "about": row["about"],
                }
                for row in rows
            ],
            "foot": _(
                "Names of journalists: do not leave the list lying about, and destroy it after the event."
            ),
        },
        event=event,
    )


def badges_pdf(*, title: str, event: Event, guests: Iterable[PressGuest], language: str) -> bytes:
    """Render eight badges per A4 page, in the active language."""
    return typeset(
        "press_badges.typ",
        {
            "language": language,
            "heading": _("Badges of journalists"),
            "title": title,
            "day": day_in_words(event.starts_on),
            "badges": [
                {"name": guest.name, "outlet": guest.outlet, "role": _role(guest)} for guest in guests
            ],
        },
        event=event,
    )


def _role(guest: PressGuest) -> str:
    """Return “Press” with camera equipment: everybody there recognises who takes pictures."""
    brings = [str(one.label) for one in CAMERAS if one.value in guest.equipment]
    return " · ".join([pgettext("on a badge", "Press"), *brings])


KEPT_ON_PHONES_AFTER = datetime.timedelta(hours=2)  # events run late
DAY = datetime.timedelta(days=1)


def forgotten_at(event: Event) -> datetime.datetime:
    """Return when phones delete the list of an event."""
    return (event.lasts_until or event.starts_at + DAY) + KEPT_ON_PHONES_AFTER


def check_in_area(event: Event, access: Access) -> Area | None:
    """Return the check-in line on the event's page, for people who do the check-in."""
    if event.cancelled_at is not None or forgotten_at(event) < now() or not may_change(access, event):
        return None
    counts = check_in_counts(event)
    if counts is None:
        return None
    words = _("%(here)s of %(confirmed)s are here") % {"here": counts[0], "confirmed": counts[1]}
    return Area(_("At the door"), words, reverse("events:press_phone", args=[event.uuid]), "check")


def phone_list(registration: PressRegistration, phone: UUID, since: int) -> dict[str, object]:
    """Return the phone's missing data. It contains no identities: see `press_phones`."""
    whole = not 0 < since <= registration.door_number
    salt = salt_of(registration.event.uuid, phone)
    here, every = check_in_counts(registration.event) or (0, 0)
    return {
        "salt": salt.hex(),
        "rounds": ROUNDS,
        "number": registration.door_number,
        "whole": whole,
        "guests": _guests(guests_for_check_in(registration, 0 if whole else since), salt, whole=whole),
        "here": here,
        "confirmed": every,
        "clock": _milliseconds(now()),
        "until": _milliseconds(forgotten_at(registration.event)),
    }


def _guests(guests: Iterable[PressGuest], salt: bytes, *, whole: bool) -> list[list[object]]:
    """Return rows of hash, id, state, since. Hashes are slow, so only a whole list has them; a
    phone that lacks one requests the whole list."""
    return [
        [
            hash_guest_code(code_of(guest.uuid), salt) if whole else "",
            guest_id_for_phone(guest.uuid, salt),
            guest.state if guest.state in {PressState.CONFIRMED, PressState.WITHDRAWN} else "no_place",
            _milliseconds(guest.came_at),
        ]
        for guest in guests
    ]


def tick_answers(ticks: Iterable[Tick], results: Iterable[TickResult]) -> list[dict[str, object]]:
    return [
        {
            "mark": str(tick.mark),
            "seen": seen.value,
            "since": _milliseconds(since),
            "other": _milliseconds(other),
        }
        for tick, (seen, since, other) in zip(ticks, results, strict=True)
    ]


def _milliseconds(moment: datetime.datetime | None) -> int:
    """Return milliseconds since 1970, as in JavaScript; 0 for None."""
    return int(moment.timestamp() * 1000) if moment is not None else 0


_TIME_PLACEHOLDER = {"time": "{time}"}
_TIME_AND_OTHER_PLACEHOLDERS = {"time": "{time}", "other": "{other}"}


def phone_messages() -> dict[str, str]:
    """Return all messages by the script's keys."""
    return {
        "here": pgettext("at the door", "Is here now"),
        "before": _("Was here since %(time)s") % _TIME_PLACEHOLDER,
        "unknown": pgettext("at the door", "Not known"),
        "unknown_offline": _(
            "This phone’s list is from %(time)s. Ask for the name, or try again with a connection."
        )
        % _TIME_PLACEHOLDER,
        "unknown_why": _("Nobody of this event has this code. Look whether it was typed as it stands there."),
        "withdrawn": pgettext("at the door", "Was withdrawn"),
        "withdrawn_why": _("They said that they do not come."),
        "no_place": pgettext("at the door", "Has no place"),
        "no_place_why": _("The organisers gave the place to somebody else."),
        "taken_back": pgettext("at the door", "Taken back"),
        "kept": _("Kept on this phone until there is a connection."),
        "sent": _("The server knows of it."),
        "other_phone": _("Another phone ticked them off at %(other)s.") % _TIME_AND_OTHER_PLACEHOLDERS,
        "told_before": _("Ticked here at %(time)s: another phone was first, at %(other)s.")
        % _TIME_AND_OTHER_PLACEHOLDERS,
        "told_also": _("Ticked here at %(time)s: another phone did it too, at %(other)s.")
        % _TIME_AND_OTHER_PLACEHOLDERS,
        "told_withdrawn": _("Ticked here at %(time)s: they had withdrawn. They are not on the list.")
        % _TIME_PLACEHOLDER,
        "told_no_place": _("Ticked here at %(time)s: they had lost their place. They are not on the list.")
        % _TIME_PLACEHOLDER,
        "told_unknown": _("Ticked here at %(time)s: the server does not know them any more.")
        % _TIME_PLACEHOLDER,
        "online": pgettext("connection", "Online"),
        "offline": pgettext("connection", "Offline"),
        "waiting": _("Not sent yet: %(number)s") % {"number": "{number}"},
        "all_sent": _("Everything is sent"),
        "last": _("Last sent at %(time)s") % _TIME_PLACEHOLDER,
        "count": _("%(here)s of %(confirmed)s are here") % {"here": "{here}", "confirmed": "{confirmed}"},
        "signed_out": _(
            "You are signed out. What you ticked is kept here until you sign in again; the list is not."
        ),
        "ended": _("You stand at this door no longer. Nothing is kept on this phone."),
        "over": _("The event is over. The list is not on this phone any more."),
        "forgotten": _("Nothing is kept on this phone."),
        "loading": _("The list is being fetched …"),
        "no_list": _("Without a connection this phone has no list yet."),
        "not_here": _("This browser can keep nothing safely. Use the list of names."),
        "no_camera": _("The camera cannot be used. Type the code, or allow the camera in the browser."),
    }
