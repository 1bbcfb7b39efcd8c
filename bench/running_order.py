"""A running order of 200 items: server time of each kind of change."""

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench import demo_data
from bench.figures import Figure, at_most, told

if TYPE_CHECKING:
    from events.models import Event, RunningItem

ITEMS = 200
TIMES = 9


def measure(_peer: str | None) -> list[Figure]:
    """Return medians of each change, in the domain with its transaction; and of the page with
    all items."""
    demo_data.prepare()
    from django.db import transaction

    with transaction.atomic():
        figures = _measured()
        transaction.set_rollback(True)
    return figures


def _measured() -> list[Figure]:
    from coalition.accounts.models import User
    from coalition.workspaces.permissions import access_to
    from events.models import RunningOrder
    from events.production.running_order import actions as running_order_actions
    from events.production.running_order.presenters import build_running_order_table
    from events.production.running_order.queries import running_items_of

    order = RunningOrder.objects.select_related("event__workspace").get()
    event: Event = order.event
    access = access_to(User.objects.get(email="coordinator@demo.example"), event.workspace.uuid)
    rows = _filled(order)
    given = {"access": access, "event": event}
    changes: dict[str, Callable[[int], object]] = {
        "an item added": lambda one: running_order_actions.add_running_item(
            **given, item=_item(one), after=rows[one].uuid
        ),
        "an item changed": lambda one: running_order_actions.change_running_item(
            **given, uuid=rows[one].uuid, item=_item(one), seen=0
        ),
        "the last put first": lambda one: running_order_actions.move_running_item(
            **given, uuid=rows[-1 - one].uuid, before=rows[0].uuid
        ),
        "one place down": lambda one: running_order_actions.step_running_item(
            **given, uuid=rows[one].uuid, down=True
        ),
        "taken out": lambda one: running_order_actions.remove_running_item(**given, uuid=rows[50 + one].uuid),
    }
    figures = [
        at_most("calendar", f"running order of {ITEMS}: {name}", _median(change), "ms", reach=100)
        for name, change in changes.items()
    ]
    shown = _median(lambda _one: build_running_order_table(order, running_items_of(order)))
    return [*figures, told("calendar", f"running order of {ITEMS}: read and laid out", shown, "ms")]


def _filled(order: object) -> "list[RunningItem]":
    from events.models import RunningItem

    RunningItem.objects.filter(order=order).delete()
    return RunningItem.objects.bulk_create(
        RunningItem(order=order, position=place, title={"kk": f"Тармақ {place}"}, minutes=place % 20)
        for place in range(1, ITEMS + 1)
    )


def _item(number: int) -> object:

    return {"title": {"kk": f"Жаңа тармақ {number}"}, "minutes": 5}


def _median(change: Callable[[int], object]) -> float:
    taken = []
    for number in range(TIMES):
        begun = time.perf_counter()
        change(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)
