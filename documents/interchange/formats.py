"""What a text can leave as, and how much of its suggestions goes along."""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.canonical.form import Json
from documents.files.archive import PROPERTY
from documents.interchange.docx.finish import finish_docx
from documents.interchange.file_properties import Sheet
from documents.interchange.odt.finish import finish_odt
from documents.interchange.pandoc import run
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.reader.metadata import Found
from documents.interchange.reader.reasons import why_left_out
from documents.interchange.suggest.new_rows import Target
from documents.interchange.suggest.threads import Around


class Format(models.TextChoices):
    """A kind of file. The value is its ending."""

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
        """Whether a file of this kind can be read back into its text."""
        return self in {type(self).DOCX, type(self).ODT}


class View(models.TextChoices):
    """What is done with open suggestions in a file."""

    SUGGESTIONS = "suggestions", pgettext_lazy("export", "With suggestions marked")
    STANDING = "standing", pgettext_lazy("export", "As it stands, without suggestions")
    ACCEPTED = "accepted", pgettext_lazy("export", "As if every suggestion were accepted")


# --- left out ---
# Everything of a file that does not come in, in one list: shown before the file is taken in, and afterwards
# without words of it.


@dataclass
class LeftOut:
    """`counted`: what stays behind, by the codes of `reasons.py`; `told`: changes with their words, as (code,
    words)."""

    counted: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(words of the change, or nothing; why it does not come in)."""
        changes = [(words.strip() or "¶", why_left_out(code, 1)) for code, words in self.told]
        return [*changes, *(("", one) for one in sentences(self.counted))]

    @property
    def report(self) -> dict[str, int]:
        """What is kept of it once the file is decided on: codes and numbers."""
        return dict(self.counted + Counter(code for code, _words in self.told))


def left_out_of(
    found: Found,
    told: Iterable[tuple[str, str]],
    *,
    margins: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
) -> LeftOut:
    """`margins`: headers and footers that we wrote ourselves. `counts`: what else stays behind, by code."""
    own = set(margins)
    foreign = sum(words not in own for words in found.margins)
    others = Counter({**(counts or {}), "margins": foreign})
    return LeftOut(Counter(found.left_out) + others, list(told))


def sentences(report: Mapping[str, int]) -> list[str]:
    """Why each kind does not come in, with its number."""
    return [words for code, count in report.items() if (words := why_left_out(code, count))]


# --- file names ---
# What a file is called: its handling mark first, in letters that every system takes.


_LETTERS: Final = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
    "з": "z", "и": "i", "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh",
    "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
_LONGEST: Final = 60
_CODE: Final = re.compile(r"_([0-9a-f]{8})(?:[ _(.-][^/]*)?\.[a-z]+$", re.IGNORECASE)


def plain(words: str) -> str:
    """Words in lower-case Latin letters, figures and hyphens."""
    spelled = "".join(_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", words).lower())
    simple = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", simple).strip("-")


def file_name(
    *, mark: str, kind: str, title: str, language: str, day: datetime.date, code: str, ending: str
) -> str:
    """`tlp-amber_statement-article-123_kk_2026-11-24_1f3a9c02.docx`.

    `code`: eight figures by which a file is known again when its properties are lost.
    """
    subject = f"{plain(kind)}-{plain(title)}"[:_LONGEST].strip("-")
    return f"{plain(mark)}_{subject}_{language}_{day.isoformat()}_{code}.{ending}"


def code_in(name: str) -> str:
    """The eight figures in a file's name, also in that of a copy (“… (1).docx”), or an empty string."""
    found = _CODE.search(name)
    return found.group(1).lower() if found else ""


# --- office ---
# The text as a Word or OpenDocument file.


def make_docx(marked: Json, *, sheet: Sheet, around: Around) -> bytes:
    """A Word file; suggestions are tracked changes, comments Word's own. Raises `apart.run.Failed`."""
    return finish_docx(_written(marked, sheet, around, Target.DOCX), sheet, around.threads.values())


def make_odt(marked: Json, *, sheet: Sheet, around: Around) -> bytes:
    """An OpenDocument text, in the same way."""
    return finish_odt(_written(marked, sheet, around, Target.ODT), sheet)


def _written(marked: Json, sheet: Sheet, around: Around, target: Target) -> bytes:
    tree = to_pandoc(marked, sheet=sheet, around=around, target=target)
    if sheet.token:
        tree["meta"][PROPERTY] = {"t": "MetaString", "c": sheet.token}
    return run.write(tree, target.value)
