"""Media packages, their items and files; who took them; notices about them."""

from typing import Final

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.applicants.models import Applicant
from coalition.campaigns.media_package.enums import (
    AddressState,
    AgeMark,
    AiMark,
    AnswerWay,
    Format,
    ItemKind,
    NoticeKind,
    OutletAnswer,
    PackageAudience,
    RenditionState,
)
from coalition.core.localized_text import LocalizedTextField
from coalition.core.phones import dialled
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.drafts.models import CodesField, Draft
from documents.files.models import StoredFile
from documents.publication.models import Publication
from events.press.coverage.models import Coverage, CoverageLink

LATIN_NAME: Final = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small Latin letters, digits and hyphens: poster-every-third.")
)


class MediaPackage(models.Model):
    """A package of a workspace.

    `published_at`: since when its page can be opened, by everybody or by outlets with a link (`audience`);
    `opens_at`: end of the embargo, if there is one: before it only outlets that agreed to it take files. The
    press contact is on the page.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="media_packages")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = LocalizedTextField(_("title"), max_length=160)
    slug = models.SlugField(_("address"), max_length=60, unique=True, validators=[LATIN_NAME])
    audience = models.CharField(
        _("who takes it"), max_length=8, choices=PackageAudience, default=PackageAudience.PUBLIC
    )
    opens_at = models.DateTimeField(_("embargo until"), null=True, blank=True)
    contact_name = models.CharField(_("press contact"), max_length=120, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact_mail = models.EmailField(_("e-mail"), blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("media package")

    def __str__(self) -> str:
        return f"media package {self.slug}"

    @property
    def contact_dial(self) -> str:
        """Return the phone of the press contact for a `tel:` link."""
        return dialled(self.contact_phone)


class MediaItem(models.Model):
    """An item of a package. Its words are the text `draft` in each language; its files are approved with it.

    `name`: the first part of its file names, by which an outlet finds it again. `licence_until`: last
    day on which it may be used. `sets_formats`: formats that are set from the template whenever its text is
    published; empty where people bring all files.
    `removed_at`: taken out of the package; nothing of it is given any more.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(MediaPackage, on_delete=models.CASCADE, related_name="items")
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="media_item")
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind)
    name = models.CharField(_("name in file names"), max_length=40, unique=True, validators=[LATIN_NAME])
    ai_mark = models.CharField(_("made by"), max_length=10, choices=AiMark, default=AiMark.NONE)
    age_mark = models.PositiveSmallIntegerField(_("age mark"), choices=AgeMark, default=AgeMark.EVERYBODY)
    licence_until = models.DateField(_("licence until"), null=True, blank=True)
    sets_formats = CodesField(_("formats set from a template"))
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("item of a media package")

    def __str__(self) -> str:
        return f"item {self.name}"


