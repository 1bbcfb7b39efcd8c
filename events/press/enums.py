"""States of the press desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MailOutState(models.TextChoices):
    """planned → sending → done; sending → stopped, when unsent mails are withdrawn."""

    PLANNED = "planned", _("Not sent yet")
    SENDING = "sending", _("Being sent")
    STOPPED = "stopped", pgettext_lazy("mail-out", "Stopped")
    DONE = "done", pgettext_lazy("mail-out", "Sent")


class LetterState(models.TextChoices):
    """State of one mail."""

    CHOSEN = "chosen", _("Not sent yet")
    WAITING = "waiting", pgettext_lazy("mail", "Waits")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    REFUSED = "refused", _("Refused by the mail server")
    ENDED = "ended", _("Wants no more mail")
    KEPT_BACK = "kept_back", _("Not sent")


class CallOutcome(models.TextChoices):
    """Outcome of a call to an outlet."""

    OPEN = "open", _("Not called yet")
    REACHED = "reached", _("Reached")
    COMES = "comes", _("Will come")
    NOT_REACHED = "not_reached", _("Not reached")
    AGAIN = "again", _("Call again")
