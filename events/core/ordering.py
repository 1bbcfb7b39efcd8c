"""Changing the order of things. Callers hold a lock on what the things belong to."""

from uuid import UUID

from django.db.models import F, Max, QuerySet

from events.core.models import Placed


def last_place[T: Placed](rows: QuerySet[T]) -> int:
    """The place behind all of them, also behind those that were taken out."""
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def put_before[T: Placed](rows: QuerySet[T], row: T, target: int) -> None:
    """Move a row to the place before the one that has the position `target` now; the others make room."""
    if row.position < target:
        between = rows.filter(position__gt=row.position, position__lt=target)
        between.update(position=F("position") - 1)
        row.position = target - 1
    else:
        between = rows.filter(position__gte=target, position__lt=row.position)
        between.update(position=F("position") + 1)
        row.position = target
    row.save(update_fields=["position"])


def step[T: Placed](rows: QuerySet[T], uuid: UUID, *, down: bool) -> bool:
    """Change places with the neighbour above or below among the rows that stand; at the edge nothing happens.

    Returns whether the row is there.
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
