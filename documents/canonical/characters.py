"""Characters allowed in an approved text, and their normal form.

Preserved: no-break and thin spaces (U+00A0, U+2007, U+2009, U+200A, U+202F). Collapsed to one space: every
other run of white space, including tabs and line breaks. Removed, since they carry no words and arrive by
pasting: the soft hyphen, the zero-width space, the word joiner and the byte order mark; and zero-width
joiners next to Latin or Cyrillic letters, digits, spaces or an edge. Joiners between emoji or letters of
other scripts are preserved.

Refused, because people would approve something other than what they see: characters that change the writing
direction (U+202A to U+202E, U+2066 to U+2069 and the marks U+200E, U+200F, U+061C), all other invisible
characters, control characters, surrogates, and code points that are private or unassigned, whose look and
normal form may differ from device to device. Letters that look alike in two alphabets are allowed: no rule
can tell a foreign name from a trick, so the comparison displays them as a change.
"""

import itertools
import re
import textwrap
import unicodedata
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.form import Block, CanonicalError, Cell, Document, Inline, List, Mark, Table
from documents.canonical.nodes import DocumentWriter, Labels, attribution, hang, href_of

KEPT_SPACES: Final = "\u00a0\u2007\u2009\u200a\u202f"
_ONE_SPACE: Final = re.compile("[\t\n\x0b\x0c\r \x85\u1680\u2000-\u2006\u2008\u2028\u2029\u205f\u3000]+")
ALL_SPACES: Final = f" {KEPT_SPACES}"
_REMOVED: Final = re.compile("[\u00ad\u200b\u2060\ufeff]+")
_NEEDS_NO_JOINER: Final = "\u0000-\u058f\u1c80-\u1c8f\u1d00-\u1fff\u2000-\u200b\u200e-\u206f\u3000"

_JOINER: Final = re.compile(
    f"(?:^|(?<=[{_NEEDS_NO_JOINER}]))[\u200c\u200d]+|[\u200c\u200d]+(?=$|[{_NEEDS_NO_JOINER}])"
)

_FLAG: Final = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")


"""Flags of regions (Scotland) are emoji spelled with otherwise invisible characters."""


_DIRECTION: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
_HARMLESS: Final = frozenset("\t\n\x0b\x0c\r\x85\u00ad\u200b\u200c\u200d\u2060\ufeff")
_NEW_EMOJI: Final = range(0x1F000, 0x1FB00)


"""Emoji that are newer than this Python: nothing in these blocks ever combines."""


_NEAR: Final = 24


"""How many characters before the place are quoted in a message."""


_REASONS: Final[dict[str, str | Promise]] = {
    "direction_character": _(
        "There is an invisible character (%(character)s) %(near)s that turns the direction of "
        "writing, so that approved words can look like others. Delete it, or type these words anew."
    ),
    "hidden_character": _(
        "There is an invisible character (%(character)s) %(near)s. Delete it, or type these words anew."
    ),
    "control_character": _(
        "There is a control character (%(character)s) %(near)s that no one can read. "
        "Delete it, or type these words anew."
    ),
    "broken_character": _("There is half a character (%(character)s) %(near)s. Type it anew."),
    "unknown_character": _(
        "There is a character (%(character)s) %(near)s that looks different or is missing on "
        "other devices. Replace it."
    ),
}


@lru_cache(maxsize=4096)
def _refusal(character: str) -> str | None:
    """Return the code of the reason why a character is refused, or None."""
    if character in _HARMLESS:
        return None
    if character in _DIRECTION:
        return "direction_character"
    code = ord(character)
    if character in _BLANK_LETTERS or 0xE0100 <= code <= 0xE01EF:
        return "hidden_character"
    category = unicodedata.category(character)
    if category == "Cn" and code in _NEW_EMOJI:
        return None
    return {
        "Cc": "control_character",
        "Cf": "hidden_character",
        "Cs": "broken_character",
        "Co": "unknown_character",
        "Cn": "unknown_character",
    }.get(category)


def _near(text: str, index: int) -> str:
    before = "".join(one for one in text[max(0, index - _NEAR) : index] if one.isprintable()).strip()
    return str(_("after “%(words)s”") % {"words": before}) if before else str(_("at the beginning"))


