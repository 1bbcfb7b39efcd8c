"""Online questions to an event: period, askers, questions."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event, EventSpeaker
from events.questions.enums import AskedBy, QuestionState

BEFORE = datetime.timedelta(hours=1)


class QuestionPeriod(models.Model):
    """Period in which an event accepts questions, and from whom. Defaults move with the event:
    `opens_at` is an hour before it begins, `closes_at` its end. `revision` increases with every
    change and is pushed to open pages. `stage_key`: the stage link is derived from it; None: there
    is no link."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="question_period")
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    asked_by = models.CharField(_("who may ask"), max_length=10, choices=AskedBy)
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
    """Holder of a private link, known only by their questions. A journalist is identified by a
    keyed hash of their registration; there is no foreign key to it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey(QuestionPeriod, on_delete=models.CASCADE, related_name="askers")
    token_hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"asker {self.uuid}"


class Question(models.Model):
    """Question. The original text is encrypted and immutable; `summary` is by a moderator and
    marked as such. `speaker`: addressed speaker. `position` orders accepted questions. `lead`: the
    question it is merged into, whose state applies. `revision` increases with every change;
    `moved_at`: the last change of state."""

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
