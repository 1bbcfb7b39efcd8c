"""Pictures and videos of the public site, and their files in the newsroom's forms."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import IO, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    Image,
    WagtailImageField,
    get_rendition_upload_to,
    get_upload_to,
)
from wagtail.snippets.models import register_snippet

from coalition.accounts.models import Language
from coalition.consent.files import consented_name, delete_on_commit, item_of_name, name_beside, name_of_copy
from coalition.consent.site import (
    IMAGE,
    VIDEO,
    VIDEO_FILES,
    hash_of,
    may_show_image,
    may_show_video,
    move_copy_of_video,
    move_video,
    site_gate,
)
from coalition.core.errors import Refused
from documents.files.captions import check_captions
from documents.files.public_copy import clean_picture
from documents.files.types import detect_file_type
from home.models.record import public_texts
from home.videos import VIDEO_SUFFIXES, clean_video

_PIECE_BYTES: Final = 1024 * 1024


def is_new(file: Any) -> bool:
    """Whether a model's file field contains a file that is not stored yet."""
    return bool(file) and not file._committed  # noqa: SLF001  Django says it nowhere else


def public_storage() -> object:
    return storages["public"]


def file_sha256(file: IO[bytes]) -> str:
    """Return the hex SHA-256 of an open file, read in pieces; the file is rewound."""
    found = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


def _bytes_hash() -> models.CharField[str, str]:
    return models.CharField(
        max_length=64, blank=True, default="", db_default="", db_index=True, editable=False
    )


def _set_bytes_hash(row: Any, save_options: dict[str, Any]) -> dict[str, Any]:
    """Set `bytes_sha256` to the hash of the row's file, empty if the file is missing; a stored file with a
    hash is not read again. Return the keywords of `save`, with the column where the file is saved."""
    columns = save_options.get("update_fields")
    if columns is not None and "file" not in columns:
        return save_options
    row.bytes_sha256 = _hash_of_file(row)
    return save_options if columns is None else save_options | {"update_fields": {*columns, "bytes_sha256"}}


def _hash_of_file(row: Any) -> str:
    if is_new(row.file):
        return file_sha256(row.file.file)
    name = str(row.file.name or "")
    known = type(row)._default_manager.filter(pk=row.pk, file=name)
    if found := known.values_list("bytes_sha256", flat=True).first():
        return str(found)
    try:
        with row.file.storage.open(name, "rb") as content:
            return file_sha256(content)
    except FileNotFoundError:
        return ""


def _follow_moved_files(row: Any, names: Iterable[str], stored: Mapping[str, str]) -> None:
    """Take the stored names of files that were moved below an item since the row was read, so that the row
    does not point to the public folder again."""
    for name in names:
        file, moved = getattr(row, name), stored.get(name) or ""
        if file and not is_new(file) and str(file.name) != moved and item_of_name(moved) is not None:
            file.name = moved


def _look_again(names: Iterable[Any], **row: int | None) -> None:
    """After the commit, move what was stored in the public folder if the item has come under consent since
    this request asked. `row`: the primary key of the `image` or the `video`."""
    if any(name and item_of_name(str(name)) is None for name in names):
        from home.stray_files import move_stray_files  # it needs these models

        transaction.on_commit(partial(move_stray_files, **row), robust=True)


def is_in_a_public_text(sha256: str) -> bool:
    """Return whether a currently public text contains the picture with this hash."""
    return bool(sha256) and public_texts().filter(version__canonical__contains=sha256).exists()


@lru_cache(maxsize=64)
def parse_filter(spec: str) -> Filter:
    return Filter(spec=spec)


