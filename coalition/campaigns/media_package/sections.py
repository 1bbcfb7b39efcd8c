"""The parts of an item's text: a second-level heading with what follows it.

Headings are words of the text that organisations approve, so they are known in each language by the headings
of the template (`documents/text_templates/templates/media_item.*.txt`). A part under any other heading is
shown as it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from django.utils.safestring import SafeString

from coalition.campaigns.media_package.enums import ItemKind
from documents.canonical.characters import render_text
from documents.canonical.form import Block, Document
from documents.canonical.html import render_html

HEADINGS: Final[dict[str, dict[str, str]]] = {
    "caption": {"kk": "Сипаттама", "ru": "Подпись", "en": "Caption"},
    "telegram": {"kk": "Telegram", "ru": "Telegram", "en": "Telegram"},
    "whatsapp": {"kk": "WhatsApp", "ru": "WhatsApp", "en": "WhatsApp"},
    "instagram": {"kk": "Instagram", "ru": "Instagram", "en": "Instagram"},
    "facebook": {"kk": "Facebook", "ru": "Facebook", "en": "Facebook"},
    "tiktok": {"kk": "TikTok", "ru": "TikTok", "en": "TikTok"},
    "youtube": {"kk": "YouTube", "ru": "YouTube", "en": "YouTube"},
    "lead_in": {"kk": "Жүргізушінің кіріспе сөзі", "ru": "Подводка", "en": "Suggested lead"},
    "lower_thirds": {"kk": "Титрлер", "ru": "Титры", "en": "Lower thirds"},
    "shot_list": {"kk": "Монтаж парағы", "ru": "Монтажный лист", "en": "Shot list"},
    "transcript": {"kk": "Толық мәтіні", "ru": "Расшифровка", "en": "Transcript"},
    "description": {"kk": "Көрмейтіндерге сипаттама", "ru": "Описание для незрячих", "en": "Description"},
    "music": {"kk": "Музыка құқығы", "ru": "Права на музыку", "en": "Music rights"},
    "credit": {"kk": "Авторлары", "ru": "Авторы", "en": "Credit"},
    "licence": {"kk": "Пайдалану шарты", "ru": "Условия использования", "en": "Licence"},
    "funding": {"kk": "Қаржыландыру", "ru": "Финансирование", "en": "Funding"},
}
PLATFORMS: Final = ("telegram", "whatsapp", "instagram", "facebook", "tiktok", "youtube")
WITHOUT_LINKS: Final = frozenset({"instagram", "tiktok"})  # a link in a caption does not open there
TERMS: Final = ("credit", "licence", "funding", "music")
_REQUIRED: Final = ("credit", "licence")  # outlets may not use what has neither
_REQUIRED_OF_KIND: Final[dict[str, tuple[str, ...]]] = {  # people who do not see, or do not hear, need these
    ItemKind.POSTER: ("description",),
    ItemKind.INFOGRAPHIC: ("description",),
    ItemKind.VIDEO: ("description", "transcript"),
    ItemKind.INTERVIEW: ("transcript",),
    ItemKind.AUDIO: ("transcript",),
}
_PLACEHOLDER: Final = re.compile(r"\[[^\]]*\]")
_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)

_KEYS: Final = {
    (language, words.casefold()): key
    for key, languages in HEADINGS.items()
    for language, words in languages.items()
}


@dataclass(frozen=True)
class ItemSection:
    """A part of an item's text. `key`: of `HEADINGS`, "" for another heading and for what stands before the
    first one; `words`: as plain text, ready to be copied."""

    key: str
    heading: str
    words: str
    html: SafeString

    @property
    def is_platform(self) -> bool:
        return self.key in PLATFORMS


def sections_of(document: Document, *, id_prefix: str = "") -> list[ItemSection]:
    """Return the parts in their order, without empty ones. Words to copy for Instagram and TikTok are without
    the addresses of links. `id_prefix`: of the anchors of notes, for a page with several items."""
    found = []
    for number, (heading, blocks) in enumerate(_parts(document["blocks"])):
        key = _KEYS.get((document["language"], heading.casefold()), "")
        part = _part(document, blocks)
        plain = cast("Document", _without_links(part)) if key in WITHOUT_LINKS else part
        words = render_text(plain, width=None, with_title=False).strip()
        if words:
            found.append(ItemSection(key, heading, words, _html(part, f"{id_prefix}{number}-")))
    return found


def written_sections(document: Document) -> set[str]:
    """Return the keys of parts in which something is written beside placeholders in brackets."""
    return {one.key for one in sections_of(document) if re.search(r"\w", _PLACEHOLDER.sub("", one.words))}


def missing_sections(document: Document, kind: str) -> list[str]:
    """Return the headings of parts that the text of an item of this kind lacks, in its language."""
    present = written_sections(document)
    required = (*_REQUIRED, *_REQUIRED_OF_KIND.get(kind, ()))
    return [HEADINGS[key][document["language"]] for key in required if key not in present]


def dead_links(document: Document) -> list[str]:
    """Return the headings of words to copy that spell out an address where nobody can open it."""
    parts = sections_of(document)
    return [one.heading for one in parts if one.key in WITHOUT_LINKS and _ADDRESS.search(one.words)]


def _html(part: Document, prefix: str) -> SafeString:
    return render_html(part, heading_shift=2, id_prefix=prefix)


def _part(document: Document, blocks: list[Block]) -> Document:
    notes = [block for block in document["blocks"] if block["type"] == "footnote"]
    return {**document, "title": "", "lead": "", "blocks": [*blocks, *notes], "attachments": []}


def _parts(blocks: list[Block]) -> Iterator[tuple[str, list[Block]]]:
    heading, part = "", cast("list[Block]", [])
    for block in blocks:
        if block["type"] == "footnote":
            continue
        if block["type"] == "heading" and block["level"] == 2:
            yield heading, part
            heading, part = _heading_words(block), []
        else:
            part.append(block)
    yield heading, part


def _heading_words(block: Any) -> str:
    words = (one.get("text") or one.get("words") or "" for one in block["content"])
    return "".join(words).strip()


def _without_links(node: Any) -> Any:
    """Return the blocks with the words of links, without their addresses."""
    if isinstance(node, list):
        return [_without_links(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: _without_links(value) for key, value in node.items() if key != "marks"}
    if "marks" in node:
        found["marks"] = [mark for mark in node["marks"] if mark["type"] != "link"]
    return found