class Rendition(models.Model):
    """A file of an item: in a format, for a language ("" for all of them).

    `version` counts the files of one item, format and language. `sha256`, `size` (bytes): of the bytes that
    are given out, without metadata. `file_name`: Latin, with item, format, language and version. `source`:
    the rendition of which the server made this one; `publication`: the published text of which it was set.
    One without both was uploaded, and is approved with the text. `measurements`: see
    `measuring.measurements`. `released_at`: since when a public text approves it, so that it may have been
    taken; `removed_at`: not given out any more.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="renditions")
    format = models.CharField(_("what it is"), max_length=14, choices=Format)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    version = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=RenditionState, default=RenditionState.PREPARING)
    failure = models.CharField(max_length=300, blank=True)
    measurements = models.JSONField(default=dict, blank=True)
    source = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="copies")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("file of a media package")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "format", "language", "version"], name="one_version_of_a_rendition"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class FileUpload(models.Model):
    """A file that arrives in pieces (tus 1.0). `size`: its whole size, `received`: so far, both in bytes.

    The pieces are objects of the private storage until the file is whole. `offset` of the next piece is
    `received`. `rendition`: what became of it. `failure`: why nothing did, in words.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="uploads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=14, choices=Format)
    language = models.CharField(max_length=5, choices=Language, blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    rendition = models.ForeignKey(
        Rendition, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("upload in pieces")

    def __str__(self) -> str:
        return f"upload {self.uuid}"


class UploadPiece(models.Model):
    """A piece of an upload: `size` bytes from `offset`, stored under `name`."""

    upload = models.ForeignKey(FileUpload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["offset"]
        verbose_name = _("piece of an upload")
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="one_piece_at_an_offset")]

    def __str__(self) -> str:
        return f"piece at {self.offset} of {self.upload_id}"


class PackageLink(models.Model):
    """An outlet's way to a package. `contact`: UUID of a press contact; `organisation`: a media partner,
    whose people find the package at their desk too. `outlet`: its name where neither
    names it, encrypted: no outlet learns who else has a link.

    `agreed_at`: it agreed to the embargo, of which the end was `agreed_until` then; a later end is agreed to
    anew. The database holds only the hash of the token.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(MediaPackage, on_delete=models.CASCADE, related_name="links")
    contact = models.UUIDField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outlet = OutsidersTextField(_("outlet"))
    address = OutsidersTextField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    coverage_link = models.ForeignKey(
        CoverageLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_until = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("link to a media package")

    def __str__(self) -> str:
        return f"media package link {self.uuid}"


class CorrectionAddress(Applicant):
    """An address that somebody without a link left for corrections of a package's items, and nothing else."""

    package = models.ForeignKey(MediaPackage, on_delete=models.CASCADE, related_name="correction_addresses")
    state = models.CharField(max_length=12, choices=AddressState, default=AddressState.UNPROVED)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("address for corrections")
        indexes = [models.Index(fields=["package", "state"], name="addresses_of_a_package")]


class TakenFile(models.Model):
    """An outlet took a file, at least once, first on this day."""

    link = models.ForeignKey(PackageLink, on_delete=models.CASCADE, related_name="taken")
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="taken")
    day = models.DateField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("file that an outlet took")
        constraints = [models.UniqueConstraint(fields=["link", "rendition"], name="one_row_a_taken_file")]

    def __str__(self) -> str:
        return f"{self.rendition_id} by {self.link_id}"


class ItemCoverage(models.Model):
    """An airing or publication of an item."""

    coverage = models.OneToOneField(Coverage, on_delete=models.CASCADE, related_name="media_item")
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="coverage")
    link = models.ForeignKey(
        PackageLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="coverage"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("coverage of an item")

    def __str__(self) -> str:
        return f"coverage {self.coverage_id} of {self.item_id}"


class ItemNotice(models.Model):
    """What those who took an item are told: to replace it, or not to use it. Without reasons."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notice about an item")

    def __str__(self) -> str:
        return f"{self.kind} of item {self.item_id}"


class NoticeRecipient(models.Model):
    """A notice to one outlet or one address for corrections. `answer`, `way`: of the last one of its
    `NoticeAnswer`s; empty while the notice is open."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    notice = models.ForeignKey(ItemNotice, on_delete=models.CASCADE, related_name="recipients")
    link = models.ForeignKey(
        PackageLink, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    correction_address = models.ForeignKey(
        CorrectionAddress, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    answer = models.CharField(max_length=10, choices=OutletAnswer, blank=True)
    way = models.CharField(max_length=6, choices=AnswerWay, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("recipient of a notice")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link=None) ^ models.Q(correction_address=None),
                name="one_recipient_of_a_notice",
            ),
            models.UniqueConstraint(fields=["notice", "link"], name="one_notice_a_link"),
            models.UniqueConstraint(fields=["notice", "correction_address"], name="one_notice_an_address"),
        ]

    def __str__(self) -> str:
        return f"recipient {self.uuid}"


class NoticeAnswer(models.Model):
    """What became of an item, as an outlet said or the desk saw. Each is kept: one does not replace another.

    `removed_from`: where it was removed (`RemovedFrom`). `aired_on`: the day of the airing. `answered_by`:
    who of the desk recorded an answer that did not come by the link.
    """

    recipient = models.ForeignKey(NoticeRecipient, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(max_length=10, choices=OutletAnswer)
    removed_from = CodesField(_("removed from"))
    aired_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=6, choices=AnswerWay)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("answer to a notice")

    def __str__(self) -> str:
        return f"{self.answer} of {self.recipient_id}"
