"""The text as Markdown and as plain text, with its handling mark above and below."""

from collections.abc import Mapping
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from documents.canonical.build import build
from documents.canonical.form import Document, JsonValue
from documents.canonical.markdown import escape, render_markdown
from documents.canonical.reading import PictureFile
from documents.canonical.text import render_text
from documents.interchange.file_properties import FileProperties
from documents.interchange.suggest.marked_text import ANCHOR, ATOMS, SuggestedChange, change_of

# Rare brackets replace the suggestion markers while a text is rendered.
_OPEN: Final = {"insertion": "\u2e22", "deletion": "\u2e24"}
_SHUT: Final = {"insertion": "\u2e23", "deletion": "\u2e25"}
_CRITIC: Final = {"\u2e22": "{++", "\u2e23": "++}", "\u2e24": "{--", "\u2e25": "--}"}
_PLAIN: Final = {"\u2e22": "[+", "\u2e23": "+]", "\u2e24": "[-", "\u2e25": "-]"}

type Pictures = Mapping[str, PictureFile]


def make_markdown(marked: JsonValue, *, sheet: FileProperties, pictures: Pictures) -> bytes:
    """Return Markdown with suggestions in CriticMarkup: `{++words++}` and `{--words--}`.

    Raises CanonicalError for content that no text may contain.
    """
    document, suggested = _document(marked, sheet, pictures)
    head = [f"**{escape(sheet.mark)}**", *(escape(row) for row in sheet.letterhead)]
    if suggested:
        head.append(f"*{escape(_legend(sheet.language, _CRITIC))}*")
    words = _replace_signs(render_markdown(document), _CRITIC)
    return "\n\n".join([*head, words.rstrip("\n"), f"**{escape(sheet.mark)}**\n"]).encode()


def make_text(marked: JsonValue, *, sheet: FileProperties, pictures: Pictures) -> bytes:
    """Return plain text; suggestions as `[+words+]` and `[-words-]`. Raises CanonicalError."""
    document, suggested = _document(marked, sheet, pictures)
    head = [sheet.mark, "\n".join(sheet.letterhead)]
    if suggested:
        head.append(_legend(sheet.language, _PLAIN))
    words = _replace_signs(render_text(document), _PLAIN)
    return "\n\n".join([*filter(None, head), words.rstrip("\n"), f"{sheet.mark}\n"]).encode()


def _legend(language: str, signs: Mapping[str, str]) -> str:
    with translation.override(language):
        return _(
            "Words between %(added)s are suggested and not decided; "
            "words between %(left_out)s are suggested to be left out."
        ) % {
            "added": f"{signs[_OPEN['insertion']]} {signs[_SHUT['insertion']]}",
            "left_out": f"{signs[_OPEN['deletion']]} {signs[_SHUT['deletion']]}",
        }


def _document(marked: JsonValue, sheet: FileProperties, pictures: Pictures) -> tuple[Document, bool]:
    """Return the canonical form with brackets around suggestions, and whether there are any."""
    title, lead, *blocks = _bracketed(marked, None)["content"]
    document = build(
        {"type": "doc", "content": blocks},
        title=_row_text(title),
        lead=_row_text(lead),
        language=sheet.language,
        pictures=pictures,
        holding_statement=True,
        complete=False,
    )
    return document, any(sign in str(document) for sign in _OPEN.values())


def _row_text(node: JsonValue) -> str:
    return "".join(one.get("text", "") for one in node.get("content") or ())


def _bracketed(node: JsonValue, change: SuggestedChange | None) -> JsonValue:
    """Return the node without suggestions, with brackets around suggested words."""
    change = change or change_of(node)
    marks = [
        one for one in node.get("marks") or () if one["type"] not in {"insertion", "deletion", "modification"}
    ]
    made = {key: value for key, value in node.items() if key not in {"marks", "content"}}
    if marks:
        made["marks"] = marks
    if node["type"] == "text":
        words = node["text"].replace(ANCHOR, "")
        made["text"] = f"{_OPEN[change.kind]}{words}{_SHUT[change.kind]}" if change and words else words
    if "content" in node:
        made["content"] = [part for child in node["content"] for part in _parts(child, change)]
    return made


def _parts(child: JsonValue, change: SuggestedChange | None) -> list[JsonValue]:
    made = _bracketed(child, change)
    own = change or change_of(child)
    if child["type"] not in ATOMS or own is None:
        return [made]
    around = ({"type": "text", "text": sign[own.kind]} for sign in (_OPEN, _SHUT))
    return [next(around), made, next(around)]


def _replace_signs(words: str, signs: Mapping[str, str]) -> str:
    for bracket, sign in signs.items():
        words = words.replace(bracket, sign)
    for kind, shut in _SHUT.items():  # merge neighbours of one kind
        words = words.replace(signs[shut] + signs[_OPEN[kind]], "")
    return words
