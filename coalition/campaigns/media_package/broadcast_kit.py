"""What a television station needs of a film or an interview, as a checklist for the desk. It never blocks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import Format, ItemKind, RenditionState
from coalition.campaigns.media_package.measuring.warnings import fits_format
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.sections import written_sections
from documents.canonical.form import CanonicalError, Document
from documents.drafts.actions.texts import document_as_written, text_content

KINDS: Final = (ItemKind.VIDEO, ItemKind.INTERVIEW)
# What it is; the format of the file; its language, "" for any.
_FILES: Final[tuple[tuple[Any, Format, str], ...]] = (
    (_("One master, 1080p25"), Format.MASTER, ""),
    (_("The picture without words on it"), Format.CLEAN_PICTURE, ""),
    (_("The sound without voice"), Format.CLEAN_SOUND, ""),
    (_("More pictures to cut in (B-roll)"), Format.B_ROLL, ""),
    (_("Short answers to cut in (bites)"), Format.BITES, ""),
    (_("Kazakh subtitles"), Format.SUBTITLES, "kk"),
    (_("Russian subtitles"), Format.SUBTITLES, "ru"),
    (_("English subtitles"), Format.SUBTITLES, "en"),
    (_("A timed script for a Kazakh voice"), Format.VOICE_OVER, "kk"),
)
_PARTS: Final[tuple[tuple[Any, str], ...]] = (  # parts of the text, by their keys in `sections.HEADINGS`
    (_("A shot list with time codes"), "shot_list"),
    (_("Words with which a presenter leads in"), "lead_in"),
    (_("Names and offices for lower thirds"), "lower_thirds"),
    (_("Rights to the music"), "music"),
)


@dataclass(frozen=True)
class KitLine:
    """A line of the checklist. `missing_in`: languages whose text lacks the part, where others have it."""

    label: str
    is_there: bool
    missing_in: tuple[str, ...] = ()


def broadcast_kit(
    item: MediaItem, documents: Mapping[str, Document], files: Iterable[Rendition]
) -> list[KitLine]:
    """Return what a station needs of the item, and whether it is there; empty for items that are not aired.

    `documents`: the text by language; `files`: those that were not taken out. No query.
    """
    if item.kind not in KINDS:
        return []
    ready = {(one.format, one.language) for one in files if _is_usable(one)}
    formats = {one for one, _language in ready}
    lines = [
        KitLine(str(label), (kind, language) in ready if language else kind in formats)
        for label, kind, language in _FILES
    ]
    parts = {code: written_sections(document) for code, document in documents.items()}
    return lines + [_part_line(str(label), key, parts) for label, key in _PARTS]


def _is_usable(rendition: Rendition) -> bool:
    return rendition.state == RenditionState.READY and fits_format(rendition)


def written_documents(item: MediaItem) -> dict[str, Document]:
    """Return the item's text as it stands now, by language, without those that cannot be read yet."""
    found = {}
    for text in item.draft.texts.order_by("pk"):
        if text.is_empty:
            continue
        try:
            found[str(text.language)] = document_as_written(
                draft=item.draft, language=text.language, words=text_content(text)
            )
        except CanonicalError:  # half a picture, an unknown node: the editor says so
            continue
    return found


def kit_of(item: MediaItem) -> list[KitLine]:
    """Return the checklist of the item as it stands now. No query for items that are not aired."""
    if item.kind not in KINDS:
        return []
    return broadcast_kit(
        item, written_documents(item), item.renditions.filter(removed_at=None).select_related("file")
    )


def _part_line(label: str, key: str, parts: Mapping[str, Collection[str]]) -> KitLine:
    lacking = tuple(code for code, keys in parts.items() if key not in keys)
    if len(lacking) == len(parts):
        return KitLine(label, is_there=False)
    names = tuple(str(Language(code).label) for code in lacking)
    return KitLine(label, is_there=not names, missing_in=names)
