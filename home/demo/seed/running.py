"""The running order of an event of the demo, and its checklist."""

from coalition.workspaces.rules import Access
from events.domain import tasks
from events.domain.running_order import Item, add_item, set_beginning
from events.models import Event
from home.demo.load import Record
from home.demo.seed.cast import Cast
from home.demo.seed.dates import clock


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


def begin_checklist(access: Access, event: Event, cast: Cast, record: Record) -> None:
    """Take over the template; some lines are given to somebody, some are done."""
    tasks.begin_checklist(access=access, event=event)
    for row in event.tasks.filter(key__in=record):
        given = record[row.key]
        if "organisation" in given:
            row.organisation = cast.organisations[given["organisation"]]
            row.save(update_fields=["organisation"])
        if given.get("done"):
            tasks.tick(access=access, event=event, uuid=row.uuid, done=True)
