"""Reader of single nodes of the editor's JSON, which refuses anything outside the schema."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.editor_schema import LIMITS, MARKS, NODES, AttributeSpec, Spec
from documents.canonical.form import Block, Document, Fact, FootnoteRef, Inline, JsonValue
from documents.canonical.serialise import CanonicalError

FORMATS: Final = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "identifier": re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,63}"),
}

_NODE_KEYS: Final = frozenset({"type", "attrs", "content", "marks", "text"})


def damaged(path: str) -> CanonicalError:
    """Return the error for JSON that no editor of ours writes."""
    return CanonicalError(
        "damaged", _("The text is damaged at “%(place)s”. Restore an earlier version."), path, place=path
    )


def check_size(body: JsonValue) -> None:
    """Refuse a body that is too deep, too large or not JSON.

    The depth is checked first and without recursion, so a hostile body cannot exhaust the stack.
    """
    level: list[JsonValue] = [body]
    for _depth in range(LIMITS.depth):
        below: list[JsonValue] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below
        if not level:
            break
    else:
        raise CanonicalError("too_deep", _("Parts of the text stand too deep inside one another."), "content")
    try:
        size = len(json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass"))
    except (TypeError, ValueError):
        raise damaged("content") from None
    if size > LIMITS.body_bytes:
        raise CanonicalError("too_large", _("The text is larger than 10 MiB. Move parts of it into a file."))


def _check_attribute(spec: AttributeSpec, value: JsonValue) -> bool:
    if spec.type == "integer":
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        if spec.minimum is not None and spec.maximum is not None:
            return spec.minimum <= value <= spec.maximum
    elif not isinstance(value, str):
        return False
    if spec.format and not FORMATS[spec.format].fullmatch(value):
        return False
    return not spec.values or value in spec.values


def read_attrs(raw: JsonValue, spec: Spec, name: str, path: str) -> dict[str, JsonValue]:
    """Return the attributes with their defaults; a null attribute counts as absent.

    An attribute outside the schema is refused unless it is null or a matter of appearance: it
    may be part of what the writer sees.
    """
    if not isinstance(raw or {}, dict):
        raise damaged(path)
    given = {key: value for key, value in (raw or {}).items() if value is not None}
    for key in given.keys() - spec.attrs.keys() - spec.ignored_attrs:
        raise CanonicalError(
            "unknown_attribute",
            _("“%(name)s” has a property “%(attribute)s” that an approved text cannot have. Remove it."),
            path,
            name=name,
            attribute=str(key),
        )
    for key, attribute in spec.attrs.items():
        if (key in given or attribute.required) and not _check_attribute(attribute, given.get(key)):
            raise CanonicalError(
                "bad_attribute",
                _("“%(name)s” has no valid value for “%(attribute)s”. Set it anew."),
                path,
                name=name,
                attribute=key,
            )
    return {key: given.get(key, attribute.default) for key, attribute in spec.attrs.items()}


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the editor's JSON with checked attributes."""

    name: str
    attrs: Mapping[str, JsonValue]
    raw: Mapping[str, JsonValue]
    path: str
    ancestry: tuple[str, ...] = ()
    """The names of the nodes around it, the outermost first."""

    def children(self) -> Iterator["Node"]:
        """Yield the child nodes, each checked to be allowed here."""
        content = self.raw.get("content") or []
        if not isinstance(content, list):
            raise damaged(self.path)
        prefix = f"{self.path}." if self.path else ""
        for index, value in enumerate(content):
            yield read_node(value, f"{prefix}content[{index}]", (*self.ancestry, self.name))

    def marks(self) -> list[tuple[str, JsonValue]]:
        """Return the names of the marks and their raw attributes."""
        raw = self.raw.get("marks") or []
        if not isinstance(raw, list):
            raise damaged(self.path)
        if not all(isinstance(mark, dict) and isinstance(mark.get("type"), str) for mark in raw):
            raise damaged(self.path)
        return [(mark["type"], mark.get("attrs")) for mark in raw]


def read_node(value: JsonValue, path: str, ancestry: tuple[str, ...] = ()) -> Node:
    """Check one node on its own, and that it is allowed inside the last of `ancestry`."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str) or value.keys() - _NODE_KEYS:
        raise damaged(path or "doc")
    name: str = value["type"]
    if name not in NODES:
        raise CanonicalError(
            "unknown_node",
            _("The text holds “%(name)s”, which an approved text cannot have. Replace it."),
            path,
            name=name,
        )
    parent = ancestry[-1] if ancestry else ""
    if parent and name not in NODES[parent].content:
        raise CanonicalError(
            "misplaced_node",
            _("“%(name)s” cannot stand inside “%(parent)s”. Move it out."),
            path,
            name=name,
            parent=parent,
        )
    if ("text" in value) != (name == "text") or (value.get("content") and not NODES[name].content):
        raise damaged(path)
    return Node(name, read_attrs(value.get("attrs"), NODES[name], name, path), value, path, ancestry)


def mark_attrs(name: str, raw: JsonValue, path: str) -> dict[str, JsonValue]:
    """Return the checked attributes of a mark from the schema."""
    return read_attrs(raw, MARKS[name], name, path)


# --- walk ---
# Traversal of a canonical document in reading order.


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield every block, each before the blocks inside it."""
    for block in blocks:
        yield block
        for inner in inner_blocks(block):
            yield from walk(inner)


