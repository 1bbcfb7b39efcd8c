"""What enquiries of the press bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject
from events.core.capability import EventCapability
from events.press.enquiries import actions
from events.press.enquiries.presenters import describe_enquiries, enquiries_due
from events.press.enquiries.queries import interviews_between, visible_enquiries
from events.press.spokespersons.availability import register_interviews


def _connect() -> None:
    register_interviews(interviews_between)


ENQUIRIES = EventCapability(
    name="enquiries",
    urls="events.press.enquiries.urls",
    audit_actions={
        "enquiry.came": _("Enquiry of the press written down"),
        "enquiry.changed": _("Enquiry of the press changed"),
        "enquiry.shared": _("Enquiry of the press shared"),
        "enquiry.unshared": _("Enquiry of the press not shared any more"),
        "enquiry.taken": _("Enquiry of the press taken"),
        "enquiry.given_back": _("Enquiry of the press given back"),
        "enquiry.speaker": _("Spokesperson chosen for an enquiry"),
        "enquiry.answered": _("Enquiry of the press answered"),
        "enquiry.refused": _("Enquiry of the press refused"),
        "enquiry.opened_again": _("Enquiry of the press opened again"),
    },
    notification_kinds={
        "enquiry_due": NotificationKind(
            sentence=_("%(title)s waits for an answer: the deadline is near."),
            outline=_("An enquiry of the press is to be answered soon."),
            icon="talk",
            asks=True,
            urgent=True,
        ),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_enquiries",
            forget=actions.forget_enquiries,
            of="events.Enquiry, EnquiryNote, Briefing: what journalists asked, and notes for interviews",
            until=f"{actions.RETENTION_PERIOD.days} days after it is over; outlet and answer stay",
        ),
    ),
    due_work={actions.REMIND_OF_ENQUIRY: actions.remind_of_enquiry},
    seated=(enquiries_due,),
    subjects={"enquiry": NotificationSubject(visible=visible_enquiries, describe=describe_enquiries)},
    connect=_connect,
)
