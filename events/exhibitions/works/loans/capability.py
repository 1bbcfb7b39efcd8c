"""What loans of works bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from coalition.workspaces.notifications.kinds import NotificationKind
from events.core.capability import EventCapability
from events.exhibitions.works.loans import reminders
from events.exhibitions.works.loans.presenters import returns_due

LOANS = EventCapability(
    name="loans",
    audit_actions={
        "event.loan_set": _("Loan of a work noted"),
        "event.loan_ended": _("Loan of a work ended"),
        "event.condition_kept": _("Condition of a work noted"),
    },
    notification_kinds={
        "return_due": NotificationKind(
            sentence=_("A work of “%(title)s” is to go back soon."),
            outline=_("A work of an exhibition is to go back soon."),
            icon="picture",
            asks=True,
            link="events:works",
        ),
        "return_overdue": NotificationKind(
            sentence=_("A work of “%(title)s” should have gone back."),
            outline=_("A work of an exhibition should have gone back."),
            icon="picture",
            asks=True,
            link="events:works",
        ),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_lenders",
            forget=reminders.forget_lenders,
            of="events.Loan, ConditionReport, Work, Screening: lenders, who looked at a work, makers who are"
            " not named, who gave rights",
            until=f"{reminders.DAYS_KEPT} days after the work went back or the event",
        ),
    ),
    due_work={reminders.REMIND_OF_RETURN: reminders.remind_of_return},
    seated=(returns_due,),
)
