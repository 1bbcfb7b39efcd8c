"""What the page after an event shows, and the event's line to it."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.area import Area
from events.core.enums import EventState
from events.core.models import Event
from events.production.debrief.actions import GROUPS
from events.production.debrief.models import Afterwards


@dataclass(frozen=True)
class ThanksRow:
    """One group: how many of it came, and, if it was thanked, when and how many mails that were. `can`:
    whether it can be thanked now."""

    name: str
    label: str
    came: int
    thanked_at: datetime.datetime | None
    thanked: int
    can: bool


def is_over(event: Event) -> bool:
    """Whether the event itself has ended; a run may go on."""
    return event.ends_at <= now()


def thanks_rows(event: Event, row: Afterwards | None) -> list[ThanksRow]:
    """The groups with who came: as many queries as groups."""
    done = row.thanked if row is not None else {}
    found = []
    for name, group in GROUPS.items():
        said = done.get(name)
        at = datetime.datetime.fromisoformat(said["at"]) if said else None
        count = sum(1 for _one in group.people(event))
        can = bool(count) and said is None and group.may_be_thanked(event)
        found.append(ThanksRow(name, str(group.label), count, at, said["count"] if said else 0, can))
    return found


def afterwards_area(event: Event, access: Access) -> Area | None:
    """For those who prepare the event, once it is over and took place."""
    if event.state == EventState.CANCELLED or not is_over(event) or not access.may(Right.SEE_DRAFTS):
        return None
    written = Afterwards.objects.filter(event=event, revision__gt=0).exists()
    return Area(
        label=_("After the event"),
        words=_("written down") if written else _("not written down yet"),
        address=reverse("events:afterwards", args=[event.uuid]),
        icon="book",
    )
