"""What surrounds a press conference, in the world in which every secret has a word: its safety plan, and an
event whose address is only for the confirmed."""

import datetime
from uuid import UUID

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import Handling
from events.core.actions.plan import announce_event, plan_event
from events.core.actions.times import EventPlaceInput, EventTextInput, EventTimesInput
from events.core.enums import EventKind, Visibility
from events.models import Event
from events.press.kit.actions import add_kit_item, kit_link_token, set_kit
from events.press.kit.models import KitKind, KitPhase, KitWay
from events.production.models import PhotoRule, SafetyRole
from events.production.safety.actions import write_safety_plan
from events.production.speakers.actions import add_speaker, answer_as_speaker
from tests.permissions.events_world import PLANNERS
from tests.permissions.world import EVERYONE, READERS, SEATED, World


def add_stage(made: World) -> None:
    """After the events: one of them has a safety plan."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    event = Event.objects.get(uuid=made.things["event_public"]["event"])
    said = {what: made.canary("safety", what, READERS) for what in ("name", "phone", "where", "plannote")}
    told = made.canary("safety", "photowords", EVERYONE)
    safety = {
        "photo_rule": PhotoRule.WITH_CONSENT,
        "photo_words": {"kk": told},
        "no_photo_seats": 3,
        "no_photo_where": said["where"],
        "note": said["plannote"],
        "people": {SafetyRole.STREAM: {"name": said["name"], "phone": said["phone"]}},
    }
    write_safety_plan(access=access, event=event, **safety)
    made.things["event_held"] = _held(made)
    made.things["event_public"]["speaker"] = _speakers(made, access, event)
    made.things["event_kit"] = _kit(made, access, event)


def _speakers(made: World, access: Access, event: Event) -> UUID:
    """Somebody who has not agreed to be named, and somebody who has."""
    inside = {what: made.canary("silentspeaker", what, READERS) for what in ("name", "role", "topic")}
    mail = made.canary("silentspeaker", "guest", PLANNERS)  # greeted by name in their own mail
    silent = add_speaker(
        access=access,
        event=event,
        address=f"{mail}@tests.example",
        writes_in=Language.EN,
        **inside,
    )
    name, role = (made.canary("namedspeaker", what, EVERYONE) for what in ("name", "role"))
    told = {"name": name, "role": role, "address": "named@tests.example", "writes_in": Language.EN}
    named = add_speaker(access=access, event=event, **told)
    agreed = {"named": True, "pictured": False, "recorded": False, "name": name, "role": role}
    answer_as_speaker(speaker=named, **agreed)
    return silent.uuid


def _kit(made: World, access: Access, event: Event) -> dict[str, object]:
    """A kit that opens in a day, for the link and on the public page: before that nobody reads what is in it
    but those who prepare the event."""
    tomorrow = now() + datetime.timedelta(days=1)
    kit = set_kit(access=access, event=event, way=KitWay.MOMENT, opens_at=tomorrow, on_page=True)
    said = {what: made.canary("kit", what, READERS) for what in ("title", "link")}
    item = add_kit_item(
        access=access,
        event=event,
        kind=KitKind.LINK,
        phase=KitPhase.AT_EVENT,
        title={"kk": said["title"]},
        link=f"https://kit.example/{said['link']}",
    )
    return {"event": event.uuid, "slug": event.slug, "item": item.uuid, "token": kit_link_token(kit)}


def _held(made: World) -> dict[str, object]:
    """A public event; where it is, only those with a seat in its workspace know."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    title = made.canary("held", "title", EVERYONE)
    said = {what: made.canary("held", what, SEATED) for what in ("place", "address", "access_notes")}
    map_link = f"https://maps.example/{made.canary('held', 'map', SEATED)}"
    day = (now() + datetime.timedelta(days=2)).date()
    event = plan_event(
        access=access,
        kind=EventKind.PRESS_CONFERENCE,
        texts=dict.fromkeys(("kk", "ru", "en"), EventTextInput(title=title, **said)),
        times=EventTimesInput(day, datetime.time(11), ends_at_time=datetime.time(12)),
        place=EventPlaceInput(region="KZ-75", map_link=map_link),
        handling=Handling.PUBLIC,
    )
    write_safety_plan(access=access, event=event, address_for_confirmed=True)
    event = announce_event(access=access, event=event, visibility=Visibility.PUBLIC)
    return {"event": event.uuid, "workspace": made.workspace.uuid, "slug": event.slug}
