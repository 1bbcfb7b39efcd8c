"""Edit the running order of an event, and record actual start times on the day.

Each change locks the order's row, so that concurrent changes to different items both succeed; for
the same item the second person gets the first one's version.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from events.core import audit as core_audit
from events.core.models import Event
from events.core.permissions import (
    StaleRevision,
    event_to_change,
    move_before,
    next_position,
    swap_with_neighbour,
)
from events.production.models import RunningItem, RunningOrder, on_wall
from events.production.running_order.queries import is_running_day, push_running_order

MOST_ITEMS = 300
ITEM_GONE = _("This item is not in the running order any more.")


def set_beginning(*, access: Access, event: Event, begins: datetime.time) -> RunningOrder:
    """Set the start of the first item; the running order is created on first use.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled.
    """
    with event_to_change(access, event) as locked:
        order, made = RunningOrder.objects.select_for_update().get_or_create(
            event=locked, defaults={"begins": begins, "changed_at": now()}
        )
        if made:
            core_audit.record_event_action(locked, access, "event.running_order_made")
        order.event, order.begins, order.made_for = locked, begins, locked.starts_at_time
        return _save_revision(order)


def add_running_item(
    *, access: Access, event: Event, after: UUID | None = None, **fields: Any
) -> RunningItem:
    """Insert an item after another one, or at the end. `fields`: those of RunningItemForm.

    Raises NotAllowed; Refused if there are too many items.
    """
    with _order_to_change(access, event) as order:
        rows = RunningItem.objects.filter(order=order)
        if rows.filter(removed_at=None).count() >= MOST_ITEMS:
            raise Refused(_("A running order has at most 300 items."))
        before = rows.filter(uuid=after).first() if after else None
        place = before.position + 1 if before else next_position(rows)
        rows.filter(position__gte=place).update(position=F("position") + 1)
        return RunningItem.objects.create(order=order, position=place, **fields)


def change_running_item(*, access: Access, event: Event, uuid: UUID, seen: int, **fields: Any) -> RunningItem:
    """Change an item. `seen`: the revision that the form was loaded with; `fields`: those of the form.

    Raises StaleRevision if the current revision differs; NotAllowed; Refused if it is gone.
    """
    with _order_to_change(access, event) as order:
        row = _item(order, uuid)
        if row.revision != seen:
            message = _(
                "Somebody else changed this item meanwhile. What they wrote is below, what you wrote is kept."
            )
            raise StaleRevision(row, message)
        for name, value in fields.items():
            setattr(row, name, value)
        row.revision += 1
        row.save()
    return row


def move_running_item(*, access: Access, event: Event, uuid: UUID, before: UUID | None) -> None:
    """Move an item before another one; None: to the end. Raises NotAllowed; Refused if it is gone."""
    with _order_to_change(access, event) as order:
        row = _item(order, uuid)
        rows = RunningItem.objects.filter(order=order)
        move_before(rows, row, next_position(rows) if before is None else _item(order, before).position)


def step_running_item(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Swap an item with the neighbour above or below; at either end nothing happens."""
    with _order_to_change(access, event) as order:
        if not swap_with_neighbour(RunningItem.objects.filter(order=order), uuid, down=down):
            raise Refused(ITEM_GONE)


def remove_running_item(*, access: Access, event: Event, uuid: UUID) -> None:
    """Archive an item; it can be restored to its place."""
    with _order_to_change(access, event) as order:
        row = _item(order, uuid)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])


def restore_running_item(*, access: Access, event: Event, uuid: UUID) -> None:
    """Restore an archived item to its place."""
    with _order_to_change(access, event) as order:
        if RunningItem.objects.filter(order=order, removed_at=None).count() >= MOST_ITEMS:
            raise Refused(_("A running order has at most 300 items."))
        RunningItem.objects.filter(order=order, uuid=uuid).update(removed_at=None)


def begin_item(*, access: Access, event: Event, uuid: UUID) -> None:
    """Record that an item begins now, and reset the start of all items below it.

    Raises Refused on any day other than the event's.
    """
    with _order_to_change(access, event) as order:
        if not is_running_day(order.first_moment, now()):
            raise Refused(_("What begins is said on the day of the event."))
        row = _item(order, uuid)
        order.items.filter(position__gt=row.position).update(began_at=None)
        row.began_at = now()
        row.save(update_fields=["began_at"])
        order.ended_at = None


def end_order(*, access: Access, event: Event) -> None:
    """Record that the last item is over."""
    with _order_to_change(access, event) as order:
        order.ended_at = now()


def reset_progress(*, access: Access, event: Event) -> None:
    """Delete all recorded starts, for example after a rehearsal."""
    with _order_to_change(access, event) as order:
        order.items.update(began_at=None)
        order.ended_at = None


def reschedule_running_order(event: Event) -> None:
    """Shift the start and fixed times by as much as the event moved. Registered with `on_change`.

    Nothing is shifted once an item has begun, or if a time would leave the day: then page and PDF
    display the start for which the plan was made.
    """
    if event.starts_at_time is None:
        return
    order = RunningOrder.objects.select_for_update().filter(event=event).first()
    if order is None or order.made_for == event.starts_at_time:
        return
    order.event = event
    if order.made_for is None:
        order.made_for = event.starts_at_time
        order.save(update_fields=["made_for"])
        return
    by = on_wall(event, event.starts_at_time) - on_wall(event, order.made_for)
    fixed = list(order.items.exclude(pinned=None))
    times = [order.begins, *(row.pinned for row in fixed if row.pinned is not None)]
    moved = [on_wall(event, time) + by for time in times]
    begun = order.ended_at is not None or order.items.exclude(began_at=None).exists()
    if begun or any(moment.date() != event.starts_on for moment in moved):
        return
    order.begins, order.made_for = moved[0].time(), event.starts_at_time
    for row, moment in zip(fixed, moved[1:], strict=True):
        row.pinned, row.revision = moment.time(), row.revision + 1
        row.save(update_fields=["pinned", "revision"])
    _save_revision(order)


@contextmanager
def _order_to_change(access: Access, event: Event) -> Iterator[RunningOrder]:
    """Open a transaction with the order locked, created with the event's start on first use; then save its
    new revision."""
    with event_to_change(access, event) as locked:
        order = RunningOrder.objects.select_for_update(of=("self",)).filter(event=locked).first()
        if order is None:
            begins = locked.starts_at_time or datetime.time(10)
            order = set_beginning(access=access, event=locked, begins=begins)
        order.event = locked
        yield order
        _save_revision(order)


def _item(order: RunningOrder, uuid: UUID) -> RunningItem:
    row = RunningItem.objects.filter(order=order, uuid=uuid, removed_at=None).first()
    if row is None:
        raise Refused(ITEM_GONE)
    return row


def _save_revision(order: RunningOrder) -> RunningOrder:
    order.revision += 1
    order.changed_at = now()
    order.save()
    push_running_order(order)
    return order


def take_over_running_order(access: Access, source: Event, made: Event) -> None:
    """Copy minutes and titles; speakers are asked again."""
    order = RunningOrder.objects.filter(event=source).first()
    if order is None:
        return
    copy = RunningOrder.objects.create(
        event=made, begins=order.begins, made_for=order.made_for, changed_at=now()
    )
    items = order.items.filter(removed_at=None)
    RunningItem.objects.bulk_create(
        RunningItem(
            order=copy,
            position=number,
            title=item.title,
            minutes=item.minutes,
            pinned=item.pinned,
            note=item.note,
        )
        for number, item in enumerate(items)
    )
