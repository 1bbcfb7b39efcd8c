"""Videos of the public site: own files, with captions and the words that are spoken."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from home.models.image import PublicImage
from home.models.uploads import is_new
from home.video_files import VIDEO_SUFFIXES, check_captions, clean_video


def public_files() -> Storage:
    return storages["public"]


def video_name(_instance: models.Model, name: str) -> str:
    """A name that nobody guesses and that caches may keep; the ending is one of two."""
    ending = ".webm" if name.lower().endswith(".webm") else ".mp4"
    return f"video/{uuid.uuid4().hex}{ending}"


def captions_name(_instance: models.Model, _name: str) -> str:
    return f"video/{uuid.uuid4().hex}.vtt"


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


@register_snippet
class PublicVideo(models.Model):
    """A video that is public from the moment it is here. It has captions and a transcript in one language
    at least; whoever cannot hear or cannot load it reads them."""

    title = models.CharField(
        _("title"), max_length=160, help_text=_("Screen readers say it before the video; you find it by it.")
    )
    file = models.FileField(
        _("video"),
        storage=public_files,
        upload_to=video_name,
        help_text=_("MP4 or WebM, up to 300 MB, without the place where it was taken. Public at once."),
    )
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
        """Say in words, at the field, what is wrong; `save` refuses it too. Remove a new video's metadata."""
        super().clean()
        faults = self._faults()
        if faults:
            raise ValidationError(faults)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if faults := self._faults():
            raise ValidationError(faults)
        super().save(*args, **kwargs)

    @property
    def media_type(self) -> str:
        return next(kind for kind, ending in VIDEO_SUFFIXES.items() if str(self.file).endswith(ending))

    def languages(self) -> list[str]:
        """In which languages it has captions and transcript, in the order of the site."""
        return [code for code in Language.values if getattr(self, f"captions_{code}")]

    def transcript(self, language: str) -> str:
        return str(getattr(self, f"transcript_{language}"))

    def captions(self, language: str) -> Any:
        """The file of captions in this language; false if there is none."""
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
