"""Preparation of an event: running order, checklist, fallback venue, debrief."""

from coalition.workspaces.permissions import Access
from demo.load import Record
from demo.seed.accounts import Accounts
from demo.seed.dates import clock
from events.core.actions.times import EventPlaceInput
from events.core.enums import GettingIn
from events.models import Event
from events.production.checklist import actions as checklist_actions
from events.production.debrief.actions import save_debrief
from events.production.fallback_venue.actions import set_fallback_venue
from events.production.running_order.actions import add_running_item, set_beginning


def write_running_order(access: Access, event: Event, record: Record) -> None:
    """Add the items of the running order one by one."""
    set_beginning(access=access, event=event, begins=clock(record["begins"]))
    for one in record["items"]:
        item = {
            "title": one["title"],
            "minutes": one["minutes"],
            "pinned": clock(one["pinned"]) if "pinned" in one else None,
            "who": one.get("who", ""),
            "note": one.get("note", ""),
        }
        add_running_item(access=access, event=event, **item)


def choose_fallback_venue(access: Access, event: Event, record: Record) -> None:
    """Set the venue to use if the first one is not available."""
    second = {
        "words": record["texts"],
        "place": EventPlaceInput(region=record["region"], step_free=GettingIn.STEP_FREE),
        "agreed": record.get("agreed", False),
        "note": record.get("note", ""),
    }
    set_fallback_venue(access=access, event=event, **second)


def fill_checklist(access: Access, event: Event, accounts: Accounts, record: Record) -> None:
    """Apply the checklist's template; assign some items and tick some off."""
    checklist_actions.begin_checklist(access=access, event=event)
    for row in event.tasks.filter(key__in=record):
        given = record[row.key]
        if "organisation" in given:
            row.organisation = accounts.organisations[given["organisation"]]
            row.save(update_fields=["organisation"])
        if given.get("done"):
            checklist_actions.set_task_done(access=access, event=event, uuid=row.uuid, done=True)


def write_debrief(access: Access, event: Event, record: Record) -> None:
    """Write down what people learned from the event."""
    said = {name: value for name, value in record.items() if name != "days_ago"}
    save_debrief(access=access, event=event, **said, seen=0)
