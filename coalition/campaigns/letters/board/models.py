"""What is recorded about recipients of a letter action. Entries are never edited: a later one corrects them,
or they are withdrawn with a reason."""

import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.recipients.models import Body, Target
from coalition.core.localized_text import LocalizedTextField
from documents.files.models import StoredFile

DEFAULT_TERM_DAYS: Final = 15  # working days; `terms.default_source` says by which law
MOST_TERM_DAYS: Final = 250  # about a year of working days


class AnswerTerm(models.Model):
    """By when official letters of an action have to be answered: in so many working days after they were
    sent, or after they came in where that is recorded. `source`: the law that says so, "" while
    it is not known."""

    action = models.OneToOneField(LetterAction, on_delete=models.CASCADE, related_name="answer_term")
    working_days = models.PositiveSmallIntegerField(
        _("working days"), validators=[MinValueValidator(1), MaxValueValidator(MOST_TERM_DAYS)]
    )
    source = models.CharField(_("by which law"), max_length=300)

    def __str__(self) -> str:
        return f"{self.working_days} working days"


class BoardEntry(models.Model):
    """What all entries have. `body`: whose it is; `target`: the person, None for the body as a whole."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.RESTRICT, related_name="+")
    target = models.ForeignKey(Target, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def recipient_uuid(self) -> UUID:
        """The UUID of the person, or of the body as a whole."""
        found: UUID = self.target.uuid if self.target is not None else self.body.uuid
        return found


class OfficialLetter(BoardEntry):
    """A letter of an organisation with its outgoing number. `due_on`: the last day for an answer."""

    action = models.ForeignKey(LetterAction, on_delete=models.CASCADE, related_name="official_letters")
    outgoing_number = models.CharField(_("outgoing number"), max_length=60)
    sent_on = models.DateField(_("sent on"))
    due_on = models.DateField()
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(BoardEntry.Meta):
        ordering = ["-sent_on", "-id"]
        verbose_name = _("official letter")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation", "outgoing_number", "target"],
                condition=Q(withdrawn_at=None, target__isnull=False),
                name="one_official_letter_to_a_person",
            ),
            models.UniqueConstraint(
                fields=["action", "organisation", "outgoing_number", "body"],
                condition=Q(withdrawn_at=None, target=None),
                name="one_official_letter_to_a_body",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(withdrawn_at=None), name="letters_due_for_answer")
        ]

    def __str__(self) -> str:
        return f"official letter {self.uuid}"

    def is_overdue_on(self, day: datetime.date) -> bool:
        """Whether the term is over on this day; whether it was answered is not asked."""
        return day > self.due_on


class Answer(BoardEntry):
    """What came from a recipient, or that nothing came in time. `letter`: the official letter that it
    answers. Public since `published_at`, with a copy of the file without metadata."""

    action = models.ForeignKey(LetterAction, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(_("kind"), max_length=16, choices=AnswerKind)
    on = models.DateField(pgettext_lazy("of an answer", "date"))
    incoming_number = models.CharField(_("incoming number"), max_length=60, blank=True)
    letter = models.ForeignKey(
        OfficialLetter, null=True, blank=True, on_delete=models.RESTRICT, related_name="answers"
    )
    words = LocalizedTextField(_("in plain words"), blank=True)
    url = models.URLField(_("link"), blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(BoardEntry.Meta):
        ordering = ["-on", "-id"]
        verbose_name = pgettext_lazy("to a letter", "answer")

    def __str__(self) -> str:
        return f"answer {self.uuid}"


class Stance(BoardEntry):
    """Whether a person agrees with what the letters ask for, with what shows it: a link, a file or words.

    The newest one that is published counts: who agrees is thanked instead of written to.
    """

    action = models.ForeignKey(LetterAction, on_delete=models.CASCADE, related_name="stances")
    agrees = models.BooleanField(_("agrees"))
    on = models.DateField(pgettext_lazy("of a statement", "date"))
    url = models.URLField(_("link"), blank=True)
    words = LocalizedTextField(_("in plain words"), blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(BoardEntry.Meta):
        ordering = ["-on", "-id"]
        verbose_name = _("stance")
        constraints = [
            models.CheckConstraint(condition=Q(target__isnull=False), name="a_stance_is_of_a_person")
        ]

    def __str__(self) -> str:
        return f"stance {self.uuid}"
