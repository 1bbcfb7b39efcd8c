"""Approval, organisation by organisation: rounds, who is asked, what each decided, who has read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language, Listing
from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from documents.drafts.enums import DecisionKind, RoundState, Rule, Voice, Way
from documents.drafts.models import Draft, Version


class ApprovalRound(models.Model):
    """A draft put to a group of organisations, with a deadline. A draft has one open round at most.

    `voice`: in whose voice the text speaks; `speaker`: the one organisation of `Voice.ONE`. `rule`: when it
    may be published and with whose names. `group`: which one was asked, under its name of then
    (`group_name`), if the organisations asked were exactly those of the coalition's table.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    voice = models.CharField(_("voice"), max_length=10, choices=Voice, default=Voice.COALITION)
    speaker = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField(_("rule"), max_length=12, choices=Rule, default=Rule.JOINED)
    group = models.ForeignKey(
        "documents.AskingGroup", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    group_name = models.CharField(max_length=80, blank=True)
    deadline = models.DateTimeField(_("deadline"))
    message = models.TextField(_("message to the organisations"), blank=True, max_length=1000)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state=RoundState.OPEN), name="one_open_round_a_draft"
            ),
            models.CheckConstraint(
                condition=Q(voice=Voice.ONE, speaker__isnull=False)
                | (~Q(voice=Voice.ONE) & Q(speaker__isnull=True)),
                name="one_speaker_in_one_voice",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:round", args=[self.uuid])


class RoundText(models.Model):
    """Which version of a language is put now. A newer version takes its place within the round."""

    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5, choices=Language)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "language"], name="one_version_put_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.language} of {self.round_id}"


class Asked(models.Model):
    """An organisation that is asked in a round. `listing` may be stricter than its own for this text.

    `excluded_at`: since then it will not be counted by its silence (rule `NO_OBJECTION`). `told_at`: when
    those who decide for it were told last of the words put; null if nobody could be.
    """

    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="asked")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    listing = models.CharField(max_length=12, choices=Listing, blank=True)
    asked_at = models.DateTimeField()
    excluded_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="asked_once_a_round")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.round_id}"


class Reading(models.Model):
    """The organisation opened this version in this round."""

    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="readings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation", "version"], name="first_reading_only")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} read {self.version_id}"


class Approval(models.Model):
    """An organisation's recorded decision on one version, with the hash of its words.

    A later decision of the organisation on the same version supersedes it; rows are never changed
    otherwise. Whether it still counts is told by the words: `matrix.py` compares hashes.

    `counts_from`: null, at once; otherwise it counts from that moment on. `objected_at`: the organisation
    said that it had not decided so; it never counts from then on. `slip`: it was made on the words before
    that slip of the pen, and is kept for the words after it;
    `filling`: on the words with gaps, kept for those in which they are filled. `call`: in which it was said.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="approvals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="approvals")
    language = models.CharField(max_length=5, choices=Language)
    canon = models.PositiveSmallIntegerField(default=1)
    hash = models.CharField(max_length=64)
    decision = models.CharField(max_length=10, choices=DecisionKind)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    way = models.CharField(max_length=20, choices=Way, default=Way.MEMBERS_AREA)
    counts_from = models.DateTimeField(null=True, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    slip = models.ForeignKey(
        "documents.Slip", null=True, blank=True, on_delete=models.RESTRICT, related_name="kept"
    )
    filling = models.ForeignKey(
        "documents.Filling", null=True, blank=True, on_delete=models.RESTRICT, related_name="kept"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    capacity = models.CharField(max_length=16)  # representative, alternate or mandate; named: by a link
    named = SealedTextField(_("who decided, without an account"), blank=True)
    recorded_by = models.ForeignKey(  # who wrote it down after a call
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    call = models.ForeignKey(
        "documents.PhoneCall", null=True, blank=True, on_delete=models.RESTRICT, related_name="approvals"
    )
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation", "version"],
                condition=Q(superseded_at=None),
                name="one_decision_that_counts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.decision} {self.version_id}"
