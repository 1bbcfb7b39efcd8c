"""What invitations bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability
from events.invitations import retention as invitations_retention
from events.invitations.actions import guests_to_thank, notify_invited

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
            forget=invitations_retention.forget_invited,
            of="events.EventInvitation: names and addresses of guests",
            until=f"{invitations_retention.DAYS_KEPT} days after the event; what was answered stays",
        ),
    ),
    on_event_change=(notify_invited,),
    thanked_groups={"invited": ThankedGroup(20, _("People who were invited and came"), guests_to_thank)},
)
