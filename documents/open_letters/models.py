"""Open letters: published texts that organisations from outside join, and their joinings."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.applicants.models import Applicant
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import Draft
from documents.files.logos import Logo


class JoiningState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", pgettext_lazy("joining an open letter", "Not confirmed by mail")
    JOINED = "joined", pgettext_lazy("joining an open letter", "Joined")
    WITHDRAWN = "withdrawn", pgettext_lazy("joining an open letter", "Withdrawn")
    REFUSED = "refused", pgettext_lazy("joining an open letter", "Refused")


class OpenLetter(models.Model):
    """A draft whose public text can be joined from outside, under a URL of its own.

    `looks_first`: a coordinator moderates a name before it is displayed and counted.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(
        pgettext_lazy("of a page", "Address"),
        max_length=80,
        unique=True,
        help_text=_("Latin letters, digits and hyphens. It stays, also when the text is corrected."),
        error_messages={"unique": _("Another letter has this address. Choose another one.")},
    )
    looks_first = models.BooleanField(_("A coordinator looks before a name appears"), default=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"open letter {self.slug}"


class Joining(Applicant):
    """The joining of one publication by an organisation from outside, through an authorised person.

    All identifying data is encrypted, and emptied when it withdraws or is refused. It applies to
    the text it joined only: a correction has to be joined anew.
    """

    letter = models.ForeignKey(OpenLetter, on_delete=models.CASCADE, related_name="joinings")
    publication = models.ForeignKey("documents.Publication", on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField()
    state = models.CharField(max_length=12, choices=JoiningState, default=JoiningState.UNCONFIRMED)
    name = OutsidersTextField(blank=True)
    contact = OutsidersTextField(blank=True)
    position = OutsidersTextField(blank=True)
    is_listed = models.BooleanField(default=False)
    logo_allowed = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def get_absolute_url(self) -> str:
        """Return the page on which coordinators moderate it."""
        return reverse("documents:letter", args=[self.publication.uuid])

    @property
    def any_logo(self) -> "JoiningLogo | None":
        """The logo that was sent, also before moderation."""
        return getattr(self, "logo", None)

    @property
    def public_logo(self) -> "JoiningLogo | None":
        """The logo if permitted, and admitted where coordinators moderate."""
        logo = self.any_logo if self.logo_allowed else None
        return logo if logo and (logo.admitted_at or not self.letter.looks_first) else None


class JoiningLogo(Logo):
    """The logo of an organisation that joined.

    Exists as long as the permission to display it: row and file are deleted with the permission,
    with the name, and when a newer logo comes.
    """

    joining = models.OneToOneField(Joining, on_delete=models.CASCADE, related_name="logo")
    added_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
