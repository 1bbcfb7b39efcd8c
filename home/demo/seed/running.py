"""The running order of an event of the demo."""

from coalition.workspaces.rules import Access
from events.domain.running_order import Item, add_item, set_beginning
from events.models import Event
from home.demo.load import Record
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
