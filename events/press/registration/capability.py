"""What press registration brings to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.applicants.retention import DAYS_UNPROVED
from coalition.core.retention import RetentionRule
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability
from events.press.registration import actions
from events.press.registration.notifications import journalists_to_thank, notify_press_of_change
from events.press.registration.presenters import registration_action

PRESS_REGISTRATION = EventCapability(
    name="press_registration",
    urls="events.press.registration.urls",
    audit_actions={
        "event.press_opened": _("Press registration opened"),
        "event.press_terms": _("Press registration opened again, or its numbers changed"),
        "event.press_stopped": _("Press registration closed"),
        "event.press_asked": _("A journalist registered for an event"),
        "event.press_withdrawn": _("A journalist withdrew from an event"),
        "event.press_answered": _("A journalist answered by hand"),
        "event.press_came": _("A journalist came to an event"),
        "event.press_ticked": _("Journalists ticked off with a phone at the door"),
        "event.press_came_undone": _("Coming of a journalist taken back"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_press_guests",
            forget=actions.forget_press_guests,
            of="events.PressGuest, PressTick: journalists who register, their code for the door,"
            " when they came",
            until=f"unproved {DAYS_UNPROVED} days; {actions.DAYS_KEPT} days after the event",
        ),
    ),
    on_event_change=(notify_press_of_change,),
    public_actions={60: registration_action},
    thanked_groups={"press": ThankedGroup(10, _("Journalists who came"), journalists_to_thank)},
)