class PublicImage(AbstractImage):
    """A picture that is public from upload on: never put a draft's picture here.

    `sha256` is set for copies of pictures in approved texts, by which pages find them: their file is fixed.
    `bytes_sha256` is the hash of whatever file there is now, by which consent follows it.
    """

    file = WagtailImageField(
        verbose_name=_("file"),
        storage=public_storage,
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )
    alt = models.CharField(
        _("description for those who cannot see it"),
        max_length=300,
        help_text=_("What is to be seen and matters: “Women with white tulips in front of the parliament”."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=160,
        blank=True,
        help_text=_("Who made the picture, as they want to be named."),
    )
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    bytes_sha256 = _bytes_hash()

    admin_form_fields = (
        *(name for name in Image.admin_form_fields if name != "description"),  # replaced by our `alt`
        "alt",
        "credit",
    )

    _drawn_anew = False

    def clean(self) -> None:
        """Validate an upload with a message; `save` refuses it too."""
        super().clean()
        try:
            self._refuse_other_file(PublicImage.objects.filter(pk=self.pk).values("file", "sha256").first())
            self._draw_anew()
        except Refused as refused:
            raise ValidationError({"file": str(refused)}) from refused

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row and re-encode an upload. Raise Refused if the picture is approved and its
        file was replaced."""
        stored = PublicImage.objects.filter(pk=self.pk).values("file", "sha256").first() or {}
        _follow_moved_files(self, ["file"], stored)
        self._refuse_other_file(stored)
        self._draw_anew()
        super().save(*args, **_set_bytes_hash(self, kwargs))
        _look_again([self.file.name], image=self.pk)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the row. Raise PermissionDenied if a public text shows the picture."""
        refuse_deleting_approved_picture(self)
        return super().delete(*args, **kwargs)

    def get_upload_to(self, filename: str) -> str:
        """Name a file: below its item if the picture is, or the bytes are, under consent."""
        if self.pk is not None and site_gate().is_under_consent(IMAGE, str(self.pk)):
            return consented_name(IMAGE, str(self.pk), filename)
        stored = PublicImage.objects.filter(pk=self.pk).values_list("file", flat=True).first()
        if beside := name_beside(stored or "", filename):  # the first picture of a video
            return beside
        if (found := hash_of(self)) and site_gate().holds_bytes(found):
            return name_of_copy(found, filename)
        return str(super().get_upload_to(filename))

    def may_be_shown(self) -> bool:
        """Whether consent allows it on the site, in the active language."""
        return may_show_image(self)

    def holds_its_hash(self) -> bool:
        """Return whether the stored file has the hash of the row. Reads the whole file."""
        try:
            with self.file.storage.open(self.file.name, "rb") as file:
                return file_sha256(file) == self.sha256
        except FileNotFoundError:
            return False

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> "ContentFile[bytes]":  # noqa: A002  Wagtail's name for it
        """Generate as Wagtail does, but close the temporary file at once instead of on garbage collection."""
        with super().generate_rendition_file(filter, source=source) as drawn:
            drawn.seek(0)
            return ContentFile(drawn.read(), name=drawn.name)

    def get_rendition(self, filter: Filter | str) -> Any:  # noqa: A002  Wagtail's name for it
        """Return a loaded rendition at once: Wagtail writes it to its cache for each page."""
        known = parse_filter(filter if isinstance(filter, str) else filter.spec)
        for one in self._get_prefetched_renditions() or ():
            if one.filter_spec == known.spec and one.focal_point_key == known.get_cache_key(self):
                return one
        return super().get_rendition(known)

    def _refuse_other_file(self, stored: Mapping[str, str] | None) -> None:
        """Raise Refused if organisations approved this picture and its file was replaced. The
        instance then has the stored file again, so that a form shows it."""
        if not stored or not stored["sha256"]:
            return
        if self.file.name == stored["file"] and not is_new(self.file):
            return
        self.file = stored["file"]
        raise Refused(
            _(
                "Organisations approved a text with this picture, so its file stays. Add the other file as a "
                "new picture."
            )
        )

    def _draw_anew(self) -> None:
        """Re-encode a new upload, so that location, camera and names are not published with it.

        Only a copy of a workspace's file stays unchanged, if it has the hash of its row: it was
        re-encoded when it was uploaded there. A row with another hash loses it.
        """
        if self._drawn_anew or not is_new(self.file):
            return
        if self.sha256 and file_sha256(self.file.file) == self.sha256:
            return
        self.sha256 = ""
        name = self.file.name
        kind = detect_file_type(self.file.file, name)
        clean = clean_picture(self.file.file, kind.media_type)
        self.file = ContentFile(clean.content, name=name)
        self.file_size, self.file_hash = len(clean.content), ""
        self._drawn_anew = True

    @property
    def default_alt_text(self) -> Any:
        return self.alt or self.title


class PublicRendition(AbstractRendition):
    image = models.ForeignKey(PublicImage, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        storage=public_storage,
        upload_to=get_rendition_upload_to,
        width_field="width",
        height_field="height",
    )

    def get_upload_to(self, filename: str) -> str:
        """Name a file beside that of its picture if that is under consent."""
        name = name_beside(str(self.image.file.name), filename) or str(super().get_upload_to(filename))
        _look_again(
            [name], image=self.image_id
        )  # here and not in `save`: several are written by `bulk_create`
        return name

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_public_rendition"
            )
        ]


@receiver(pre_delete, sender=PublicImage)
def refuse_deleting_approved_picture(instance: PublicImage, **_given: Any) -> None:
    """Refuse to delete a picture of a public text in any of Wagtail's views, including bulk actions.

    Raises PermissionDenied, which Wagtail's admin shows as a message.
    """
    if is_in_a_public_text(instance.sha256):
        raise PermissionDenied


def public_files() -> Storage:
    return storages["public"]


def video_name(instance: models.Model, name: str) -> str:
    """Return an unguessable name that caches may keep; its extension is one of two."""
    return _name_of_video(instance, ".webm" if name.lower().endswith(".webm") else ".mp4")


def captions_name(instance: models.Model, _name: str) -> str:
    return _name_of_video(instance, ".vtt")


