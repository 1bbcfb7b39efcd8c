"""States of appeals, of those who support them, of holds and of mails."""

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class SupportState(models.TextChoices):
    """UNCONFIRMED → COUNTED or HELD; HELD → COUNTED or SET_ASIDE, which are reversible; any → WITHDRAWN."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("support", "Not confirmed")
    COUNTED = "counted", pgettext_lazy("support", "Counted")
    HELD = "held", pgettext_lazy("support", "Held")
    SET_ASIDE = "set_aside", pgettext_lazy("support", "Set aside")
    WITHDRAWN = "withdrawn", pgettext_lazy("support", "Withdrawn")


CONFIRMED: Final = (SupportState.COUNTED, SupportState.HELD, SupportState.SET_ASIDE)


class AppealStage(models.TextChoices):
    """PREPARED → OPEN → CLOSED → OPEN again, until its personal data end."""

    PREPARED = "prepared", pgettext_lazy("appeal", "Prepared")
    OPEN = "open", pgettext_lazy("appeal", "Open")
    CLOSED = "closed", pgettext_lazy("appeal", "Closed")


class HoldState(models.TextChoices):
    """WAITING → RELEASED or SET_ASIDE, which two people of two organisations can turn round."""

    WAITING = "waiting", pgettext_lazy("hold", "Waits for a decision")
    RELEASED = "released", pgettext_lazy("hold", "Released")
    SET_ASIDE = "set_aside", pgettext_lazy("hold", "Set aside")


class MailState(models.TextChoices):
    """What became of the mail that asks a supporter to confirm. LIMITED: it is queued like every other one,
    and never leaves."""

    LIMITED = "limited", pgettext_lazy("mail", "Not sent: too many to this address")
    ACCEPTED = "accepted", pgettext_lazy("mail", "Accepted by the mail provider")
    RETURNED = "returned", pgettext_lazy("mail", "Came back")