def check_characters(text: str, path: str) -> None:
    """Raise CanonicalError, with the character and its path, if a character is refused."""
    visible = _FLAG.sub("\U0001f3f4", text)
    refused = [one for one in set(visible) if _refusal(one)]
    if not refused:
        return
    index = min(visible.index(one) for one in refused)
    character = visible[index]
    code = _refusal(character) or "hidden_character"
    raise CanonicalError(
        code, _REASONS[code], path, character=f"U+{ord(character):04X}", near=_near(visible, index)
    )


def without_refused(text: str) -> str:
    """Remove the characters that `check_characters` refuses, for text imported from files."""
    flags = _FLAG.findall(text)
    if not flags:
        return "".join(one for one in text if not _refusal(one))
    kept = iter(flags)
    parts = ["".join(one for one in part if not _refusal(one)) for part in _FLAG.split(text)]
    return parts[0] + "".join(next(kept) + part for part in parts[1:])


def normal_characters(text: str) -> str:
    """Apply NFC, remove invisible paste remains and collapse white space without stripping it."""
    while True:
        step = unicodedata.normalize("NFC", text)
        step = _ONE_SPACE.sub(" ", _JOINER.sub("", _REMOVED.sub("", step)))
        if step == text:
            return text
        text = step


def normal_text(text: str, path: str) -> str:
    """Return the normal form of a standalone text: a title, a caption, a name.

    Raises CanonicalError for refused characters.
    """
    check_characters(text, path)
    return normal_characters(normal_characters(text).strip(ALL_SPACES))


def render_text(
    document: Document, *, width: int | None = 72, labels: Labels | None = None, with_title: bool = True
) -> str:
    """Return the words of a document as plain text that ends with a line break.

    Lines are wrapped at `width` characters, never inside a word or an address; with None each
    paragraph is one line. The addresses of links follow their words in parentheses; footnotes
    and the sources of facts are at the end.
    """
    writer = _TextWriter(document, labels)
    writer.width = width
    head = [document["title"], document["lead"]] if with_title else []
    parts = [writer.wrapped(words) for words in head if words]
    parts += [writer.block(block) for block in document["blocks"] if block["type"] != "footnote"]
    return "\n\n".join([*parts, *writer.end(document)]) + "\n"


class _TextWriter(DocumentWriter):
    width: int | None

    def wrapped(self, words: str, indent: str = "") -> str:
        """Return the words in lines; `indent`: before each line but the first."""
        if self.width is None:
            return words
        return textwrap.fill(
            words, self.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )

    def inside(self, indent: int, blocks: list[Block], between: str) -> str:
        width = self.width
        if width is not None:
            self.width = max(20, width - indent)
        text = between.join(self.block(block) for block in blocks)
        self.width = width
        return text

    def block(self, block: Block) -> str:
        match block["type"]:
            case "paragraph" | "heading":
                return self.wrapped(self.inline(block["content"]))
            case "list":
                return self.list_block(block)
            case "quote":
                return hang(self.inside(2, block["blocks"], "\n\n"), "> ", "> ")
            case "quotation":
                words = f"{self.inside(2, block['blocks'], '\n\n')}\n— {attribution(block)}"
                return hang(words, "> ", "> ")
            case "picture":
                picture = self.pictures[block["id"]]
                words = self.labels.picture % {"alt": picture["alt"]}
                return self.wrapped(
                    " ".join(filter(None, [f"[{words}]", picture["caption"], picture["credit"]]))
                )
            case "table":
                return self.table(block)
            case "approved_block":
                label = f"[{self.labels.approved}]"
                return hang("\n\n".join([label, self.inside(2, block["blocks"], "\n\n")]), "| ", "| ")
            case "footnote":
                return ""

    def list_block(self, block: List) -> str:
        items = []
        for number, item in enumerate(block["items"], block["start"]):
            sign = f"{number}. " if block["ordered"] else "- "
            items.append(hang(self.inside(len(sign), item, "\n"), sign, " " * len(sign)))
        return "\n".join(items)

    def table(self, block: Table) -> str:
        """Render row by row, each cell under its column name: columns do not fit into a mail."""
        first = block["rows"][0]
        named = len(block["rows"]) > 1 and all(cell["header"] for cell in first)
        names = [self.inside(0, cell["blocks"], " ") for cell in first] if named else [""] * len(first)
        rows = block["rows"][1:] if named else block["rows"]
        return "\n\n".join("\n".join(map(self.cell, names, row)) for row in rows)

    def cell(self, name: str, cell: Cell) -> str:
        words = self.inside(2, cell["blocks"], "\n") or "–"
        return f"{name}:\n{hang(words, '  ', '  ')}" if name else hang(words, "- ", "  ")

    def inline(self, content: list[Inline]) -> str:
        """Return the runs, with the address of a link after the last of its runs."""
        parts: list[str] = []
        for index, one in enumerate(content):
            parts.append(self.one(one))
            href = href_of(one)
            following = content[index + 1] if index + 1 < len(content) else None
            if href and (following is None or href_of(following) != href):
                parts.append(_address(href, one))
            if one["type"] == "fact":
                parts.append(f" [{self.note_number(one)}]")
        return "".join(parts).strip(" ")

    def one(self, one: Inline) -> str:
        match one["type"]:
            case "text":
                return one["text"]
            case "fact":
                return one["words"]
            case "gap":
                return one["value"] or f"[{self.labels.gap % {'name': one['name']}}]"
            case "footnote_ref":
                return f" [{self.note_number(one)}]"

    def end(self, document: Document) -> list[str]:
        parts = []
        if self.notes:
            signs = (f"[{number}] " for number in range(1, len(self.notes) + 1))
            notes = [
                self.wrapped(sign + words, " " * len(sign))
                for sign, words in zip(signs, self.notes, strict=True)
            ]
            parts += [self.labels.notes, "\n".join(notes)]
        if document["attachments"]:
            names = "\n".join(f"- {attachment['name']}" for attachment in document["attachments"])
            parts += [self.labels.attachments, names]
        return parts