def inner_blocks(block: Block) -> list[list[Block]]:
    """Return the sequences of blocks directly inside a block: items, cells, or its one body."""
    if block["type"] == "list":
        return block["items"]
    if block["type"] == "table":
        return [cell["blocks"] for row in block["rows"] for cell in row]
    if block["type"] == "quote" or block["type"] == "quotation" or block["type"] == "approved_block":
        return [block["blocks"]]
    return []


def inlines(blocks: Sequence[Block]) -> Iterator[Inline]:
    """Yield every text run, fact, gap and footnote reference."""
    for block in walk(blocks):
        if block["type"] == "paragraph" or block["type"] == "heading":
            yield from block["content"]


def footnote_words(document: Document) -> dict[int, str]:
    """Return the words of each footnote by its number."""
    return {block["number"]: block["words"] for block in document["blocks"] if block["type"] == "footnote"}


def href_of(one: Inline) -> str:
    """Return the address that a run links to, or an empty string."""
    if one["type"] == "footnote_ref":
        return ""
    return next((mark["href"] for mark in one["marks"] if mark["type"] == "link"), "")


# An open gap in the canonical bytes, for queries: keys are sorted, and quotation marks in text
# are escaped.
OPEN_GAP: Final = '"type":"gap","value":""'

# Content that an approved block does not copy, in the canonical bytes: pictures belong to their
# draft, gaps to holding statements, and approved words are copied from their own text.
WHOLE_ONLY: Final = ('"type":"picture"', '"type":"gap"', '"type":"approved_block"')


def open_gaps(document: Document) -> list[str]:
    """Return the names of the open gaps, in order. A text with open gaps cannot be published."""
    return [one["name"] for one in inlines(document["blocks"]) if one["type"] == "gap" and not one["value"]]


# --- labels ---
# The labels that a rendering adds to the approved words, in the language of the text.


_LABEL_SOURCES: Final[dict[str, str | Promise]] = {
    "notes": _("Sources and notes"),
    "note": _("Note %(number)d"),
    "back": _("Back to the text, note %(number)d"),
    "picture": _("Picture: %(alt)s"),
    "gap": _("to be filled in: %(name)s"),
    "approved": _("Taken over from an approved version"),
    "table": _("Table"),
    "attachments": _("Attached files"),
    "deleted": _("Deleted:"),
    "inserted": _("Inserted:"),
    "form": _("The words are the same, their form has changed."),
    "skipped": _("%(count)d parts without changes"),
    "footnote": _("Footnote: %(words)s"),
    "source": _("Source: %(words)s"),
    "link": _("Link: %(href)s"),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language: whole phrases, some with a named placeholder."""

    notes: str
    note: str
    back: str
    picture: str
    gap: str
    approved: str
    table: str
    attachments: str
    deleted: str
    inserted: str
    form: str
    skipped: str
    footnote: str
    source: str
    link: str


def labels_for(language: str) -> Labels:
    """Return the labels in `language`; phrases without a translation are in English."""
    with translation.override(language):
        return Labels(**{field.name: str(_LABEL_SOURCES[field.name]) for field in fields(Labels)})


# --- notes ---
# Numbering of the notes below a text: footnotes and sources of facts.


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a note. `first`: the note links back to this reference."""

    number: int
    first: bool


@dataclass(slots=True)
class Notes:
    """Notes in rendering order.

    Every footnote is a note. Facts with the same source share one.
    """

    footnotes: dict[int, str]
    words: list[str] = field(default_factory=list)
    _sources: dict[str, int] = field(default_factory=dict)

    def refer(self, one: FootnoteRef | Fact) -> Reference:
        """Assign a note number to a footnote reference or a fact."""
        if one["type"] == "footnote_ref":
            self.words.append(self.footnotes[one["number"]])
            return Reference(len(self.words), first=True)
        source = one["source"]
        known = self._sources.get(source)
        if known is not None:
            return Reference(known, first=False)
        self.words.append(source)
        self._sources[source] = len(self.words)
        return Reference(len(self.words), first=True)
