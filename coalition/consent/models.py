"""Records of informed consent, the items they cover, and what follows when they end.

No name of the person is stored anywhere: a record has a random code, and the crisis centre alone knows
whose it is.
"""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.accounts.queries import active_memberships
from coalition.consent.enums import Answer, ConsentRoleKind, Form, Place, RecordState, RemovalAnswer
from coalition.core.crypto import SealedTextField
from coalition.personal_data.fields import OutsidersTextField


class ConsentRole(models.Model):
    """A caseworker or lawyer of an organisation, appointed by its representative."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ConsentRoleKind)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "kind"],
                condition=Q(ended_at=None),
                name="one_consent_role_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


def active_roles(kind: ConsentRoleKind) -> models.QuerySet[ConsentRole]:
    """Return roles in force, of people who still belong to the organisation."""
    member = active_memberships().filter(person=OuterRef("person"), organisation=OuterRef("organisation"))
    return ConsentRole.objects.filter(Exists(member), kind=kind, ended_at=None)


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):
    def with_caseworker(self) -> Self:
        """Annotate `has_caseworker`: whether the caseworker still holds the role in the organisation."""
        held = active_roles(ConsentRoleKind.CASEWORKER).filter(
            person=OuterRef("caseworker"), organisation=OuterRef("organisation")
        )
        return self.annotate(has_caseworker=Exists(held))


class ConsentRecord(models.Model):
    """Consent of one adult, as kept by the crisis centre that knows her.

    `until`: last day on which anything may be shown. `review_on`: first day on which nothing is shown any
    more unless she was asked again. Both are days in Almaty. `identifies`: the items shown now put details
    together that must not stand together.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=9, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    caseworker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    contact = SealedTextField(
        _("How to reach the caseworker"),
        max_length=200,
        help_text=_("Phone or address of the centre, for questions. Never hers."),
    )
    asked_at = models.DateTimeField()
    until = models.DateField(_("Nothing is shown after"))
    review_on = models.DateField()
    identifies = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Written when a date passes, so that cached pages are drawn anew.
    boundary_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"consent {self.code}"

    def state_on(self, today: datetime.date, moment: datetime.datetime) -> RecordState:
        """Return the state. Needs `has_caseworker` (`with_caseworker`)."""
        if self.withdrawn_at is not None:
            return RecordState.WITHDRAWN
        if self.until < today:
            return RecordState.EXPIRED
        if self.review_on <= today:
            return RecordState.REVIEW_MISSED
        if not getattr(self, "has_caseworker", False):
            return RecordState.NO_CASEWORKER
        if self.identifies:
            return RecordState.IDENTIFIES
        return RecordState.WAITING if moment < self.asked_at + WAITING_TIME else RecordState.IN_FORCE


WAITING_TIME = datetime.timedelta(hours=48)  # between asking and first use: the project's own rule


class ConsentScope(models.Model):
    """What she allows: a form, in a place, in a language. Asked about on its own, so that widening waits
    48 hours again."""

    consent = models.ForeignKey(ConsentRecord, on_delete=models.CASCADE, related_name="scopes")
    form = models.CharField(max_length=5, choices=Form)
    place = models.CharField(max_length=10, choices=Place)
    language = models.CharField(max_length=5, choices=Language)
    asked_at = models.DateTimeField()
    usable_from = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "form", "place", "language"],
                condition=Q(ended_at=None),
                name="one_consent_scope",
            ),
            models.CheckConstraint(
                condition=Q(usable_from__gte=F("asked_at") + WAITING_TIME),
                name="consent_scope_waits_48_hours",
            ),
        ]

    def __str__(self) -> str:
        """Return the scope in words, as forms list it."""
        return f"{self.get_place_display()} · {self.get_form_display()} · {self.get_language_display()}"


class SeparateDetails(models.Model):
    """Kinds of details (`DetailKind`, two or more, sorted) that must not stand together."""

    consent = models.ForeignKey(ConsentRecord, on_delete=models.CASCADE, related_name="separate_details")
    kinds = models.JSONField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return " + ".join(self.kinds)


