"""People, organisations, memberships, invitations and requests, with their states and kinds; regions.

Why pycountry is not used: docs/dependencies.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField
from coalition.personal_data.fields import OutsidersTextField


class Language(models.TextChoices):
    """The languages of the coalition. Kazakh comes first wherever two appear together."""

    KK = "kk", "Қазақша"
    RU = "ru", "Русский"
    EN = "en", "English"


class OrganisationKind(models.TextChoices):
    NGO = "ngo", _("Non-governmental organisation")
    CRISIS_CENTRE = "crisis_centre", _("Crisis centre")
    INITIATIVE = "initiative", _("Initiative group")
    MEDIA_PARTNER = "media_partner", _("Media partner")
    INDIVIDUAL = "individual", _("Individual supporter")


class Listing(models.TextChoices):
    """How an organisation may be named. Order: from open to strict."""

    PUBLIC = "public", _("Public")
    WITHHELD = "withheld", _("Name withheld")
    CONFIDENTIAL = "confidential", _("Confidential")

    @classmethod
    def strictest(cls, *listings: str) -> "Listing":
        """Return the strictest: a text may restrict the organisation's listing, never widen it."""
        order = list(cls)
        return max((cls(value) for value in listings if value), key=order.index)


class MembershipRole(models.TextChoices):
    REPRESENTATIVE = "representative", _("Representative")
    ALTERNATE = "alternate", _("Alternate")
    MEMBER = "member", _("Member")


class OfficeKind(models.TextChoices):
    SECRETARIAT = "secretariat", _("Secretariat")
    NEWSROOM = "newsroom", _("Newsroom")
    PRESS_OFFICER = "press_officer", _("Press officer")


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Taken back")
    EXPIRED = "expired", _("Expired")


class RequestState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("Not confirmed by mail")
    OPEN = "open", pgettext_lazy("membership request", "Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


REGIONS: dict[str, Promise] = {
    "KZ-10": _("Abai Region"),
    "KZ-11": _("Aqmola Region"),
    "KZ-15": _("Aqtobe Region"),
    "KZ-19": _("Almaty Region"),
    "KZ-23": _("Atyrau Region"),
    "KZ-27": _("West Kazakhstan Region"),
    "KZ-31": _("Zhambyl Region"),
    "KZ-33": _("Zhetisu Region"),
    "KZ-35": _("Qaraghandy Region"),
    "KZ-39": _("Qostanay Region"),
    "KZ-43": _("Qyzylorda Region"),
    "KZ-47": _("Mangystau Region"),
    "KZ-55": _("Pavlodar Region"),
    "KZ-59": _("North Kazakhstan Region"),
    "KZ-61": _("Turkistan Region"),
    "KZ-62": _("Ulytau Region"),
    "KZ-63": _("East Kazakhstan Region"),
    "KZ-71": _("Astana"),
    "KZ-75": _("Almaty"),
    "KZ-79": _("Shymkent"),
}


def region_names(codes: Iterable[str]) -> list[str]:
    """Return the names in the active language; skip unknown codes."""
    return [str(REGIONS[code]) for code in codes if code in REGIONS]


class Organisation(models.Model):
    """An organisation. Its names are encrypted in the database whatever its listing, so that changing
    the listing leaves no plain text behind; only a publicly listed one has a slug.

    Never display `name_in` directly: `naming.display_name_for(viewer, organisation)` decides.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    listing = models.CharField(
        _("how it may be named"), max_length=12, choices=Listing, default=Listing.PUBLIC
    )
    name_kk = SealedTextField(_("name in Kazakh"))
    name_ru = SealedTextField(_("name in Russian"))
    name_en = SealedTextField(_("name in English"))
    description_kk = SealedTextField(_("description in Kazakh"), blank=True)
    description_ru = SealedTextField(_("description in Russian"), blank=True)
    description_en = SealedTextField(_("description in English"), blank=True)
    initials = SealedTextField(_("initials"), blank=True)
    hue = models.PositiveSmallIntegerField(_("colour"), default=1)
    code = models.CharField(max_length=6, unique=True, editable=False)  # replaces a withheld name
    regions = models.JSONField(_("regions"), default=list, blank=True)  # ISO 3166-2
    languages = models.JSONField(_("languages it works in"), default=list, blank=True)
    reads = models.JSONField(_("languages it reads"), default=list, blank=True)
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"organisation {self.code}"  # appears in logs and admin lists: never the name

    def name_in(self, language: str | None = None) -> str:
        """Return the true name, in the language or a fallback. Only for `naming` and its own people."""
        return self._in("name", language)

    def description_in(self, language: str | None = None) -> str:
        """Return the organisation's description; display it only where its name may be displayed."""
        return self._in("description", language)

    def _in(self, field: str, language: str | None) -> str:
        wanted = (language or get_language() or Language.KK)[:2]
        order = [wanted, *(code for code in Language.values if code != wanted)]
        texts = (getattr(self, f"{field}_{code}", "") for code in order)
        return next((text for text in texts if text), "")


@dataclass(frozen=True)
class PageData:
    """What one page that only reads has loaded for a person (`coalition.workspaces.queries.for_page`).

    `seats`: the roles of active seats by primary key; `lists`: further lists by name; `answers`: whether
    sources of the dashboard could have anything, by question.
    """

    seats: Mapping[int, str]
    lists: dict[str, list[Any]] = field(default_factory=dict)
    answers: dict[object, int] = field(default_factory=dict)


class UserManager(BaseUserManager["User"]):
    """Manager that finds accounts by e-mail address, ignoring case."""

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, who acts on behalf of an organisation through a membership and a seat."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Almaty")
    phone = SealedTextField(_("phone"), blank=True)  # visible to their organisation and leaders of its rounds
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    last_visit = models.DateTimeField(null=True, editable=False)
    session_round = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()
    page_data: PageData | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's hash plus the round: raising the round ends every session, wherever it is stored.
        known: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # the stubs lack it; hashes of fallback keys use it too
        return f"{known}.{self.session_round}"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    # Required by Wagtail's admin.
    @property
    def first_name(self) -> str:
        return self.get_short_name()

    @property
    def last_name(self) -> str:
        return " ".join(self.name.split()[1:])

    @property
    def initials(self) -> str:
        """Return one or two capital letters for the person's avatar."""
        words = self.name.split()
        return "".join(word[0] for word in words[:2]).upper()


