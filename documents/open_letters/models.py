"""Open letters: published texts that organisations from outside join, and their joinings."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import Draft
from documents.files.models import private_storage
from documents.open_letters.enums import JoiningState
from documents.publication.models import Publication


class OpenLetter(models.Model):
    """A draft whose public text can be joined from outside, under a URL of its own.

    `looks_first`: a coordinator moderates a name before it is displayed and counted.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    looks_first = models.BooleanField(default=True)
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


class Joining(models.Model):
    """The joining of one publication by an organisation from outside, through an authorised person.

    All identifying data is encrypted, and emptied when it withdraws or is refused. It applies to
    the text it joined only: a correction has to be joined anew.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    letter = models.ForeignKey(OpenLetter, on_delete=models.CASCADE, related_name="joinings")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField()
    state = models.CharField(max_length=12, choices=JoiningState, default=JoiningState.UNCONFIRMED)
    name = OutsidersTextField(blank=True)
    contact = OutsidersTextField(blank=True)
    position = OutsidersTextField(blank=True)
    email = OutsidersTextField(blank=True)
    address_print = models.CharField(max_length=64, db_index=True, blank=True)
    language = models.CharField(max_length=5, choices=Language, default=Language.KK)
    is_listed = models.BooleanField(default=False)
    logo_allowed = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"joining {self.uuid}"  # appears in logs: never include the name


def logo_path(logo: "JoiningLogo", filename: str) -> str:
    """By UUID only: the storage's listing discloses no names."""
    return f"logos/{logo.uuid.hex[:2]}/{logo.uuid}"


class JoiningLogo(models.Model):
    """The logo of an organisation that joined: re-rendered, small, a PNG.

    Exists as long as the permission to display it: row and file are deleted with the permission,
    with the name, and when a newer logo comes.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    joining = models.OneToOneField(Joining, on_delete=models.CASCADE, related_name="logo")
    file = models.FileField(storage=private_storage, upload_to=logo_path)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"logo {self.uuid}"
