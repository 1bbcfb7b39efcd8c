"""What a capability of events brings, given to `register_event_capability`. The core's own is `EVENT`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from coalition import live_push
from coalition.workspaces import capability as workspaces_capability
from coalition.workspaces.capability import Capability
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, register_subject
from documents.publication.hooks import register_presenter
from events.core.actions.plan import touch_events_of_draft
from events.core.actions.times import take_over_hours
from events.core.afterwards import REUSED_PARTS, THANKED_GROUPS, ReusedPart, ThankedGroup
from events.core.audit import ChangeListener, describe_events, events_to_hear_of, on_change
from events.core.journalists import PRESS_CAME, PRESS_PAGE_PARTS, PressCame, PressPagePartOf
from events.core.printed_codes import DestinationResolver, register_code_kind
from events.core.public_pages import AREAS, PUBLIC_ACTIONS, PUBLIC_PARTS, AreaOf, PublicActionOf, PublicPartOf
from events.core.summary import FEED_ENTRIES, FeedEntriesOf


@dataclass(frozen=True)
class LiveTopic:
    """Topics `<kind>:<id>` of the live socket; see `live_push.register_topic`."""

    kind: str
    may_hear: live_push.SubscribePermission
    last_id: live_push.LastId


@dataclass(frozen=True, kw_only=True)
class EventCapability(Capability):
    """A feature of events in one package. In its module of addresses there may also be the list
    `public_event`: below `/<language>/events/`.

    `areas`: lines on the event's page, by their place there. `on_event_change`: called inside the
    transaction whenever an event changed. `printed_codes`: where codes of a kind lead. `subjects`: what
    notifications of the capability are about, by kind. `public_actions`: buttons on the event's public page,
    by their place; `public_parts`: more of its words, by their name in the template. `press_page_parts`: the
    same for a journalist's own page. `on_press_came`: called inside the transaction when journalists were
    ticked off. `feed_entries`: more for a person's own calendar address. `thanked_groups`, `reused_parts`:
    who can be thanked after the event, what is taken over when it is planned again.
    """

    areas: Mapping[int, AreaOf] = field(default_factory=dict)
    on_event_change: Sequence[ChangeListener] = ()
    printed_codes: Mapping[str, DestinationResolver] = field(default_factory=dict)
    live_topics: Sequence[LiveTopic] = ()
    subjects: Mapping[str, NotificationSubject] = field(default_factory=dict)
    public_actions: Mapping[int, PublicActionOf] = field(default_factory=dict)
    public_parts: Mapping[str, PublicPartOf] = field(default_factory=dict)
    press_page_parts: Mapping[str, PressPagePartOf] = field(default_factory=dict)
    on_press_came: Sequence[PressCame] = ()
    feed_entries: Sequence[FeedEntriesOf] = ()
    thanked_groups: Mapping[str, ThankedGroup] = field(default_factory=dict)
    reused_parts: Mapping[str, ReusedPart] = field(default_factory=dict)


def register_event_capability(capability: EventCapability) -> None:
    """Hand a capability to the registries of events and of the layers below. Call once, from
    `AppConfig.ready()`."""
    AREAS.update(capability.areas)
    PUBLIC_ACTIONS.update(capability.public_actions)
    PUBLIC_PARTS.update(capability.public_parts)
    PRESS_PAGE_PARTS.update(capability.press_page_parts)
    PRESS_CAME.extend(capability.on_press_came)
    THANKED_GROUPS.update(capability.thanked_groups)
    REUSED_PARTS.update(capability.reused_parts)
    FEED_ENTRIES.extend(capability.feed_entries)
    for kind, leads_to in capability.printed_codes.items():
        register_code_kind(kind, leads_to)
    for kind, one in capability.subjects.items():
        register_subject(kind, visible=one.visible, describe=one.describe, address=one.address)
    for changed in capability.on_event_change:
        on_change(changed)
    for topic in capability.live_topics:
        live_push.register_topic(topic.kind, topic.may_hear, topic.last_id)
    workspaces_capability.register_capability(capability)


def _connect() -> None:
    register_presenter(touch_events_of_draft, touch_events_of_draft)


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
        "event_announced": NotificationKind(
            sentence=_("%(actor)s announced “%(title)s”."),
            outline=_("An event is announced."),
            icon="calendar",
        ),
        "event_moved": NotificationKind(
            sentence=_("%(actor)s moved “%(title)s” to another time or place."),
            outline=_("An event has another time or place."),
            icon="calendar",
            asks=True,
        ),
        "event_cancelled": NotificationKind(
            sentence=_("%(actor)s cancelled “%(title)s”."),
            outline=_("An event is cancelled."),
            icon="calendar",
            asks=True,
        ),
    },
    subjects={"event": NotificationSubject(visible=events_to_hear_of, describe=describe_events)},
    connect=_connect,
    reused_parts={"hours": ReusedPart(30, _("Opening hours of the week"), take_over_hours)},
)
