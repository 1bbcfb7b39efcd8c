"""What preparing and closing an event brings to events and to the layers below."""

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.core.retention import RetentionRule
from coalition.workspaces.notifications.kinds import NotificationKind
from events.core.afterwards import ReusedPart
from events.core.capability import EventCapability, LiveTopic
from events.production.checklist import actions as checklist_actions
from events.production.checklist.views import task_entries, tasks_due
from events.production.debrief.views import debrief_area
from events.production.fallback_venue.actions import take_over_second_place
from events.production.running_order.actions import reschedule_running_order, take_over_running_order
from events.production.running_order.queries import (
    KIND,
    last_running_order_id,
    may_subscribe_to_running_order,
)
from events.production.safety import actions as safety_actions
from events.production.safety.views import photographs_in_public, safety_area
from events.production.speakers import actions as speakers_actions
from events.production.speakers.views import speakers_area

CHECKLIST = EventCapability(
    name="checklist",
    urls="events.production.urls",
    notification_kinds={
        "task_due": NotificationKind(
            sentence=_("Something on the checklist of “%(title)s” is due tomorrow."),
            outline=_("Something on the checklist of an event is due tomorrow."),
            icon="check",
            asks=True,
            link="events:checklist",
        ),
    },
    due_work={checklist_actions.REMIND_OF_TASK: checklist_actions.remind_of_task},
    seated=(tasks_due,),
    on_event_change=(checklist_actions.reschedule_checklist,),
    feed_entries=(task_entries,),
    reused_parts={
        "checklist": ReusedPart(
            10, pgettext_lazy("of an event", "Checklist"), checklist_actions.take_over_checklist
        )
    },
)

DEBRIEF = EventCapability(
    name="debrief",
    urls="events.production.urls",
    areas={120: debrief_area},
)

FALLBACK_VENUE = EventCapability(
    name="fallback_venue",
    urls="events.production.urls",
    audit_actions={
        "event.second_place_set": _("Second place of an event set"),
    },
    reused_parts={
        "second": ReusedPart(40, _("Second place; its hosts are asked anew"), take_over_second_place)
    },
)

RUNNING_ORDER = EventCapability(
    name="running_order",
    urls="events.production.urls",
    audit_actions={
        "event.running_order_made": _("Running order begun"),
    },
    on_event_change=(reschedule_running_order,),
    live_topics=(LiveTopic(KIND, may_subscribe_to_running_order, last_running_order_id),),
    reused_parts={"running": ReusedPart(20, _("Running order, without the names"), take_over_running_order)},
)

SAFETY = EventCapability(
    name="safety",
    urls="events.production.urls",
    audit_actions={
        "event.safety_written": _("Safety plan of an event written"),
        "event.address_held": _("Address of an event told to the confirmed only"),
        "event.address_told": _("Address of an event told again to everyone for whom it is"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_safety_people",
            forget=safety_actions.forget_safety_people,
            of="events.SafetyPerson, SafetyPlan: who answers for what, and notes",
            until=f"{safety_actions.DAYS_KEPT} days after the event",
        ),
    ),
    areas={20: safety_area},
    public_parts={"photographs": photographs_in_public},
)

SPEAKERS = EventCapability(
    name="speakers",
    urls="events.production.urls",
    audit_actions={
        "event.speaker_added": _("Speaker of an event noted"),
        "event.speaker_answered": _("A speaker said what they agree to"),
        "event.speaker_removed": _("Speaker of an event removed"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_event_speakers",
            forget=speakers_actions.forget_speakers,
            of="events.EventSpeaker: who was asked to speak",
            until=f"{speakers_actions.DAYS_KEPT} days after the event, but what they agreed to be read",
        ),
    ),
    areas={30: speakers_area},
)
