"""States and kinds of decisions other than texts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AnswerKind(models.TextChoices):
    """The one answer of an organisation. Silence is none of these, and never counts as one."""

    AGREES = "agrees", pgettext_lazy("answer to a question", "Agrees")
    RESERVES = "reserves", _("Agrees with reservation")
    ABSTAINS = "abstains", _("Abstains")
    OBJECTS = "objects", pgettext_lazy("answer to a question", "Objects")

    @property
    def needs_words(self) -> bool:
        """Whether it needs a text, without which nobody could act on it."""
        return self in {AnswerKind.RESERVES, AnswerKind.OBJECTS}


class QuestionRule(models.TextChoices):
    """The rule by which a question is adopted; set when it is put, never changed afterwards."""

    CONSENT = "consent", _("Adopted if nobody objects")
    MAJORITY = "majority", _("Adopted if more agree than object")
    EVERYONE = "everyone", _("Adopted if every organisation asked agrees")


class QuorumKind(models.TextChoices):
    """The unit of the quorum, the number of organisations that must have answered."""

    NUMBER = "number", _("organisations")
    SHARE = "share", _("per cent of those asked")


class QuestionState(models.TextChoices):
    OPEN = "open", _("Open")
    SETTLED = "settled", _("Decided")
    TAKEN_BACK = "taken_back", _("Taken back")


class Outcome(models.TextChoices):
    """The result of a question at its deadline."""

    ADOPTED = "adopted", _("Adopted")
    WITH_RESERVATIONS = "reservations", _("Adopted with reservations")
    OBJECTION = "objection", _("Not adopted: an organisation objects")
    NO_MAJORITY = "no_majority", _("Not adopted: no more agree than object")
    NOT_EVERYONE = "not_everyone", _("Not adopted: not every organisation asked agrees")
    NOBODY_AGREES = "nobody", _("Not adopted: no organisation agrees")
    NO_QUORUM = "no_quorum", _("No quorum: too few organisations answered")

    @property
    def is_adopted(self) -> bool:
        return self in {Outcome.ADOPTED, Outcome.WITH_RESERVATIONS}
