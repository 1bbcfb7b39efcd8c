"""Who may ask questions at an event, and states of a question."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AskedBy(models.TextChoices):
    """People who may ask."""

    PRESS = "press", _("Confirmed press only")
    EVERYONE = "everyone", _("Everyone who has the link")


class QuestionState(models.TextChoices):
    """State of a question. Before `TAKEN` only moderators and the asker can read it."""

    WAITING = "waiting", pgettext_lazy("a question", "Waits")
    TAKEN = "taken", pgettext_lazy("a question", "Will be asked")
    NOW = "now", pgettext_lazy("a question", "Is asked now")
    ANSWERED = "answered", pgettext_lazy("a question", "Answered")
    NOT_TAKEN = "not_taken", pgettext_lazy("a question", "Not taken")

    @property
    def next_states(self) -> frozenset["QuestionState"]:
        cls = type(self)
        return {
            cls.WAITING: frozenset({cls.TAKEN, cls.NOT_TAKEN}),
            cls.TAKEN: frozenset({cls.NOW, cls.ANSWERED, cls.NOT_TAKEN, cls.WAITING}),
            cls.NOW: frozenset({cls.ANSWERED, cls.TAKEN}),
            cls.ANSWERED: frozenset({cls.TAKEN}),
            cls.NOT_TAKEN: frozenset({cls.WAITING}),
        }[self]

    @property
    def can_be_merged(self) -> bool:
        """Whether another question can be merged into it."""
        return self in {QuestionState.WAITING, QuestionState.TAKEN}

    @property
    def can_stand_for_others(self) -> bool:
        return self in {QuestionState.WAITING, QuestionState.TAKEN, QuestionState.NOW}
