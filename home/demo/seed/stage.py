"""What surrounds the press conference of the demo: its safety plan. Invented people; nobody is written to."""

from coalition.workspaces.rules import Access
from events.domain.safety import Answering, Safety, write_safety_plan
from events.models import Event
from events.safety_enums import PhotoRule, SafetyRole
from home.demo.load import Record
from home.demo.seed.cast import Cast


def plan_safety(access: Access, event: Event, cast: Cast, record: Record) -> None:
    """Who answers for what; not everyone is found yet."""
    people = [
        Answering(
            SafetyRole(role),
            one["name"],
            one.get("phone", ""),
            cast.organisations[one["organisation"]] if "organisation" in one else None,
        )
        for role, one in record["people"].items()
    ]
    safety = Safety(
        photo_rule=PhotoRule(record["photo_rule"]),
        photo_words=record["photo_words"],
        no_photo_seats=record["no_photo_seats"],
        no_photo_where=record["no_photo_where"],
        note=record["note"],
        people=people,
        address_for_confirmed=record.get("address_for_confirmed", False),
    )
    write_safety_plan(access=access, event=event, safety=safety)
