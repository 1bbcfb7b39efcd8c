"""States and kinds of helplines."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

# Kinds of targets in the audit log and of subjects of notifications.
HELPLINE_KIND: Final = "helpline"
PUBLICATION_KIND: Final = "figure_publication"


class EntryState(models.TextChoices):
    """A proposed entry becomes public when another organisation has reviewed it."""

    DRAFT = "draft", pgettext_lazy("helpline", "Draft")
    PROPOSED = "proposed", pgettext_lazy("helpline", "Waits for review")
    PUBLISHED = "published", pgettext_lazy("helpline", "Published")
    REJECTED = "rejected", pgettext_lazy("helpline", "Sent back")
    REPLACED = "replaced", pgettext_lazy("helpline", "Replaced")


class RunBy(models.TextChoices):
    ORGANISATION = "organisation", _("An organisation of the coalition")
    STATE = "state", _("A state body")
    OTHER = "other", _("Somebody else")


class Cost(models.TextChoices):
    FREE = "free", _("Free of charge")
    LOCAL = "local", _("As a local call")
    CHARGED = "charged", _("Charged")


class Answered(models.TextChoices):
    """For questions where "we do not know" must be said as such."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class ChannelKind(models.TextChoices):
    """Ways to reach a line, in the order in which they are shown: chat and messengers first."""

    CHAT = "chat", _("Chat on a website")
    WHATSAPP = "whatsapp", "WhatsApp"
    TELEGRAM = "telegram", "Telegram"
    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Phone")


CHATS = frozenset({ChannelKind.CHAT, ChannelKind.WHATSAPP, ChannelKind.TELEGRAM})


class Availability(models.TextChoices):
    """What an operator says now."""

    OPEN = "open", pgettext_lazy("helpline", "Open")
    CLOSED = "closed", pgettext_lazy("helpline", "Closed")
    OVERLOADED = "overloaded", pgettext_lazy("helpline", "Overloaded")


class FigureState(models.TextChoices):
    """PROPOSED → PUBLISHED, when all have agreed, or DROPPED; PUBLISHED ↔ WITHDRAWN."""

    PROPOSED = "proposed", pgettext_lazy("figures", "Proposed")
    PUBLISHED = "published", pgettext_lazy("figures", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("figures", "Withdrawn")
    DROPPED = "dropped", pgettext_lazy("figures", "Dropped")


class FigureAnswer(models.TextChoices):
    """LEFT_OUT: it had not answered, and the others went on without it."""

    AGREED = "agreed", pgettext_lazy("figures", "Agrees")
    REFUSED = "refused", pgettext_lazy("figures", "Does not agree")
    LEFT_OUT = "left_out", pgettext_lazy("figures", "Left out")
