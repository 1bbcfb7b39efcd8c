"""What kits for the press bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from events.core.capability import EventCapability
from events.press.kit import actions, notifications
from events.press.kit.presenters import kit_action, kit_area, kit_url_of_journalist

KIT = EventCapability(
    name="kit",
    urls="events.press.kit.urls",
    audit_actions={
        "event.kit_begun": _("Kit of an event begun"),
        "event.kit_terms": _("How the kit of an event opens changed"),
        "event.kit_added": _("Something put into the kit of an event"),
        "event.kit_taken_out": _("Something taken out of the kit of an event"),
        "event.kit_brought_back": _("Something brought back into the kit of an event"),
        "event.kit_afterwards": _("The part of a kit for afterwards opened"),
        "event.kit_link": _("Link to the kit of an event made anew"),
    },
    due_work={
        notifications.NOTIFY_OF_KIT: notifications.notify_kit_opened,
        actions.CLEAN_KIT_FILE: actions.make_file_copy,
    },
    recurring=(
        RecurringWork(
            "events.plan_kit_copies", actions.plan_missing_copies, every=actions.COPY_CHECK_INTERVAL
        ),
    ),
    areas={100: kit_area},
    on_event_change=(notifications.reschedule_kit,),
    public_actions={50: kit_action},
    press_page_parts={"kit_url": kit_url_of_journalist},
    on_press_came=(notifications.notify_after_check_in,),
)