class ConsentItem(models.Model):
    """An item that shows the person of a record: a file, picture, video, page or work.

    `kind` and `key` name it (`coalition.consent.items`); `sha256`: of its bytes when she was last asked, by
    which copies are found. `earlier_hashes`: of its bytes before that, separated by spaces: copies of them
    stay closed. `details`: kinds of details in it by which she could be identified. `details_digest`: of
    the item when her caseworker looked at them; else those found in its words count. `needs_lawyer`: it may
    point to an accused person or a workplace. Detached: it does not show her after all.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    consent = models.ForeignKey(ConsentRecord, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    earlier_hashes = models.TextField(blank=True, default="")
    shows_text = models.BooleanField(Form.TEXT.label, default=False)
    shows_voice = models.BooleanField(Form.VOICE.label, default=False)
    shows_face = models.BooleanField(Form.FACE.label, default=False)
    details = models.JSONField(default=list, blank=True)
    details_digest = models.CharField(max_length=64, blank=True)
    needs_lawyer = models.BooleanField(_("It may point to an accused person or a workplace"), default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    detached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "key"], name="consent_item_by_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "kind", "key"], condition=Q(detached_at=None), name="one_item_of_a_consent"
            ),
            models.CheckConstraint(
                condition=Q(shows_text=True) | Q(shows_voice=True) | Q(shows_face=True),
                name="consent_item_shows_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def set_bytes(self, sha256: str) -> None:
        """Set the hash of its bytes, if they are known, without saving."""
        earlier = {*self.earlier_hashes.split(), self.sha256} - {sha256, ""}
        if sha256:
            self.sha256, self.earlier_hashes = sha256, " ".join(sorted(earlier))

    @property
    def hashes(self) -> list[str]:
        """Return the hashes of its bytes, the present one first."""
        return [self.sha256, *self.earlier_hashes.split()]

    @property
    def forms(self) -> list[Form]:
        return [form for form in Form if getattr(self, f"shows_{form.value}")]


class ConsentUse(models.Model):
    """One use of an item: in a place, in a language. She is asked about each.

    `asked_digest`, `agreed_digest`: of the item's words and bytes when she was asked, and when she agreed; a
    change asks her again. `first_agreed_at` stays when she is asked again: from then on somebody may have
    taken the item.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(ConsentItem, on_delete=models.CASCADE, related_name="uses")
    place = models.CharField(max_length=10, choices=Place)
    language = models.CharField(max_length=5, choices=Language)
    requested_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_digest = models.CharField(max_length=64, blank=True)
    usable_from = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed_digest = models.CharField(max_length=64, blank=True)
    first_agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "place", "language"], condition=Q(ended_at=None), name="one_use_of_an_item"
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.AGREED)
                | Q(usable_from__gte=F("asked_at") + WAITING_TIME, agreed_digest__gt=""),
                name="consent_use_waits_48_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"use {self.uuid}"


class LegalReading(models.Model):
    """A lawyer's verdict on an item as it stands: valid for this digest only. Append-only."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    cleared = models.BooleanField()
    note = SealedTextField(_("Note"), blank=True, max_length=2000)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "key"], name="legal_reading_by_key")]

    def __str__(self) -> str:
        return f"reading of {self.kind} {self.key}"


class ConsentWithdrawal(models.Model):
    """One withdrawal: of everything (`whole`), or of the scopes and uses that ended at the same moment."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    consent = models.ForeignKey(ConsentRecord, on_delete=models.CASCADE, related_name="withdrawals")
    whole = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"withdrawal {self.uuid}"


class RemovalRequest(models.Model):
    """A taker who is asked to remove one item, and the answer. `title`: the words under which outsiders know
    it, as they were then. Mailed with a link of its own if there is
    an address; else the caseworker asks. The database stores only the hash of the link's token."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    withdrawal = models.ForeignKey(ConsentWithdrawal, on_delete=models.CASCADE, related_name="requests")
    item = models.ForeignKey(ConsentItem, on_delete=models.CASCADE, related_name="+")
    taker = OutsidersTextField(max_length=200)
    title = SealedTextField(max_length=300, blank=True)
    address = OutsidersTextField(blank=True, max_length=254)
    language = models.CharField(max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=RemovalAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"removal request {self.uuid}"
