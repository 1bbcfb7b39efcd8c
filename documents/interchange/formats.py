"""Formats of files, their properties, and plain text."""

import base64
import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy
from PIL import Image, UnidentifiedImageError

from documents.canonical.build import PictureFile, build
from documents.canonical.characters import escape, render_markdown, render_text
from documents.canonical.form import Document, JsonValue
from documents.files.consent import usable_in_text
from documents.files.models import StoredFile
from documents.files.types import PROPERTY
from documents.interchange.docx.finish import finish_docx
from documents.interchange.file_properties import FileProperties
from documents.interchange.odt.finish import finish_odt
from documents.interchange.pandoc import writer
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.reader.document import FileMetadata
from documents.interchange.reader.reasons import left_out_reason
from documents.interchange.suggest.marked_text import (
    ANCHOR,
    ATOMS,
    FileContext,
    FileThread,
    NameLookup,
    SuggestedChange,
    change_of,
)
from documents.interchange.suggest.new_rows import TreeTarget


class FileFormat(models.TextChoices):
    """A file format. The value is its extension."""

    DOCX = "docx", gettext_lazy("Word (.docx)")
    ODT = "odt", gettext_lazy("LibreOffice (.odt)")
    PDF = "pdf", gettext_lazy("PDF")
    MARKDOWN = "md", gettext_lazy("Markdown")
    PLAIN = "txt", gettext_lazy("Plain text")

    @property
    def media_type(self) -> str:
        return {
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "odt": "application/vnd.oasis.opendocument.text",
            "pdf": "application/pdf",
            "md": "text/markdown; charset=utf-8",
            "txt": "text/plain; charset=utf-8",
        }[self.value]

    @property
    def comes_back(self) -> bool:
        """Whether a file of this format can be imported into its text."""
        return self in {type(self).DOCX, type(self).ODT}


class SuggestionDisplay(models.TextChoices):
    """The treatment of open suggestions in a file."""

    SUGGESTIONS = "suggestions", pgettext_lazy("export", "With suggestions marked")
    STANDING = "standing", pgettext_lazy("export", "As it stands, without suggestions")
    ACCEPTED = "accepted", pgettext_lazy("export", "As if every suggestion were accepted")


# Everything in a file that is not imported, in one list: displayed before the import, and later
# without the file's words.


@dataclass
class LeftOutReport:
    """`counted`: what is left out, by the codes of `reasons.py`; `changes`: changes with their words,
    as (code, words)."""

    counted: Counter[str]
    changes: list[tuple[str, str]]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return (words of the change, or empty; the reason why it is not imported)."""
        changes = [(words.strip() or "¶", left_out_reason(code, 1)) for code, words in self.changes]
        return [*changes, *(("", one) for one in left_out_sentences(self.counted))]

    @property
    def report(self) -> dict[str, int]:
        """Return what is stored after the decision on the file: codes and numbers."""
        return dict(self.counted + Counter(code for code, _words in self.changes))


def report_left_out(
    found: FileMetadata,
    changes: Iterable[tuple[str, str]],
    *,
    margins: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
) -> LeftOutReport:
    """Return the list. `margins`: headers and footers of our own; `counts`: others by code."""
    foreign = sum(words not in {*margins} for words in found.margins)
    others = Counter({**(counts or {}), "margins": foreign})
    return LeftOutReport(found.left_out + others, list(changes))


def left_out_sentences(report: Mapping[str, int]) -> list[str]:
    """Return the reason why each kind is not imported, with its number."""
    return [words for code, count in report.items() if (words := left_out_reason(code, count))]


_LETTERS: Final = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
    "з": "z", "и": "i", "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh",
    "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
_LONGEST: Final = 60
_CODE: Final = re.compile(r"_([0-9a-f]{8})(?:[ _(.-][^/]*)?\.[a-z]+$", re.IGNORECASE)


def latin_slug(words: str) -> str:
    """Return the words in lower-case Latin letters, digits and hyphens."""
    spelled = "".join(_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", words).lower())
    simple = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", simple).strip("-")


def file_name(
    *, mark: str, kind: str, title: str, language: str, day: datetime.date, code: str, ending: str
) -> str:
    """Return `tlp-amber_statement-article-123_kk_2026-11-24_1f3a9c02.docx`.

    `code`: eight hexadecimal digits that identify a file if its properties are lost.
    """
    subject = f"{latin_slug(kind)}-{latin_slug(title)}"[:_LONGEST].strip("-")
    return f"{latin_slug(mark)}_{subject}_{language}_{day.isoformat()}_{code}.{ending}"


def code_in(name: str) -> str:
    """Return the eight digits in a file's name, also of a copy (“… (1).docx”), or an empty string."""
    found = _CODE.search(name)
    return found.group(1).lower() if found else ""


def make_document(
    marked: JsonValue, target: TreeTarget, *, properties: FileProperties, context: FileContext
) -> bytes:
    """Return a Word file with suggestions as tracked changes and comments as Word comments, or an
    OpenDocument text in the same way. Raises SandboxFailed."""
    tree = to_pandoc(marked, properties=properties, context=context, target=target)
    if properties.token:
        tree["meta"][PROPERTY] = {"t": "MetaString", "c": properties.token}
    content = writer.write_with_pandoc(tree, target.value)
    if target is TreeTarget.ODT:
        return finish_odt(content, properties)
    return finish_docx(content, properties, context.threads.values())


