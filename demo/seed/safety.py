"""The safety plan and the speakers of an event. Invented people; no mail is sent."""

from collections.abc import Iterable

from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from demo.load import Record
from demo.seed.accounts import Accounts
from events.models import Event
from events.production.models import PhotoRule
from events.production.safety.actions import write_safety_plan
from events.production.speakers.actions import add_speaker, answer_as_speaker


def plan_safety(access: Access, event: Event, accounts: Accounts, record: Record) -> None:
    """Write the safety plan; not every role is filled."""
    people = {
        role: {
            "name": one["name"],
            "phone": one.get("phone", ""),
            "organisation": accounts.organisations[one["organisation"]] if "organisation" in one else None,
        }
        for role, one in record["people"].items()
    }
    safety = {
        "photo_rule": PhotoRule(record["photo_rule"]),
        "photo_words": record["photo_words"],
        "no_photo_seats": record["no_photo_seats"],
        "no_photo_where": record["no_photo_where"],
        "note": record["note"],
        "people": people,
        "address_for_confirmed": record.get("address_for_confirmed", False),
    }
    write_safety_plan(access=access, event=event, **safety)


def ask_speakers(access: Access, event: Event, records: Iterable[Record]) -> None:
    """Add speakers; some have agreed, each to something else, one has not answered."""
    for one in records:
        speaker = add_speaker(
            access=access,
            event=event,
            name=one["name"],
            address=one["email"],
            writes_in=one["language"],
            role=one["role"],
            topic=one["topic"],
            languages=one["languages"],
        )
        if "agreed" in one:
            named = "named" in one["agreed"]
            answer_as_speaker(
                speaker=speaker,
                named=named,
                pictured="pictured" in one["agreed"],
                recorded="recorded" in one["agreed"],
                name=one["name"] if named else "",
                role=one["role"] if named else "",
            )
    outbox.delete_waiting_mail(about="event-speaker:")