def _name_of_video(video: models.Model, ending: str) -> str:
    if video.pk is not None and site_gate().is_under_consent(VIDEO, str(video.pk)):
        return consented_name(VIDEO, str(video.pk), f"file{ending}")
    if (found := hash_of(video)) and site_gate().holds_bytes(found):
        return name_of_copy(found, f"file{ending}")
    return f"video/{uuid.uuid4().hex}{ending}"


def _captions(label: Any) -> models.FileField:
    return models.FileField(
        label,
        storage=public_files,
        upload_to=captions_name,
        blank=True,
        help_text=_("A file .vtt: what is said and heard, with its times."),
    )


def _transcript(label: Any) -> models.TextField:
    return models.TextField(
        label,
        blank=True,
        help_text=_("Everything that is said, and what has to be seen to understand it. No HTML."),
    )


class PublicVideo(models.Model):
    """A video that is public from upload on. It has captions and a transcript in at least one
    language, for people who cannot hear or load it. `bytes_sha256`: the hash of its file, as of pictures."""

    title = models.CharField(
        _("title"), max_length=160, help_text=_("Screen readers say it before the video; you find it by it.")
    )
    file = models.FileField(
        _("video"),
        storage=public_files,
        upload_to=video_name,
        help_text=_("MP4 or WebM, up to 300 MB, without the place where it was taken. Public at once."),
    )
    bytes_sha256 = _bytes_hash()
    poster = models.ForeignKey(
        PublicImage,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("first picture"),
        help_text=_("Shown until somebody presses play: nothing is loaded before."),
    )
    credit = models.CharField(_("credit"), max_length=160, help_text=_("Who made the video."))
    captions_kk = _captions(_("captions in Kazakh"))
    captions_ru = _captions(_("captions in Russian"))
    captions_en = _captions(_("captions in English"))
    transcript_kk = _transcript(_("transcript in Kazakh"))
    transcript_ru = _transcript(_("transcript in Russian"))
    transcript_en = _transcript(_("transcript in English"))

    panels = [
        FieldPanel("title"),
        FieldPanel("file"),
        FieldPanel("poster"),
        FieldPanel("credit"),
        *(
            MultiFieldPanel(
                [FieldPanel(f"captions_{code}"), FieldPanel(f"transcript_{code}")], heading=str(name)
            )
            for code, name in (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))
        ),
    ]

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Validate with messages at the fields; `save` refuses it too. Remove a new video's metadata."""
        super().clean()
        faults = self._faults()
        if faults:
            raise ValidationError(faults)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if faults := self._faults():
            raise ValidationError(faults)
        stored = PublicVideo.objects.filter(pk=self.pk).values(*VIDEO_FILES).first() or {}
        _follow_moved_files(self, VIDEO_FILES, stored)
        super().save(*args, **_set_bytes_hash(self, kwargs))
        for name, old in stored.items():
            if old and old != getattr(self, name).name:
                delete_on_commit(public_files(), old)
        gate = site_gate()
        if gate.is_under_consent(VIDEO, str(self.pk)):
            move_video(self)
        elif self.bytes_sha256 and gate.holds_bytes(self.bytes_sha256):
            move_copy_of_video(self)
        else:
            _look_again([getattr(self, name).name for name in VIDEO_FILES], video=self.pk)

    def may_be_shown(self) -> bool:
        """Whether consent allows it on the site, in the active language."""
        return may_show_video(self)

    @property
    def media_type(self) -> str:
        return next(kind for kind, ending in VIDEO_SUFFIXES.items() if str(self.file).endswith(ending))

    def languages(self) -> list[str]:
        """Return the languages with captions and transcript, in the order of the site."""
        return [code for code in Language.values if getattr(self, f"captions_{code}")]

    def transcript(self, language: str) -> str:
        return str(getattr(self, f"transcript_{language}"))

    def captions(self, language: str) -> Any:
        """Return the file of captions in this language; falsy if there is none."""
        return getattr(self, f"captions_{language}")

    def _faults(self) -> dict[str, str]:
        faults: dict[str, str] = {}
        if is_new(self.file):
            try:
                clean_video(self.file, str(self.file.name))
            except Refused as refused:
                faults["file"] = str(refused)
        for code in Language.values:
            captions, words = self.captions(code), self.transcript(code).strip()
            if bool(captions) != bool(words):
                missing = f"transcript_{code}" if captions else f"captions_{code}"
                faults[missing] = str(_("Captions and transcript come together."))
            elif is_new(captions):
                try:
                    captions.seek(0)
                    check_captions(captions.read())
                    captions.seek(0)
                except Refused as refused:
                    faults[f"captions_{code}"] = str(refused)
        if not faults and not self.languages():
            faults["captions_kk"] = str(_("Captions and a transcript are needed in one language at least."))
        return faults


register_snippet(PublicVideo, viewset="home.newsroom_access.VideoViewSet")


@receiver(post_delete, sender=PublicVideo)
def delete_files_of_video(instance: PublicVideo, **_given: Any) -> None:
    for name in VIDEO_FILES:
        if file := getattr(instance, name):
            delete_on_commit(file.storage, str(file.name))
