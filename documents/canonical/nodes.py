"""Conversion of canonical documents back to the editor's JSON.

Used to restore a version. For every canonical document `c`, `build(to_editor(c), ...)` with its own title,
lead, language, pictures and attachments returns `c` again.

The editor's schema, read from `editor_schema.json`.

The JSON file is the single source: the browser's editor is tested against it, and the reader here enforces
it. `content` lists the allowed child nodes; `ignored_attrs` concern appearance, not words.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from documents.canonical.form import (
    Block,
    CanonicalError,
    Cell,
    Document,
    Fact,
    FootnoteRef,
    Inline,
    JsonValue,
    Quotation,
)

type EditorNode = dict[str, Any]
_MARK_NAMES: Final = {"strong": "bold", "emphasis": "italic"}


def to_editor(document: Document) -> EditorNode:
    """Return the editor's body with the words of a canonical document.

    Title, lead and attachments are not part of the body: take them from the document.
    """
    writer = _Writer(document)
    return {"type": "doc", "content": writer.blocks(document["blocks"]) or [{"type": "paragraph"}]}


class _Writer:
    """Writer of blocks as editor nodes; footnotes return to their references."""

    def __init__(self, document: Document) -> None:
        self.footnotes = footnote_words(document)
        self.pictures = document["pictures"]

    def blocks(self, blocks: list[Block]) -> list[EditorNode]:
        return [self.block(block) for block in blocks if block["type"] != "footnote"]

    def block(self, block: Block) -> EditorNode:
        attrs: EditorNode
        match block["type"]:
            case "paragraph":
                return {"type": "paragraph", "content": self.inline(block["content"])}
            case "heading":
                attrs = {"level": block["level"]}
                return {"type": "heading", "attrs": attrs, "content": self.inline(block["content"])}
            case "list":
                content = [{"type": "listItem", "content": self.item(item)} for item in block["items"]]
                if not block["ordered"]:
                    return {"type": "bulletList", "content": content}
                return {"type": "orderedList", "attrs": {"start": block["start"]}, "content": content}
            case "quote":
                return {"type": "blockquote", "content": self.blocks(block["blocks"])}
            case "quotation":
                attrs = {"speaker": block["speaker"], "role": block["role"]}
                return {"type": "quotation", "attrs": attrs, "content": self.blocks(block["blocks"])}
            case "picture":
                picture = self.pictures[block["id"]]
                attrs = {key: picture[key] for key in ("alt", "caption", "credit")}
                return {"type": "picture", "attrs": {"id": block["id"], **attrs}}
            case "table":
                rows = [
                    {"type": "tableRow", "content": [self.cell(cell) for cell in row]}
                    for row in block["rows"]
                ]
                return {"type": "table", "content": rows}
            case "approved_block":
                attrs = {"version": block["version"], "hash": block["hash"]}
                return {"type": "approvedBlock", "attrs": attrs, "content": self.blocks(block["blocks"])}
        raise ValueError(block["type"])

    def item(self, blocks: list[Block]) -> list[EditorNode]:
        """Return an item's nodes, beginning with a paragraph (required), even if empty."""
        lead = [] if blocks[0]["type"] == "paragraph" else [{"type": "paragraph"}]
        return [*lead, *self.blocks(blocks)]

    def cell(self, cell: Cell) -> EditorNode:
        name = "tableHeader" if cell["header"] else "tableCell"
        return {"type": name, "content": self.blocks(cell["blocks"]) or [{"type": "paragraph"}]}

    def inline(self, content: list[Inline]) -> list[EditorNode]:
        return [self.one(one) for one in content]

    def one(self, one: Inline) -> EditorNode:
        if one["type"] == "footnote_ref":
            return {"type": "footnote", "attrs": {"text": self.footnotes[one["number"]]}}
        node: EditorNode
        if one["type"] == "text":
            node = {"type": "text", "text": one["text"]}
        elif one["type"] == "fact":
            node = {"type": "fact", "attrs": {key: one[key] for key in ("id", "words", "source")}}
        else:
            node = {"type": "gap", "attrs": {key: one[key] for key in ("name", "kind", "value")}}
        if one["marks"]:
            node["marks"] = [
                {"type": "link", "attrs": {"href": mark["href"]}}
                if mark["type"] == "link"
                else {"type": _MARK_NAMES[mark["type"]]}
                for mark in one["marks"]
            ]
        return node


