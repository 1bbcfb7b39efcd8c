"""States and kinds of people and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    """Offices for the whole coalition."""

    SECRETARIAT = "secretariat", _("Secretariat")
    NEWSROOM = "newsroom", _("Newsroom")
    PRESS_OFFICER = "press_officer", _("Press officer")


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Taken back")
    EXPIRED = "expired", _("Expired")


class RequestState(models.TextChoices):
    """States of a membership request."""

    UNCONFIRMED = "unconfirmed", _("Not confirmed by mail")
    OPEN = "open", pgettext_lazy("membership request", "Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
