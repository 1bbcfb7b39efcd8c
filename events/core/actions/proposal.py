"""Proposals for planning or changing an event: plain values, not yet validated."""

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
from events.core.facts import RecurrenceRule, VenueFacts
from events.core.models import Event, EventText, public_storage

ALMATY = "Asia/Almaty"


@dataclass(frozen=True)
class EventTextInput:
    """The texts of an event in one language."""

    title: str = ""
    text: str = ""
    place: str = ""
    address: str = ""
    access_notes: str = ""


@dataclass(frozen=True)
class EventTimesInput:
    """Times: local, in `zone`. Without `starts_at_time` whole days, `ends_on` the last of them.

    Without `ends_on` it ends on the day it begins, without `ends_at_time` when it begins.
    `run_from` and `run_until` are a run with opening hours; then whole days have no time of their
    own.
    """

    starts_on: datetime.date
    starts_at_time: datetime.time | None = None
    ends_on: datetime.date | None = None
    ends_at_time: datetime.time | None = None
    zone: str = ALMATY
    run_from: datetime.date | None = None
    run_until: datetime.date | None = None
    rule: RecurrenceRule | None = None


class EventPlaceInput(VenueFacts):
    """Language-independent parts of a place."""


@dataclass(frozen=True)
class OpeningHoursInput:
    """Open on a weekday from `opens` to `closes`; two on one day are a break at noon."""

    weekday: int
    opens: datetime.time
    closes: datetime.time


@dataclass(frozen=True)
class SpecialDaysInput:
    """Days that differ, both ends included; closed without times. `why`: reasons per language."""

    first: datetime.date
    last: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    why: tuple[tuple[str, str], ...] = ()  # (language, text)


# --- texts ---
# Writing the texts of an event in each language.


EVENT_TEXT_FIELDS = ("title", "text", "place", "address", "access_notes")


def write_event_texts(event: Event, texts: Mapping[str, EventTextInput]) -> list[str]:
    """Write the given languages, and an empty text for each that has none yet. Others stay.

    Return the fields that changed. Call in a transaction, with the event's row locked.
    """
    kept = {text.language: text for text in EventText.objects.filter(event=event)}
    changed: set[str] = set()
    for language in Language.values:
        row = kept[language] if language in kept else EventText(event=event, language=language)
        words = texts.get(language)
        if words is not None:
            changed |= _update_text(row, words)
        if row._state.adding or words is not None:
            row.save()
    return sorted(changed)


def _update_text(row: EventText, words: EventTextInput) -> set[str]:
    changed = set()
    for name in EVENT_TEXT_FIELDS:
        said = getattr(words, name).strip()
        if name != "text":
            said = " ".join(said.split())  # one line
        if getattr(row, name) != said:
            setattr(row, name, said)
            changed.add(name)
    return changed


# --- picture ---
# The public copy of an event's picture: pixels without metadata, scaled down for a page.


MAX_PICTURE_WIDTH = 1600  # longer side, in pixels


def copy_picture_for_public(file: StoredFile) -> str:
    """Make the public copy and return its name in the public storage. Call before the transaction.

    The caller deletes it with `discard` if the transaction fails. Raises Refused if the picture is
    gone.
    """
    return public_storage().save(f"events/{uuid4().hex}.jpg", ContentFile(render_small_jpeg(file)))


def render_small_jpeg(file: StoredFile, widest: int = MAX_PICTURE_WIDTH) -> bytes:
    """Return the picture as JPEG without metadata, its longer side at most `widest`. Raises Refused
    if it is gone."""
    try:
        with file.file.storage.open(str(file.file.name)) as kept:
            return render_jpeg(kept, file.content_type, widest)
    except OSError as error:
        raise Refused(_("The picture cannot be read any more. Choose another one.")) from error


def render_jpeg(content: IO[bytes], media_type: str, widest: int = MAX_PICTURE_WIDTH) -> bytes:
    """Re-encode a picture on white, its longer side at most `widest`. Raises Refused if it is broken
    or too large."""
    clean = clean_picture(content, media_type)
    with Image.open(BytesIO(clean.content)) as picture:
        profile = picture.info.get("icc_profile")
        drawn = _on_white(picture)
    drawn.thumbnail((widest, widest))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True, icc_profile=profile if drawn.mode == "RGB" else None)
    return out.getvalue()


def delete_public_picture(name: str) -> None:
    """Delete a public copy; do nothing for ""."""
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
