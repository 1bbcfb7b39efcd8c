"""Guests of an event are forgotten a while later."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule, empty_in_batches
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability
from events.core.models import EventInvitation
from events.core.queries import is_over_since
from events.invitations.actions import guests_to_thank, notify_invited

DAYS_KEPT = 90  # after the event


def forget_invited() -> int:
    """Erase names and addresses of guests some time after the event: the invitation and the answer
    stay. Return the number of rows."""
    over = is_over_since(DAYS_KEPT, "event__", "invited_at", "answered_at", standing=True)
    guests = EventInvitation.objects.filter(over, person=None)
    return empty_in_batches(guests.exclude(guest_name="", guest_address=""), guest_name="", guest_address="")


INVITATIONS = EventCapability(
    name="invitations",
    urls="events.invitations.urls",
    audit_actions={
        "event.invited": _("People invited to an event"),
        "event.invitation_withdrawn": _("Invitation to an event taken back"),
        "event.invitation_answered": _("Invitation to an event answered"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_invited",
            forget=forget_invited,
            of="events.EventInvitation: names and addresses of guests",
            until=f"{DAYS_KEPT} days after the event; what was answered stays",
        ),
    ),
    on_event_change=(notify_invited,),
    thanked_groups={"invited": ThankedGroup(20, _("People who were invited and came"), guests_to_thank)},
)