@dataclass(frozen=True, slots=True)
class Limits:
    """Size limits: lengths in Unicode characters, `body_bytes` in bytes of UTF-8 JSON."""

    title: int
    lead: int
    attribute: int
    href: int
    body_bytes: int
    depth: int
    list_levels: int


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """The constraints of one attribute of a node or mark."""

    type: str
    required: bool = False
    default: object = None
    values: tuple[object, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """The schema of one kind of node or mark."""

    content: frozenset[str]
    attrs: dict[str, AttributeSpec]
    ignored_attrs: frozenset[str]


def _spec(raw: dict[str, Any]) -> Spec:
    return Spec(
        content=frozenset(raw.get("content", ())),
        attrs={
            name: AttributeSpec(**{**value, "values": tuple(value.get("values", ()))})
            for name, value in raw.get("attrs", {}).items()
        },
        ignored_attrs=frozenset(raw.get("ignored_attrs", ())),
    )


_RAW: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("editor_schema.json").read_text(encoding="utf-8")
)

LIMITS: Final = Limits(**_RAW["limits"])
NODES: Final = {name: _spec(raw) for name, raw in _RAW["nodes"].items()}
MARKS: Final = {name: _spec(raw) for name, raw in _RAW["marks"].items()}
IGNORED_MARKS: Final = frozenset(_RAW["ignored_marks"])
SUGGESTION_MARKS: Final = frozenset(_RAW["suggestion_marks"])

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


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield every block, each before the blocks inside it."""
    for block in blocks:
        yield block
        match block["type"]:
            case "list":
                for item in block["items"]:
                    yield from walk(item)
            case "table":
                for cell in (cell for row in block["rows"] for cell in row):
                    yield from walk(cell["blocks"])
            case "quote" | "quotation" | "approved_block":
                yield from walk(block["blocks"])


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


def gettext_noop(message: str) -> str:
    """Mark a message for translation. Django's needs settings, which sandboxed programs have not."""
    return message


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language: whole phrases, some with a named placeholder."""

    notes: str = gettext_noop("Sources and notes")
    note: str = gettext_noop("Note %(number)d")
    back: str = gettext_noop("Back to the text, note %(number)d")
    picture: str = gettext_noop("Picture: %(alt)s")
    gap: str = gettext_noop("to be filled in: %(name)s")
    approved: str = gettext_noop("Taken over from an approved version")
    table: str = gettext_noop("Table")
    attachments: str = gettext_noop("Attached files")
    deleted: str = gettext_noop("Deleted:")
    inserted: str = gettext_noop("Inserted:")
    form: str = gettext_noop("The words are the same, their form has changed.")
    skipped: str = gettext_noop("%(count)d parts without changes")
    footnote: str = gettext_noop("Footnote: %(words)s")
    source: str = gettext_noop("Source: %(words)s")
    link: str = gettext_noop("Link: %(href)s")
    withheld: str = gettext_noop("A picture stood here. It is no longer available.")


def labels_for(language: str) -> Labels:
    """Return the labels in `language`; phrases without a translation are in English."""
    with translation.override(language):
        return Labels(**{field.name: translation.gettext(str(field.default)) for field in fields(Labels)})


def hang(text: str, first: str, rest: str) -> str:
    """Return the lines of a text, the first one after `first`, the others after `rest`."""
    lines = text.split("\n")
    return "\n".join(f"{first if index == 0 else rest}{line}".rstrip() for index, line in enumerate(lines))


def attribution(block: Quotation) -> str:
    """Return the speaker of a quotation, with the role if there is one."""
    return ", ".join(part for part in (block["speaker"], block["role"]) if part)


class DocumentWriter:
    """Base of the renderings: a document's pictures, labels, and its notes in rendering order.

    Every footnote is a note. Facts with the same source share one.
    """

    def __init__(self, document: Document, labels: Labels | None) -> None:
        self.pictures = document["pictures"]
        self.labels = labels or labels_for(document["language"])
        self.notes: list[str] = []
        self._footnotes = footnote_words(document)
        self._sources: dict[str, int] = {}

    def note_number(self, one: FootnoteRef | Fact) -> int:
        """Return the number of the note of a footnote reference or a fact; a new note is added."""
        if one["type"] == "footnote_ref":
            words = self._footnotes[one["number"]]
        elif one["source"] in self._sources:
            return self._sources[one["source"]]
        else:
            words = one["source"]
            self._sources[words] = len(self.notes) + 1
        self.notes.append(words)
        return len(self.notes)
