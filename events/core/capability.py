"""What a capability of events brings: one object, handed over by `register`. The core's own is `EVENT`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from coalition import live
from coalition.workspaces import capability as workspaces_capability
from coalition.workspaces.capability import Capability
from coalition.workspaces.notifications.kinds import Kind
from coalition.workspaces.notifications.subjects import Subject, register_subject
from documents.publication.hooks import register_presenter
from events.core.actions import announce
from events.core.area import AreaOf, register_area
from events.core.audit import Changed, on_change
from events.core.notifications import describe_events, events_to_hear_of
from events.core.printed_codes import LeadsTo, register_kind
from events.core.public_actions import (
    PublicActionOf,
    PublicPartOf,
    register_public_action,
    register_public_part,
)


@dataclass(frozen=True)
class LiveTopic:
    """Topics `<kind>:<id>` of the live socket; see `live.register_topic`."""

    kind: str
    may_hear: live.Listener
    last_id: live.LastId


@dataclass(frozen=True, kw_only=True)
class EventCapability(Capability):
    """A feature of events in one package. In its module of addresses there may also be the list
    `public_event`: below `/<language>/events/`.

    `areas`: lines on the event's page, by their place there. `on_event_change`: called inside the
    transaction whenever an event changed. `printed_codes`: where codes of a kind lead. `subjects`: what
    notifications of the capability are about, by kind. `public_actions`: buttons on the event's public page,
    by their place; `public_parts`: more of its words, by their name in the template.
    """

    areas: Mapping[int, AreaOf] = field(default_factory=dict)
    on_event_change: Sequence[Changed] = ()
    printed_codes: Mapping[str, LeadsTo] = field(default_factory=dict)
    live_topics: Sequence[LiveTopic] = ()
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    public_actions: Mapping[int, PublicActionOf] = field(default_factory=dict)
    public_parts: Mapping[str, PublicPartOf] = field(default_factory=dict)


def register(capability: EventCapability) -> None:
    """Hand a capability to the registries of events and of the layers below. Call once, from
    `AppConfig.ready()`."""
    for place, area_of in capability.areas.items():
        register_area(place, area_of)
    for listener in capability.on_event_change:
        on_change(listener)
    for kind, leads_to in capability.printed_codes.items():
        register_kind(kind, leads_to)
    for topic in capability.live_topics:
        live.register_topic(topic.kind, topic.may_hear, topic.last_id)
    for kind, subject in capability.subjects.items():
        register_subject(kind, visible=subject.visible, describe=subject.describe, address=subject.address)
    for place, action_of in capability.public_actions.items():
        register_public_action(place, action_of)
    for key, part_of in capability.public_parts.items():
        register_public_part(key, part_of)
    workspaces_capability.register(capability)


def _connect() -> None:
    register_presenter(announce.published, announce.withdrawn)


EVENT = EventCapability(
    name="event",
    activities={
        "event_planned": _("%(actor)s planned “%(title)s”."),
        "event_changed": _("%(actor)s changed “%(title)s”."),
        "event_announced": _("%(actor)s announced “%(title)s”."),
        "event_told_wider": _("%(actor)s told more people of “%(title)s”."),
        "event_moved": _("%(actor)s moved “%(title)s”."),
        "event_date_moved": _("%(actor)s moved one date of “%(title)s”."),
        "event_date_left_out": _("%(actor)s left one date out of “%(title)s”."),
        "event_date_taken_back": _("%(actor)s took a date of “%(title)s” back into it."),
        "event_date_added": _("%(actor)s added a date to “%(title)s”."),
        "event_cancelled": _("%(actor)s cancelled “%(title)s”."),
        "event_hours_set": _("%(actor)s set when “%(title)s” is open."),
        "event_audiences_set": _("%(actor)s set who comes earlier to “%(title)s”."),
    },
    activity_links={"event": "events:event"},
    audit_actions={
        "event.planned": _("Event planned"),
        "event.changed": _("Event changed"),
        "event.restricted": _("Readers of an event changed"),
        "event.announced": _("Event announced"),
        "event.moved": _("Event moved"),
        "event.date_moved": _("One date of an event moved"),
        "event.date_left_out": _("One date of an event left out"),
        "event.date_taken_back": _("One date of an event taken back"),
        "event.date_added": _("A date added to an event"),
        "event.cancelled": _("Event cancelled"),
        "event.hours_set": _("Opening hours set"),
        "event.audiences_set": _("Times for speakers, volunteers and camera crews set"),
    },
    notification_kinds={
        "event_announced": Kind(
            sentence=_("%(actor)s announced “%(title)s”."),
            outline=_("An event is announced."),
            icon="calendar",
        ),
        "event_moved": Kind(
            sentence=_("%(actor)s moved “%(title)s” to another time or place."),
            outline=_("An event has another time or place."),
            icon="calendar",
            asks=True,
        ),
        "event_cancelled": Kind(
            sentence=_("%(actor)s cancelled “%(title)s”."),
            outline=_("An event is cancelled."),
            icon="calendar",
            asks=True,
        ),
    },
    subjects={"event": Subject(visible=events_to_hear_of, describe=describe_events)},
    connect=_connect,
)