class Membership(models.Model):
    """A person's membership in an organisation over a period. Rows are ended, not deleted."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=MembershipRole)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(ended_at=None), name="one_open_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id} as {self.role}"


class Mandate(models.Model):
    """A member's right to approve for the organisation, on one kind of text or all, for a period."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="mandates")
    subject = models.CharField(
        _("kind of text"), max_length=30, blank=True, help_text=_("Empty means every kind")
    )
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"mandate until {self.valid_until:%Y-%m-%d}"


class Office(models.Model):
    """A person's office: secretariat, newsroom, or press officer of an organisation."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offices")
    kind = models.CharField(max_length=16, choices=OfficeKind)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="offices"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(ended_at=None), name="one_open_office"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.kind}"


class Invitation(models.Model):
    """A single-use invitation, bound to one address. The database stores only the hash of its token."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=16, choices=MembershipRole, default=MembershipRole.MEMBER)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations_sent"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"invitation {self.uuid}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= now() else InvitationState.OPEN


class MembershipRequest(Applicant):
    """A group's description of itself, encrypted, with the address of its contact person.

    Unconfirmed and declined requests are deleted (`actions/admission.py`).
    """

    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.UNCONFIRMED)
    name = OutsidersTextField()
    region = models.CharField(max_length=8, blank=True)  # ISO 3166-2
    why = OutsidersTextField()
    contact = OutsidersTextField()
    written_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = OutsidersTextField(blank=True)
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    @property
    def region_name(self) -> str:
        """Return the name in the active language; empty without a known region."""
        return str(REGIONS.get(self.region, ""))


class Vouch(models.Model):
    """A voucher of an organisation for the group, given by a representative."""

    request = models.ForeignKey(MembershipRequest, on_delete=models.CASCADE, related_name="vouches")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="an_organisation_vouches_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} vouches in {self.request_id}"


class Freeze(models.Model):
    """A freeze: requested by one person, in force once confirmed (by a second coordinator, or at once
    by the secretariat), ended by two people together. While it is in force the organisation's people
    have no access through it, and its silence never counts as consent."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="freezes")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The requester's organisation; null for the secretariat. Whoever may see it also sees the person.
    asked_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    thaw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    thawed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    thawed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(thawed_at=None), name="one_open_freeze"
            )
        ]

    def __str__(self) -> str:
        return f"freeze {self.uuid}"

    @property
    def in_force(self) -> bool:
        return self.frozen_at is not None and self.thawed_at is None
