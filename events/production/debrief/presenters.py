"""Debrief presenters: the page, and the event's line."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.afterwards import thanked_groups
from events.core.enums import EventState
from events.core.models import Event
from events.core.pages import Area
from events.production.debrief.models import Afterwards


@dataclass(frozen=True)
class ThanksRow:
    """Group row: how many came, and, if it was thanked, when and with how many mails. `can`:
    whether it can be thanked now."""

    name: str
    label: str
    came: int
    thanked_at: datetime.datetime | None
    thanked: int
    can: bool


def has_event_ended(event: Event) -> bool:
    """Whether the event itself has ended; its run may continue."""
    return event.ends_at <= now()


def thanks_rows(event: Event, row: Afterwards | None) -> list[ThanksRow]:
    """Return the groups with the number who came: one query per group."""
    done = row.thanked if row is not None else {}
    found = []
    for name, group in thanked_groups().items():
        said = done.get(name)
        at = datetime.datetime.fromisoformat(said["at"]) if said else None
        count = sum(1 for _one in group.people(event))
        can = bool(count) and said is None and group.may_be_thanked(event)
        found.append(ThanksRow(name, str(group.label), count, at, said["count"] if said else 0, can))
    return found


def debrief_area(event: Event, access: Access) -> Area | None:
    """Return the debrief's line for members who prepare the event, once it took place."""
    if event.state == EventState.CANCELLED or not has_event_ended(event) or not access.may(Right.SEE_DRAFTS):
        return None
    written = Afterwards.objects.filter(event=event, revision__gt=0).exists()
    return Area(
        label=_("After the event"),
        words=_("written down") if written else _("not written down yet"),
        address=reverse("events:afterwards", args=[event.uuid]),
        icon="book",
    )
