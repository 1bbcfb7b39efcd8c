"""What checklists bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.workspaces.notifications.kinds import NotificationKind
from events.core.afterwards import ReusedPart
from events.core.capability import EventCapability
from events.production.checklist import actions
from events.production.checklist.presenters import task_entries, tasks_due

CHECKLIST = EventCapability(
    name="checklist",
    urls="events.production.checklist.urls",
    notification_kinds={
        "task_due": NotificationKind(
            sentence=_("Something on the checklist of “%(title)s” is due tomorrow."),
            outline=_("Something on the checklist of an event is due tomorrow."),
            icon="check",
            asks=True,
            link="events:checklist",
        ),
    },
    due_work={actions.REMIND_OF_TASK: actions.remind_of_task},
    seated=(tasks_due,),
    on_event_change=(actions.reschedule_checklist,),
    feed_entries=(task_entries,),
    reused_parts={
        "checklist": ReusedPart(10, pgettext_lazy("of an event", "Checklist"), actions.take_over_checklist)
    },
)