def _address(href: str, one: Inline) -> str:
    """Return the address in parentheses, unless the link's text is the address."""
    if one["type"] != "text":
        return f" ({href})"
    words = one["text"].strip()
    shown = href.removeprefix("mailto:").removeprefix("tel:")
    if words in {href, shown} or (href.startswith("tel:") and re.sub(r"[^+\d]", "", words) == shown):
        return ""
    return f"({shown}) " if one["text"].endswith(" ") else f" ({shown})"


_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>&~|$^!]")
_LINE_START: Final = re.compile(r"^([#+=:%-]|\d+(?=[.)]))")
_NOTE_START: Final = re.compile(r"^(\[\^\d+\]):")


# Markdown reads this as nothing; it keeps apart what would run together.
_NOTHING: Final = "<!-- -->"
_ADDRESS_SPECIAL: Final = re.compile(r"[()<>\\*_\[\]]")


def render_markdown(document: Document, *, labels: Labels | None = None, with_title: bool = True) -> str:
    """Return the words of a document as Markdown that ends with a line break.

    Every character with a meaning in Markdown is escaped. Pictures are rendered as their
    description, since files have no address here.
    """
    writer = _MarkdownWriter(document, labels)
    parts = []
    if with_title:
        parts = [f"# {escape(document['title'])}", escape(document["lead"])]
    parts.append(writer.blocks(document["blocks"]))
    parts += [f"[^{number}]: {escape(words)}" for number, words in enumerate(writer.notes, 1)]
    if document["attachments"]:
        parts.append(f"**{escape(writer.labels.attachments)}**")
        parts.append("\n".join(f"- {escape(one['name'])}" for one in document["attachments"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(words: str) -> str:
    """Escape a line of text so that Markdown renders exactly these words."""
    return _LINE_START.sub(_escape_start, _SPECIAL.sub(r"\\\g<0>", words))


def _escape_start(found: re.Match[str]) -> str:
    sign = found.group(1)
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


class _MarkdownWriter(DocumentWriter):
    def blocks(self, blocks: list[Block]) -> str:
        """Join blocks with an empty line, and separate adjacent lists that would merge."""
        parts: list[str] = []
        for before, block in itertools.pairwise([None, *blocks]):
            if block is None or block["type"] == "footnote":
                continue
            if before is not None and before["type"] == block["type"] == "list":
                parts.append(_NOTHING)
            parts.append(self.block(block))
        return "\n\n".join(parts)

    def block(self, block: Block) -> str:
        match block["type"]:
            case "paragraph":
                return self.inline(block["content"])
            case "heading":
                return f"{'#' * block['level']} {self.inline(block['content'])}"
            case "list":
                return self.list_block(block)
            case "quote":
                return hang(self.blocks(block["blocks"]), "> ", "> ")
            case "quotation":
                words = f"{self.blocks(block['blocks'])}\n\n— {escape(attribution(block))}"
                return hang(words, "> ", "> ")
            case "picture":
                picture = self.pictures[block["id"]]
                alt = f"[{self.labels.picture % {'alt': picture['alt']}}]"
                return escape(" ".join(filter(None, [alt, picture["caption"], picture["credit"]])))
            case "table":
                return self.table(block)
            case "approved_block":
                words = f"*{escape(self.labels.approved)}*\n\n{self.blocks(block['blocks'])}"
                return hang(words, "> ", "> ")
            case "footnote":
                return ""

    def list_block(self, block: List) -> str:
        items = []
        for number, item in enumerate(block["items"], block["start"]):
            sign = f"{number}. " if block["ordered"] else "- "
            items.append(hang(self.blocks(item), sign, " " * len(sign)))
        return "\n".join(items)

    def table(self, block: Table) -> str:
        """Return a pipe table; a cell's blocks share one line, as the syntax demands."""
        rows = [[self.cell(cell["blocks"]) for cell in row] for row in block["rows"]]
        if not all(cell["header"] for cell in block["rows"][0]):
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def cell(self, blocks: list[Block]) -> str:
        parts = []
        for block in blocks:
            if block["type"] == "list":
                for number, item in enumerate(block["items"], block["start"]):
                    sign = f"{number}\\." if block["ordered"] else "•"
                    parts.append(f"{sign} {self.cell(item)}")
            else:
                parts.append(self.block(block))
        return " ".join(parts)

    def inline(self, content: list[Inline]) -> str:
        line = ""
        for before, one in itertools.pairwise([None, *content]):
            if one is not None:
                line += (_NOTHING if _signs_collide(before, one) else "") + self.one(one)
        return _NOTE_START.sub(r"\1\:", _LINE_START.sub(_escape_start, line))

    def one(self, one: Inline) -> str:
        match one["type"]:
            case "text":
                return _marked(one["text"], one["marks"])
            case "fact":
                return f"{_marked(one['words'], one['marks'])}[^{self.note_number(one)}]"
            case "gap":
                words = one["value"] or f"[{self.labels.gap % {'name': one['name']}}]"
                return _marked(words, one["marks"])
            case "footnote_ref":
                return f"[^{self.note_number(one)}]"


def _is_stressed(one: Inline) -> bool:
    return one["type"] != "footnote_ref" and any(mark["type"] != "link" for mark in one["marks"])


def _edges(one: Inline) -> tuple[str, str]:
    """Return the first and the last character; notes and open gaps are in brackets."""
    match one["type"]:
        case "text":
            return one["text"][0], one["text"][-1]
        case "fact":
            return one["words"][0], "]"
        case "gap" if one["value"]:
            return one["value"][0], one["value"][-1]
    return "[", "]"


def _signs_collide(before: Inline | None, one: Inline) -> bool:
    """Whether emphasis delimiters would merge, or fail between a full stop and a letter."""
    if before is None or not (_is_stressed(before) or _is_stressed(one)):
        return False
    left, right = _edges(before)[1], _edges(one)[0]
    if left in ALL_SPACES or right in ALL_SPACES:
        return False
    if _is_stressed(before) and _is_stressed(one):
        return True
    inner, outer = (left, right) if _is_stressed(before) else (right, left)
    return _is_sign(inner) and not _is_sign(outer)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _marked(words: str, marks: list[Mark]) -> str:
    """Add the mark delimiters, with white space outside them as Markdown demands."""
    core = words.strip(ALL_SPACES)
    text = _SPECIAL.sub(r"\\\g<0>", core)
    if not core or not marks:
        return _SPECIAL.sub(r"\\\g<0>", words)
    for mark in reversed(marks):
        match mark["type"]:
            case "link":
                text = f"[{text}]({_ADDRESS_SPECIAL.sub(_percent, mark['href'])})"
            case "strong":
                text = f"**{text}**"
            case "emphasis":
                text = f"*{text}*"
    start = words.index(core)
    return f"{words[:start]}{text}{words[start + len(core) :]}"


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found.group()):02X}"
