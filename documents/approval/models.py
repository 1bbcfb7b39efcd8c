"""Approval by organisation: rounds, decisions, attestations, links, calls, typo fixes, whom to ask."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Listing, Organisation, User
from coalition.core.crypto import SealedTextField
from documents.drafts.models import (
    ApprovalRule,
    CallOutcome,
    DecisionKind,
    Draft,
    LinkAct,
    LinkEnd,
    LinkMaker,
    RoundState,
    TextKind,
    Version,
    Voice,
    Way,
)


class AskingGroup(models.Model):
    """A named group of organisations asked together, e.g. the steering group or the regions."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    organisations = models.ManyToManyField(Organisation, related_name="+", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AskingRow(models.Model):
    """Defaults for one kind of text, which fill the form and may be changed for one text. Without a `group`
    every organisation of the workspace is asked."""

    kind = models.CharField(max_length=20, choices=TextKind, unique=True)
    group = models.ForeignKey(AskingGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hours = models.PositiveSmallIntegerField(_("hours"), default=72)
    rule = models.CharField(max_length=12, choices=ApprovalRule, default=ApprovalRule.JOINED)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.kind


class AskingSetting(models.Model):
    """The coalition's settings: one row. Tacit consent is off by default."""

    allows_no_objection = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_asking_setting")]

    def __str__(self) -> str:
        return "asking"


class SilenceDeclined(models.Model):
    """An organisation's refusal of tacit consent, for all rounds."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"silence of {self.organisation_id}"


class Attestation(models.Model):
    """Attestation by `reviewer`, for an organisation other than the translation's.

    Stale as soon as a round has another version in one of the two languages; rows change only by
    being withdrawn. `kept_from`: the attestation before a typo fix.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    translation = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attestations")
    translation_hash = models.CharField(max_length=64)
    source = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    source_hash = models.CharField(max_length=64)
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "source"],
                condition=Q(taken_back_at=None),
                name="attested_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.translation_id} says what {self.source_id} says"


class ApprovalRound(models.Model):
    """A draft put to a group of organisations, with a deadline. A draft has one open round at most.

    `voice`: in whose voice the text speaks; `speaker`: the one organisation of `Voice.ONE`. `rule`:
    when it may be published and with whose names. `group`: the group asked, under its name at the
    time (`group_name`), if the organisations asked were exactly those of the coalition's table.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    voice = models.CharField(_("voice"), max_length=10, choices=Voice, default=Voice.COALITION)
    speaker = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField(_("rule"), max_length=12, choices=ApprovalRule, default=ApprovalRule.JOINED)
    group = models.ForeignKey(
        "documents.AskingGroup", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    group_name = models.CharField(max_length=80, blank=True)
    deadline = models.DateTimeField(_("deadline"))
    message = models.TextField(_("message to the organisations"), blank=True, max_length=1000)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
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
    """The current version of a language in the round. A newer version replaces it."""

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
    """An organisation asked in a round. `listing` may be stricter than its own for this text.

    `excluded_at`: from then on its silence does not count (rule `NO_OBJECTION`). `told_at`: when
    its deciders were last notified of the current versions; null if nobody could be.
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
    """A record that the organisation opened this version in this round."""

    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="readings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation", "version"], name="first_reading_only")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} read {self.version_id}"


