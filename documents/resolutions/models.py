"""Decisions other than texts, their states and kinds."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation, User
from coalition.workspaces.models import Workspace


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


class Question(models.Model):
    """A question of a workspace, with its number in the register of decisions. Immutable once it is put;
    `outcome` is written once, after the deadline."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    words = models.TextField(max_length=4000)
    rule = models.CharField(max_length=10, choices=QuestionRule)
    quorum_kind = models.CharField(max_length=8, choices=QuorumKind, default=QuorumKind.SHARE)
    quorum = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=QuestionState, default=QuestionState.OPEN)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    deadline = models.DateTimeField(_("deadline"))
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_number_in_the_register"),
            models.CheckConstraint(
                condition=(Q(state=QuestionState.SETTLED) & ~Q(outcome=""))
                | (~Q(state=QuestionState.SETTLED) & Q(outcome="")),
                name="an_outcome_when_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:question", args=[self.uuid])


class QuestionAsked(models.Model):
    """An organisation asked."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="asked")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "organisation"], name="asked_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in question {self.question_id}"


class Answer(models.Model):
    """An organisation's recorded answer. A later one supersedes it until the deadline; rows stay."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AnswerKind)
    words = models.TextField(blank=True, max_length=2000)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    capacity = models.CharField(max_length=16)  # representative, alternate or mandate
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "organisation"],
                condition=Q(superseded_at=None),
                name="one_answer_that_counts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.question_id}"
