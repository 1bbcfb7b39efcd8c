"""What is prepared for an event of the demo: its running order, its checklist, plan B; what was learned."""

from coalition.workspaces.rules import Access
from demo.load import Record
from demo.seed.accounts import Cast
from demo.seed.dates import clock
from events.core.actions.proposal import Place
from events.core.enums import GettingIn
from events.models import Event
from events.production.checklist import actions as checklist_actions
from events.production.debrief.actions.lessons import Learned, write_learned
from events.production.fallback_venue.actions import Second, set_second_place
from events.production.running_order.actions import Item, add_item, set_beginning


def write_running_order(access: Access, event: Event, record: Record) -> None:
    """Write it item by item, as its people do."""
    set_beginning(access=access, event=event, begins=clock(record["begins"]))
    for one in record["items"]:
        item = Item(
            title=one["title"],
            minutes=one["minutes"],
            pinned=clock(one["pinned"]) if "pinned" in one else None,
            who=one.get("who", ""),
            note=one.get("note", ""),
        )
        add_item(access=access, event=event, item=item)


def name_second_place(access: Access, event: Event, record: Record) -> None:
    """Where it goes if the hall falls through."""
    second = Second(
        words=record["texts"],
        place=Place(region=record["region"], step_free=GettingIn.STEP_FREE),
        agreed=record.get("agreed", False),
        note=record.get("note", ""),
    )
    set_second_place(access=access, event=event, second=second)


def begin_checklist(access: Access, event: Event, cast: Cast, record: Record) -> None:
    """Take over the template; some lines are given to somebody, some are done."""
    checklist_actions.begin_checklist(access=access, event=event)
    for row in event.tasks.filter(key__in=record):
        given = record[row.key]
        if "organisation" in given:
            row.organisation = cast.organisations[given["organisation"]]
            row.save(update_fields=["organisation"])
        if given.get("done"):
            checklist_actions.tick(access=access, event=event, uuid=row.uuid, done=True)


def write_down_learned(access: Access, event: Event, record: Record) -> None:
    """What its people wrote down afterwards."""
    said = {name: value for name, value in record.items() if name != "days_ago"}
    write_learned(access=access, event=event, learned=Learned(**said), seen=0)
