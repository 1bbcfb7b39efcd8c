"""Writing the running order of an event, and saying on the day what begins.

Changes go item by item with the order's row held, so that two people at once change two items; of one item,
the second is told what the first wrote.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.ordering import last_place, put_before, step
from events.core.permissions import may_change
from events.production.running_order import topics
from events.production.running_order.models import RunningItem, RunningOrder, on_wall
from events.production.running_order.timetable import is_the_day

MOST_ITEMS = 300
MOST_MINUTES = 600


@dataclass(frozen=True)
class Item:
    """What is said of an item. `title` by language; `pinned` is on the wall, in the event's zone."""

    title: Mapping[str, str]
    minutes: int
    pinned: datetime.time | None = None
    who: str = ""
    note: str = ""


class Stale(Refused):
    """Somebody else changed the item since the page was opened; `item` is what stands there now."""

    def __init__(self, item: RunningItem) -> None:
        super().__init__(
            _("Somebody else changed this item meanwhile. What they wrote is below, what you wrote is kept.")
        )
        self.item = item


def set_beginning(*, access: Access, event: Event, begins: datetime.time) -> RunningOrder:
    """Say when the first item begins; the running order is made on first use.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        order, made = RunningOrder.objects.select_for_update().get_or_create(
            event=locked, defaults={"begins": begins, "changed_at": now()}
        )
        if made:
            audit.record(locked, access, "event.running_order_made")
        order.event, order.begins, order.made_for = locked, begins, locked.starts_at_time
        return _changed(order)


def add_item(*, access: Access, event: Event, item: Item, after: UUID | None = None) -> RunningItem:
    """Put an item after another one, or at the end.

    Raises NotAllowed; Refused if a title, or minutes that fit, are missing, or if there are too many.
    """
    _check(item)
    with transaction.atomic():
        order = _held(access, event)
        rows = RunningItem.objects.filter(order=order)
        if rows.filter(removed_at=None).count() >= MOST_ITEMS:
            raise Refused(_("A running order has at most 300 items."))
        before = rows.filter(uuid=after).first() if after else None
        place = before.position + 1 if before else last_place(rows)
        rows.filter(position__gte=place).update(position=F("position") + 1)
        made = RunningItem.objects.create(order=order, position=place, **_fields(item))
        _changed(order)
    return made


def change_item(*, access: Access, event: Event, uuid: UUID, item: Item, seen: int) -> RunningItem:
    """Change what is said of an item. `seen`: the revision that the person had before them.

    Raises Stale if it is another one now, beside what `add_item` raises.
    """
    _check(item)
    with transaction.atomic():
        order = _held(access, event)
        row = _item(order, uuid)
        if row.revision != seen:
            raise Stale(row)
        for name, value in _fields(item).items():
            setattr(row, name, value)
        row.revision += 1
        row.save()
        _changed(order)
    return row


def move_item(*, access: Access, event: Event, uuid: UUID, before: UUID | None) -> None:
    """Put an item before another one; None: to the end. Raises NotAllowed; Refused if it is gone."""
    with transaction.atomic():
        order = _held(access, event)
        row = _item(order, uuid)
        rows = RunningItem.objects.filter(order=order)
        put_before(rows, row, last_place(rows) if before is None else _item(order, before).position)
        _changed(order)


def step_item(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Change places with the neighbour above or below; at the edge nothing happens."""
    with transaction.atomic():
        order = _held(access, event)
        if not step(RunningItem.objects.filter(order=order), uuid, down=down):
            raise Refused(_("This item is not in the running order any more."))
        _changed(order)


def take_out(*, access: Access, event: Event, uuid: UUID) -> None:
    """Take an item out; it can come back to its place."""
    with transaction.atomic():
        order = _held(access, event)
        row = _item(order, uuid)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _changed(order)


def bring_back(*, access: Access, event: Event, uuid: UUID) -> None:
    """Put an item that was taken out back where it was."""
    with transaction.atomic():
        order = _held(access, event)
        if RunningItem.objects.filter(order=order, removed_at=None).count() >= MOST_ITEMS:
            raise Refused(_("A running order has at most 300 items."))
        RunningItem.objects.filter(order=order, uuid=uuid).update(removed_at=None)
        _changed(order)


def begin_item(*, access: Access, event: Event, uuid: UUID) -> None:
    """Say that an item begins now. What stands below has not begun then, whatever was said before.

    Raises Refused on any other day than the event's.
    """
    with transaction.atomic():
        order = _held(access, event)
        if not is_the_day(order.first_moment, now()):
            raise Refused(_("What begins is said on the day of the event."))
        row = _item(order, uuid)
        order.items.filter(position__gt=row.position).update(began_at=None)
        row.began_at = now()
        row.save(update_fields=["began_at"])
        order.ended_at = None
        _changed(order)


def end_order(*, access: Access, event: Event) -> None:
    """Say that the last item is over."""
    with transaction.atomic():
        order = _held(access, event)
        order.ended_at = now()
        _changed(order)


def start_over(*, access: Access, event: Event) -> None:
    """Forget what was said to begin: after a rehearsal, the plan stands again."""
    with transaction.atomic():
        order = _held(access, event)
        order.items.update(began_at=None)
        order.ended_at = None
        _changed(order)


def follow_event(event: Event) -> None:
    """Begin as much later or earlier as the event does now, fixed times too. Registered with `on_change`.

    Nothing moves once an item has begun, or if a time would leave the day: then the page and the paper say
    for which beginning the plan was made.
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
    _changed(order)


def _held(access: Access, event: Event) -> RunningOrder:
    """The order, locked after the rights were looked at; made with the event's own time on first use."""
    locked = hold(event)
    require_that(may_change(access, locked))
    refuse_cancelled(locked)
    order = RunningOrder.objects.select_for_update(of=("self",)).filter(event=locked).first()
    if order is None:
        begins = locked.starts_at_time or datetime.time(10)
        order = set_beginning(access=access, event=locked, begins=begins)
    order.event = locked
    return order


def _item(order: RunningOrder, uuid: UUID) -> RunningItem:
    row = RunningItem.objects.filter(order=order, uuid=uuid, removed_at=None).first()
    if row is None:
        raise Refused(_("This item is not in the running order any more."))
    return row


def _changed(order: RunningOrder) -> RunningOrder:
    order.revision += 1
    order.changed_at = now()
    order.save()
    topics.push(order)
    return order


def _check(item: Item) -> None:
    if not any(words.strip() for words in item.title.values()):
        raise Refused(_("Give the item a title in at least one language."))
    if not 0 <= item.minutes <= MOST_MINUTES:
        raise Refused(_("An item lasts from 0 to 600 minutes."))


def _fields(item: Item) -> dict[str, object]:
    titles = {code: item.title.get(code, "").strip() for code in Language.values}
    return {
        "title": {code: words for code, words in titles.items() if words},
        "minutes": item.minutes,
        "pinned": item.pinned,
        "who": item.who.strip(),
        "note": item.note.strip(),
    }
