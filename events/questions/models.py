"""Online questions to an event: period, askers, questions."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event, EventSpeaker

BEFORE = datetime.timedelta(hours=1)
SHORT, MEDIUM = 90, 220  # characters up to which the stage displays text large, and medium


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


class QuestionPeriod(models.Model):
    """Period in which an event accepts questions. Defaults move with the event: `opens_at` an hour before it
    begins, `closes_at` its end. `revision` increases with every change and is pushed to open pages.
    `stage_key`: the stage link is derived from it; None: there is no link."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="question_period")
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    asked_by = models.CharField(
        _("Who may ask"),
        max_length=10,
        choices=AskedBy,
        default=AskedBy.PRESS,
        help_text=_("Confirmed journalists ask by the link of their registration, in either case."),
    )
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    stage_key = models.UUIDField(null=True, blank=True)
    stage_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)

    def __str__(self) -> str:
        return f"questions to event {self.event_id}"

    @property
    def opening(self) -> datetime.datetime:
        """Return when it opens, as an aware moment."""
        return self.opens_at or self.event.starts_at - BEFORE

    @property
    def closing(self) -> datetime.datetime:
        """Return when it closes, as an aware moment."""
        return self.closes_at or self.event.lasts_until or self.event.ends_at


class Asker(models.Model):
    """Holder of a private link. A journalist is only a keyed hash of their registration."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey(QuestionPeriod, on_delete=models.CASCADE, related_name="askers")
    token_hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"asker {self.uuid}"


class Question(models.Model):
    """Question. The original text is encrypted and immutable; `summary` is by a moderator and marked as such.
    `position` orders accepted questions. `lead`: the question it is merged into, whose state applies.
    `revision` increases with every change; `moved_at`: the last change of state."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey(QuestionPeriod, on_delete=models.CASCADE, related_name="questions")
    asker = models.ForeignKey(Asker, on_delete=models.CASCADE, related_name="questions")
    words = OutsidersTextField(_("question"))
    name = OutsidersTextField(_("name"), blank=True)
    outlet = OutsidersTextField(_("outlet"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language)
    speaker = models.ForeignKey(
        EventSpeaker, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    summary = OutsidersTextField(_("summary"), blank=True)
    summary_language = models.CharField(max_length=5, choices=Language, blank=True)
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.WAITING)
    lead = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="others")
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["period", "state", "position"], name="question_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=models.Q(state="now"), name="one_question_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"question {self.uuid}"

    # As displayed in public.

    @property
    def public_text(self) -> str:
        return self.summary or self.words

    @property
    def public_language(self) -> str:
        return self.summary_language or self.language if self.summary else self.language

    @property
    def addressee(self) -> str:
        """Return the name of the speaker who is asked; "" without consent to be named."""
        return self.speaker.public_name if self.speaker is not None and self.speaker.named else ""

    @property
    def byline(self) -> str:
        return ", ".join(filter(None, [self.name, self.outlet]))

    @property
    def size(self) -> str:
        length = len(self.public_text)
        return "l" if length <= SHORT else "m" if length <= MEDIUM else "s"

    @property
    def can_be_merged(self) -> bool:
        """Whether another question can stand for it."""
        return self.state in {QuestionState.WAITING, QuestionState.TAKEN}

    @property
    def can_stand_for_others(self) -> bool:
        return self.can_be_merged or self.state == QuestionState.NOW