def make_with_pictures(
    marked: JsonValue,
    form: FileFormat,
    *,
    properties: FileProperties,
    pictures: Iterable[StoredFile],
    name_of: NameLookup = lambda _suggestion: "",
    threads: Mapping[str, FileThread] | None = None,
) -> bytes:
    """Return a PDF, a Word file or an OpenDocument text that contains those of these pictures that consent
    allows: a file cannot be called back. Raises SandboxFailed."""
    drawn = {}
    for file in usable_in_text(pictures, properties.language):
        with file.file.open("rb") as content:
            picture = draw_for_file(BytesIO(content.read()))
        if picture is not None:
            drawn[str(file.uuid)] = picture
    if form is FileFormat.PDF:
        files = {f"{name}.{one.ending}": one.content for name, one in drawn.items()}
        places = {name: (f"{name}.{one.ending}", one.width) for name, one in drawn.items()}
        return make_pdf(
            marked, properties=properties, context=FileContext(name_of, threads or {}, places), files=files
        )
    places = {
        name: (f"data:{one.media_type};base64,{base64.b64encode(one.content).decode()}", one.width)
        for name, one in drawn.items()
    }
    context = FileContext(name_of, threads or {}, places)
    return make_document(marked, TreeTarget(form.value), properties=properties, context=context)


_MOST: Final = 1800  # pixels on the longer side: a page's width at 280 dpi
_PAGE: Final = 960  # pixels that fill the width of the text at 150 dpi
_LEAST: Final = 25  # percent


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture for a file. `width`: the share of the text's width, as “80%”."""

    content: bytes
    media_type: str
    width: str

    @property
    def ending(self) -> str:
        return {"image/jpeg": "jpg", "image/png": "png"}[self.media_type]


def draw_for_file(file: IO[bytes]) -> DrawnPicture | None:
    """Return the picture converted for a file, or None if it cannot be read."""
    try:
        with Image.open(file) as picture:
            share = min(100, max(_LEAST, round(picture.width * 100 / _PAGE)))
            picture.thumbnail((_MOST, _MOST))
            see_through = picture.has_transparency_data
            out = BytesIO()
            if see_through:
                picture.convert("RGBA").save(out, "PNG")
            else:
                picture.convert("RGB").save(out, "JPEG", quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    return DrawnPicture(out.getvalue(), "image/png" if see_through else "image/jpeg", f"{share}%")


# Rare brackets replace the suggestion markers while a text is rendered.
_OPEN: Final = {"insertion": "\u2e22", "deletion": "\u2e24"}
_SHUT: Final = {"insertion": "\u2e23", "deletion": "\u2e25"}
_CRITIC: Final = {"\u2e22": "{++", "\u2e23": "++}", "\u2e24": "{--", "\u2e25": "--}"}
_PLAIN: Final = {"\u2e22": "[+", "\u2e23": "+]", "\u2e24": "[-", "\u2e25": "-]"}

type Pictures = Mapping[str, PictureFile]


def make_markdown(marked: JsonValue, *, properties: FileProperties, pictures: Pictures) -> bytes:
    """Return Markdown with suggestions in CriticMarkup: `{++words++}` and `{--words--}`.

    Raises CanonicalError for content that no text may contain.
    """
    document, suggested = _document(marked, properties, pictures)
    head = [f"**{escape(properties.mark)}**", *(escape(row) for row in properties.letterhead)]
    if suggested:
        head.append(f"*{escape(_legend(properties.language, _CRITIC))}*")
    words = _replace_signs(render_markdown(document), _CRITIC)
    return "\n\n".join([*head, words.rstrip("\n"), f"**{escape(properties.mark)}**\n"]).encode()


def make_text(marked: JsonValue, *, properties: FileProperties, pictures: Pictures) -> bytes:
    """Return plain text; suggestions as `[+words+]` and `[-words-]`. Raises CanonicalError."""
    document, suggested = _document(marked, properties, pictures)
    head = [properties.mark, "\n".join(properties.letterhead)]
    if suggested:
        head.append(_legend(properties.language, _PLAIN))
    words = _replace_signs(render_text(document), _PLAIN)
    return "\n\n".join([*filter(None, head), words.rstrip("\n"), f"{properties.mark}\n"]).encode()


def _legend(language: str, signs: Mapping[str, str]) -> str:
    with translation.override(language):
        return _(
            "Words between %(added)s are suggested and not decided; "
            "words between %(left_out)s are suggested to be left out."
        ) % {
            "added": f"{signs[_OPEN['insertion']]} {signs[_SHUT['insertion']]}",
            "left_out": f"{signs[_OPEN['deletion']]} {signs[_SHUT['deletion']]}",
        }


def _document(marked: JsonValue, properties: FileProperties, pictures: Pictures) -> tuple[Document, bool]:
    """Return the canonical form with brackets around suggestions, and whether there are any."""
    title, lead, *blocks = _bracketed(marked, None)["content"]
    document = build(
        {"type": "doc", "content": blocks},
        title=_row_text(title),
        lead=_row_text(lead),
        language=properties.language,
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
        made["content"] = []
        for child in node["content"]:
            own = (change or change_of(child)) if child["type"] in ATOMS else None
            made["content"] += [{"type": "text", "text": _OPEN[own.kind]}] if own else []
            made["content"].append(_bracketed(child, change))
            made["content"] += [{"type": "text", "text": _SHUT[own.kind]}] if own else []
    return made


def _replace_signs(words: str, signs: Mapping[str, str]) -> str:
    for bracket, sign in signs.items():
        words = words.replace(bracket, sign)
    for kind, shut in _SHUT.items():  # merge neighbours of one kind
        words = words.replace(signs[shut] + signs[_OPEN[kind]], "")
    return words