class Approval(models.Model):
    """An organisation's recorded decision on one version, with the hash of its text.

    A later decision of the organisation on the same version supersedes it; rows never change
    otherwise. Whether it still counts depends on the text: `matrix.py` compares hashes.

    `counts_from`: when it begins to count; null for at once. `objected_at`: when the organisation
    disowned it; it never counts from then on. `slip`: made on the version before that typo fix, and
    kept for the one after; `filling`: made on the version with gaps, and kept for the filled one.
    `call`: the call in which it was given.
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
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    capacity = models.CharField(max_length=16)  # representative, alternate or mandate; named: by a link
    named = SealedTextField(_("who decided, without an account"), blank=True)
    recorded_by = models.ForeignKey(  # who recorded it after a call
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
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


class CarriedFrom(models.Model):
    """One source of an inherited decision (`Way.CARRIED_OVER`): the same organisation's decision on
    the text of an approved block, or the attestation on which it relied there.

    Rows never change. The inherited decision counts while all its sources are valid
    (`queries.inherited.basis_is_gone`).
    """

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="carried_from")
    source = models.ForeignKey(
        Approval, null=True, blank=True, on_delete=models.RESTRICT, related_name="carried_to"
    )
    attestation = models.ForeignKey(
        Attestation, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False, attestation__isnull=True)
                | Q(source__isnull=True, attestation__isnull=False),
                name="carried_from_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.approval_id} hangs on {self.source_id or self.attestation_id}"


class ObjectionLink(models.Model):
    """Sent to one representative when somebody decided for their organisation by link or phone.

    One click revokes the decision and, if the text is already public, removes the name from it. The
    database stores only the SHA-256 of the token. Valid as long as the person represents the
    organisation, until `expires_at`.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="objection_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"objection link {self.uuid}"


class OneTimeLink(models.Model):
    """One person's link to decide for one organisation on the current versions.

    The URL contains a token, of which the database stores only the SHA-256; name and address are
    encrypted. `languages`: those it asks to approve; `words`: language → hash of every version when
    it was made. Invalid once a version differs. `made_as`: the maker's right, checked again at
    every use (`queries.one_time_links`). `used_at`: when it was used up by a decision.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="one_time_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    languages = models.JSONField(default=list)
    words = models.JSONField(default=dict)
    name = SealedTextField(_("name"))
    email = SealedTextField(_("e-mail"))
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_as = models.CharField(max_length=16, choices=LinkMaker)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=8, choices=LinkEnd, blank=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["round", "organisation"], name="one_time_links_of_asked")]

    def __str__(self) -> str:
        return f"one-time link {self.uuid}"  # appears in logs: never include the name


class OneTimeUse(models.Model):
    """One use of such a link. No network address is stored."""

    link = models.ForeignKey(OneTimeLink, on_delete=models.CASCADE, related_name="uses")
    act = models.CharField(max_length=12, choices=LinkAct)
    language = models.CharField(max_length=5, choices=Language, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["link", "at"], name="one_time_use_by_time")]

    def __str__(self) -> str:
        return f"{self.act} of {self.link_id}"


class PhoneCode(models.Model):
    """Six digits sent to one representative, to be read back in a call.

    Bound to the organisation and to `words` (language → hash of every version). The database stores only a
    keyed hash of the code; the requester never sees it. Valid ten minutes, five attempts, one use.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="phone_codes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField(default=dict)
    code_hash = models.CharField(max_length=64, editable=False)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"phone code {self.uuid}"


class PhoneCall(models.Model):
    """One call to one person who may decide for an organisation, and its result.

    `languages` and `relies`: what was approved in it; `words`: the hashes at that time. A call without a code
    counts only later, until somebody of another organisation calls back (`confirmed_by`).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="phone_calls")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=12, choices=CallOutcome)
    note = models.CharField(_("note"), max_length=300, blank=True)
    languages = models.JSONField(default=list)
    relies = models.JSONField(default=list)
    words = models.JSONField(default=dict)
    caller = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    caller_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"call {self.uuid}"


class Slip(models.Model):
    """A typo fix from one version of a round to the next. It counts once two representatives of two
    organisations other than the proposer's have confirmed it (`counts_from`)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="slips")
    before = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    counts_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "before", "after"], name="one_slip_a_change")]

    def __str__(self) -> str:
        return f"slip from {self.before_id} to {self.after_id}"


class SlipConfirmation(models.Model):
    """Confirmation by a representative of another organisation that it is only a typo fix."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "organisation"], name="confirmed_once_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} confirms {self.slip_id}"
