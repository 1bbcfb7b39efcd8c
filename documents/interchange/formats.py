"""Export formats of a text, and the handling of its suggestions."""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from PIL import Image, UnidentifiedImageError

from documents.canonical.form import JsonValue
from documents.files.archive import PROPERTY
from documents.interchange.docx.finish import finish_docx
from documents.interchange.file_properties import FileProperties
from documents.interchange.odt.finish import finish_odt
from documents.interchange.pandoc import writer
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.reader.document import FileMetadata
from documents.interchange.reader.reasons import left_out_reason
from documents.interchange.suggest.new_rows import TreeTarget
from documents.interchange.suggest.threads import FileContext


class FileFormat(models.TextChoices):
    """A file format. The value is its extension."""

    DOCX = "docx", _("Word (.docx)")
    ODT = "odt", _("LibreOffice (.odt)")
    PDF = "pdf", _("PDF")
    MARKDOWN = "md", _("Markdown")
    PLAIN = "txt", _("Plain text")

    @property
    def media_type(self) -> str:
        cls = type(self)
        return {
            cls.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            cls.ODT: "application/vnd.oasis.opendocument.text",
            cls.PDF: "application/pdf",
            cls.MARKDOWN: "text/markdown; charset=utf-8",
            cls.PLAIN: "text/plain; charset=utf-8",
        }[self]

    @property
    def comes_back(self) -> bool:
        """Whether a file of this format can be imported into its text."""
        return self in {type(self).DOCX, type(self).ODT}


class SuggestionDisplay(models.TextChoices):
    """The treatment of open suggestions in a file."""

    SUGGESTIONS = "suggestions", pgettext_lazy("export", "With suggestions marked")
    STANDING = "standing", pgettext_lazy("export", "As it stands, without suggestions")
    ACCEPTED = "accepted", pgettext_lazy("export", "As if every suggestion were accepted")


# --- left out ---
# Everything in a file that is not imported, in one list: displayed before the import, and later
# without the file's words.


@dataclass
class LeftOutReport:
    """`counted`: what is left out, by the codes of `reasons.py`; `told`: changes with their words,
    as (code, words)."""

    counted: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return (words of the change, or empty; the reason why it is not imported)."""
        changes = [(words.strip() or "¶", left_out_reason(code, 1)) for code, words in self.told]
        return [*changes, *(("", one) for one in left_out_sentences(self.counted))]

    @property
    def report(self) -> dict[str, int]:
        """Return what is stored after the decision on the file: codes and numbers."""
        return dict(self.counted + Counter(code for code, _words in self.told))


def report_left_out(
    found: FileMetadata,
    told: Iterable[tuple[str, str]],
    *,
    margins: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
) -> LeftOutReport:
    """Return the list. `margins`: headers and footers of our own; `counts`: others by code."""
    own = set(margins)
    foreign = sum(words not in own for words in found.margins)
    others = Counter({**(counts or {}), "margins": foreign})
    return LeftOutReport(Counter(found.left_out) + others, list(told))


def left_out_sentences(report: Mapping[str, int]) -> list[str]:
    """Return the reason why each kind is not imported, with its number."""
    return [words for code, count in report.items() if (words := left_out_reason(code, count))]


# --- file names ---
# The file name: handling mark first, in characters that every system supports.


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
    """Return the eight digits in a file's name, also of a copy (“… (1).docx”), or an empty
    string."""
    found = _CODE.search(name)
    return found.group(1).lower() if found else ""


# --- office ---
# The text as a Word or OpenDocument file.


def make_docx(marked: JsonValue, *, sheet: FileProperties, around: FileContext) -> bytes:
    """Return a Word file with suggestions as tracked changes and comments as Word comments.

    Raises `coalition.sandbox.run.Failed`.
    """
    return finish_docx(
        _write_with_token(marked, sheet, around, TreeTarget.DOCX), sheet, around.threads.values()
    )


def make_odt(marked: JsonValue, *, sheet: FileProperties, around: FileContext) -> bytes:
    """Return an OpenDocument text, in the same way."""
    return finish_odt(_write_with_token(marked, sheet, around, TreeTarget.ODT), sheet)


def _write_with_token(
    marked: JsonValue, sheet: FileProperties, around: FileContext, target: TreeTarget
) -> bytes:
    tree = to_pandoc(marked, sheet=sheet, around=around, target=target)
    if sheet.token:
        tree["meta"][PROPERTY] = {"t": "MetaString", "c": sheet.token}
    return writer.write_with_pandoc(tree, target.value)


# --- pictures ---
# Pictures for files: in a widely supported format, and not larger than a page displays.


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
