"""What mails to the press bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.mail import outbox
from events.core.capability import EventCapability
from events.press.mailings import actions


def _connect() -> None:
    outbox.register_mail_category(actions.OUTBOX_SORT_KEY, actions.SORT)


MAILINGS = EventCapability(
    name="mailings",
    urls="events.press.mailings.urls",
    audit_actions={
        "press.prepared": _("Mail to the press prepared"),
        "press.sent": _("Mail to the press sent"),
        "press.stopped": _("Mail to the press stopped"),
        "press.ended": _("Somebody of an outlet ended mails to the press"),
        "press.begun_again": _("Somebody of an outlet takes mails to the press again"),
    },
    due_work={actions.SEND_MAIL_OUT: actions.queue_waiting_letters},
    connect=_connect,
)
