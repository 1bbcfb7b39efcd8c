"""Row locks on events."""

from uuid import UUID

from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.core.enums import EventState
from events.core.models import Event, Placed


def lock_event(event: Event) -> Event:
    """Lock the event's row in the caller's transaction and return it as it is now."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("workspace", "organisation")
    return rows.get(pk=event.pk)


def refuse_cancelled(event: Event) -> None:
    """Raise Refused if the event is cancelled: a cancelled event cannot be changed."""
    if event.state == EventState.CANCELLED:
        raise Refused(_("The event is cancelled."))


# --- ordering ---
# Reordering of items. Callers hold a lock on the parent object.


def next_position[T: Placed](rows: QuerySet[T]) -> int:
    """Return the last position, counting removed items."""
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def move_before[T: Placed](rows: QuerySet[T], row: T, target: int) -> None:
    """Move a row before the one that has the position `target` now; shift the others."""
    if row.position < target:
        between = rows.filter(position__gt=row.position, position__lt=target)
        between.update(position=F("position") - 1)
        row.position = target - 1
    else:
        between = rows.filter(position__gte=target, position__lt=row.position)
        between.update(position=F("position") + 1)
        row.position = target
    row.save(update_fields=["position"])


def swap_with_neighbour[T: Placed](rows: QuerySet[T], uuid: UUID, *, down: bool) -> bool:
    """Swap a row with its neighbour above or below among rows not removed; do nothing at the edge.

    Return whether the row exists.
    """
    standing = list(rows.filter(removed_at=None).order_by("position", "pk"))
    place = next((number for number, row in enumerate(standing) if row.uuid == uuid), None)
    if place is None:
        return False
    other = place + (1 if down else -1)
    if 0 <= other < len(standing):
        row, neighbour = standing[place], standing[other]
        row.position, neighbour.position = neighbour.position, row.position
        rows.bulk_update([row, neighbour], ["position"])
    return True
