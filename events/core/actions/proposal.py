"""What people propose when they plan or change an event: plain values, before anything is checked."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from documents.files.images import clean_picture
from documents.models import StoredFile
from events.core.enums import GettingIn
from events.core.facts import Rule
from events.core.models import Event, EventText, public_storage

ALMATY = "Asia/Almaty"


@dataclass(frozen=True)
class Words:
    """The words of an event in one language."""

    title: str = ""
    text: str = ""
    place: str = ""
    address: str = ""
    access_notes: str = ""


@dataclass(frozen=True)
class Planned:
    """When: local times in `zone`. Without `starts_at_time` whole days, `ends_on` the last of them.

    Without `ends_on` it ends on the day on which it begins, without `ends_at_time` when it begins. With
    `run_from` and `run_until` something is open over days; then whole days have no time of their own.
    """

    starts_on: datetime.date
    starts_at_time: datetime.time | None = None
    ends_on: datetime.date | None = None
    ends_at_time: datetime.time | None = None
    zone: str = ALMATY
    run_from: datetime.date | None = None
    run_until: datetime.date | None = None
    rule: Rule | None = None


@dataclass(frozen=True)
class Place:
    """Where, beside the words: what is the same in every language."""

    region: str = ""
    map_link: str = ""
    step_free: GettingIn = GettingIn.UNKNOWN
    online_link: str = ""


@dataclass(frozen=True)
class Hours:
    """Open on a weekday from `opens` to `closes`; two on one day are a break at noon."""

    weekday: int
    opens: datetime.time
    closes: datetime.time


@dataclass(frozen=True)
class SpecialDays:
    """Days that differ, both ends included; closed without times. `why` in words per language."""

    first: datetime.date
    last: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    why: tuple[tuple[str, str], ...] = ()  # (language, words)


# --- texts ---
# Writing the words of an event in each language.


FIELDS = ("title", "text", "place", "address", "access_notes")


def write_words(event: Event, texts: Mapping[str, Words]) -> list[str]:
    """Write the given languages, and an empty text for each that has none yet. Others stay.

    Returns the fields that changed. Belongs into the caller's transaction, with the event's row locked.
    """
    kept = {text.language: text for text in EventText.objects.filter(event=event)}
    changed: set[str] = set()
    for language in Language.values:
        row = kept[language] if language in kept else EventText(event=event, language=language)
        words = texts.get(language)
        if words is not None:
            changed |= _take(row, words)
        if row._state.adding or words is not None:
            row.save()
    return sorted(changed)


def _take(row: EventText, words: Words) -> set[str]:
    changed = set()
    for name in FIELDS:
        said = getattr(words, name).strip()
        if name != "text":
            said = " ".join(said.split())  # one line
        if getattr(row, name) != said:
            setattr(row, name, said)
            changed.add(name)
    return changed


# --- picture ---
# The public copy of an event's picture: its pixels only, not larger than a page needs.


WIDEST = 1600  # pixels of the longer side


def copy_for_everyone(file: StoredFile) -> str:
    """Make the public copy and return its name in the public storage. Call before the transaction.

    Whoever calls deletes it with `discard` if the transaction fails. Raises Refused if the picture is gone.
    """
    return public_storage().save(f"events/{uuid4().hex}.jpg", ContentFile(small_jpeg(file)))


def small_jpeg(file: StoredFile, widest: int = WIDEST) -> bytes:
    """The picture's pixels alone, its longer side at most `widest`. Raises Refused if it is gone."""
    try:
        with file.file.storage.open(str(file.file.name)) as kept:
            return jpeg_of(kept, file.content_type, widest)
    except OSError as error:
        raise Refused(_("The picture cannot be read any more. Choose another one.")) from error


def jpeg_of(content: IO[bytes], media_type: str, widest: int = WIDEST) -> bytes:
    """A picture drawn anew, on white, at most so large. Raises Refused if it is broken or too large."""
    clean = clean_picture(content, media_type)
    with Image.open(BytesIO(clean.content)) as picture:
        profile = picture.info.get("icc_profile")
        drawn = _on_white(picture)
    drawn.thumbnail((widest, widest))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True, icc_profile=profile if drawn.mode == "RGB" else None)
    return out.getvalue()


def discard(name: str) -> None:
    """Delete a public copy; none for ""."""
    if name:
        public_storage().delete(name)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture.copy()
    if "A" not in picture.mode and "transparency" not in picture.info:
        return picture.convert("RGB")
    see_through = picture.convert("RGBA")
    ground = Image.new("RGBA", see_through.size, "white")
    return Image.alpha_composite(ground, see_through).convert("RGB")
