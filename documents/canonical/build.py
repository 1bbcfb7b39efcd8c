"""Build the canonical form from the editor's document."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NotRequired, TypedDict, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.characters import ALL_SPACES, check_characters, normal_characters, normal_text
from documents.canonical.form import (
    CANON,
    Attachment,
    Block,
    CanonicalError,
    Cell,
    Document,
    Footnote,
    Inline,
    JsonValue,
    Mark,
    Picture,
)
from documents.canonical.html import normal_href
from documents.canonical.nodes import (
    FORMATS,
    IGNORED_MARKS,
    LIMITS,
    MARKS,
    SUGGESTION_MARKS,
    Node,
    check_size,
    damaged,
    read_attrs,
    read_node,
)


class PictureFile(TypedDict):
    """A picture's file; its texts are the defaults where the draft text has none of its own."""

    sha256: str
    alt: NotRequired[str]
    caption: NotRequired[str]
    credit: NotRequired[str]


@dataclass(slots=True)
class DocumentReading:
    """The state of one reading. `complete`: enforce what an approval needs."""

    files: Mapping[str, PictureFile]
    holding_statement: bool
    complete: bool
    footnotes: list[Footnote] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)


def read_attribute_words(value: JsonValue, path: str) -> str:
    """Return the normal form of the text in an attribute. Raises CanonicalError."""
    words = normal_text("" if value is None else value, path)
    if len(words) > LIMITS.attribute:
        raise CanonicalError(
            "words_long",
            _("The words beginning with “%(words)s” are too long here. The limit is %(limit)d characters."),
            path,
            words=words[:40],
            limit=LIMITS.attribute,
        )
    return words


def require_attribute_words(value: JsonValue, path: str, *, code: str, message: str | Promise) -> str:
    """As `read_attribute_words`, but raise CanonicalError with `code` and `message` if the text is empty."""
    words = read_attribute_words(value, path)
    if not words:
        raise CanonicalError(code, message, path)
    return words


MARK_ORDER: Final = ("link", "strong", "emphasis")


def refuse_suggestions(node: Node) -> None:
    """Raise CanonicalError if the node is part of an open suggestion."""
    if any(name in SUGGESTION_MARKS for name, _attrs in node.marks()):
        raise CanonicalError(
            "open_suggestions",
            _("There are open suggestions in the text. Accept or reject each before it is approved."),
            node.path,
        )


def read_marks(node: Node) -> list[Mark]:
    """Return the canonical marks of a node, in the fixed order.

    Comments are marks in the editor but not part of the words: they are omitted.
    """
    refuse_suggestions(node)
    found: dict[str, Mark] = {}
    for name, raw in node.marks():
        if name in IGNORED_MARKS:
            continue
        if name not in MARKS:
            raise CanonicalError(
                "unknown_mark",
                _("Words are marked as “%(name)s”, which an approved text cannot have. Remove the mark."),
                node.path,
                name=name,
            )
        attrs = read_attrs(raw, MARKS[name], name, node.path)
        if name == "link":
            found["link"] = {"type": "link", "href": normal_href(attrs["href"], node.path)}
        elif name == "bold":
            found["strong"] = {"type": "strong"}
        else:
            found["emphasis"] = {"type": "emphasis"}
    return [found[name] for name in MARK_ORDER if name in found]


def _read_run(node: Node, reading: DocumentReading) -> Inline:
    def required(name: str, code: str, message: str | Promise) -> str:
        return require_attribute_words(node.attrs[name], node.path, code=code, message=message)

    match node.name:
        case "text":
            text = node.raw["text"]
            if not isinstance(text, str):
                raise damaged(node.path)
            check_characters(text, node.path)
            return {"type": "text", "text": text, "marks": read_marks(node)}
        case "fact":
            words = required("words", "fact_empty", _("A fact has no words. Choose it anew."))
            source = required(
                "source",
                "fact_without_source",
                _("A fact has no source. Add the source, or write the words as plain text."),
            )
            marks = read_marks(node)
            return {"type": "fact", "id": node.attrs["id"], "words": words, "source": source, "marks": marks}
        case "gap":
            if not reading.holding_statement:
                raise CanonicalError(
                    "gap_misplaced",
                    _(
                        "There is a place to fill in, which only holding statements can have. "
                        "Write the words."
                    ),
                    node.path,
                )
            return {
                "type": "gap",
                "name": required("name", "gap_unnamed", _("A place to fill in has no name. Name it.")),
                "kind": node.attrs["kind"],
                "value": read_attribute_words(node.attrs["value"], node.path),
                "marks": read_marks(node),
            }
    refuse_suggestions(node)
    words = required("text", "footnote_empty", _("A footnote has no words. Write it or remove it."))
    number = len(reading.footnotes) + 1
    reading.footnotes.append({"type": "footnote", "number": number, "words": words})
    return {"type": "footnote_ref", "number": number}


def read_inline(node: Node, reading: DocumentReading) -> list[Inline]:
    """Return the content of a paragraph or heading in normal form; empty if it has no words."""
    return normal_content([_read_run(child, reading) for child in node.children()])


def normal_content(content: list[Inline]) -> list[Inline]:
    """Return the runs in their normal form. Idempotent; the argument is not modified.

    Characters are normalised, white space is collapsed across runs and stripped at the edges,
    runs without text are dropped, adjacent runs with equal marks are merged.
    """
    while True:
        step = _collapse(_merge(content))
        step = _trim_start(_trim_start(step, strip="lstrip")[::-1], strip="rstrip")[::-1]
        step = _merge(step)
        if step == content:
            return step
        content = step


def _merge(content: list[Inline]) -> list[Inline]:
    merged: list[Inline] = []
    for one in content:
        last = merged[-1] if merged else None
        if one["type"] != "text":
            merged.append(one)
        elif last is not None and last["type"] == "text" and last["marks"] == one["marks"]:
            merged[-1] = {**last, "text": last["text"] + one["text"]}
        elif one["text"]:
            merged.append(one)
    return merged


def _collapse(content: list[Inline]) -> list[Inline]:
    """Collapse white space that continues from one run into the next."""
    result: list[Inline] = []
    after_space = False
    for one in content:
        if one["type"] != "text":
            after_space = False
            result.append(one)
            continue
        text = normal_characters(one["text"])
        if after_space:
            text = text.removeprefix(" ")
        if text:
            after_space = text.endswith(" ")
            result.append({**one, "text": text})
    return result


def _trim_start(content: list[Inline], *, strip: str) -> list[Inline]:
    """Strip white space, including no-break, at the first edge of the block."""
    for index, one in enumerate(content):
        if one["type"] != "text":
            return content[index:]
        text = cast("str", getattr(one["text"], strip)(ALL_SPACES))
        if text:
            return [{**one, "text": text}, *content[index + 1 :]]
    return []


def read_blocks(node: Node, reading: DocumentReading) -> list[Block]:
    """Return the non-empty blocks inside a node, in order."""
    found = (_read_block(child, reading) for child in _children(node))
    return [block for block in found if block is not None]


def _children(node: Node) -> list[Node]:
    children = list(node.children())
    for child in children:
        refuse_suggestions(child)
        if child.marks():
            raise CanonicalError(
                "marked_block",
                _("“%(name)s” carries a mark that only words can carry. Remove the mark."),
                child.path,
                name=child.name,
            )
    return children


def _read_block(node: Node, reading: DocumentReading) -> Block | None:
    """Return a block, or None for an empty one."""
    match node.name:
        case "paragraph" | "heading":
            content = read_inline(node, reading)
            if not content:
                return None
            if node.name == "paragraph":
                return {"type": "paragraph", "content": content}
            return {"type": "heading", "level": node.attrs["level"], "content": content}
        case "bulletList" | "orderedList" | "picture" | "table":
            reader = {"picture": _picture, "table": _table}.get(node.name, _list)
            return reader(node, reading)
    blocks = read_blocks(node, reading)
    if not blocks:
        return None
    match node.name:
        case "blockquote":
            return {"type": "quote", "blocks": blocks}
        case "quotation":
            speaker = require_attribute_words(
                node.attrs["speaker"],
                node.path,
                code="quotation_unattributed",
                message=_("A quotation does not say who speaks. Name the speaker."),
            )
            role = read_attribute_words(node.attrs["role"], node.path)
            return {"type": "quotation", "blocks": blocks, "speaker": speaker, "role": role}
        case "approvedBlock":
            version, digest = node.attrs["version"], node.attrs["hash"]
            return {"type": "approved_block", "version": version, "hash": digest, "blocks": blocks}
    raise ValueError(node.name)


def _list(node: Node, reading: DocumentReading) -> Block | None:
    if sum(name in {"bulletList", "orderedList"} for name in node.ancestry) >= LIMITS.list_levels:
        raise CanonicalError(
            "list_depth",
            _("A list stands inside a list that is inside a list itself. Two levels are the limit."),
            node.path,
        )
    items = [blocks for item in _children(node) if (blocks := read_blocks(item, reading))]
    if not items:
        return None
    ordered = node.name == "orderedList"
    return {"type": "list", "ordered": ordered, "start": node.attrs.get("start", 1), "items": items}


def _picture(node: Node, reading: DocumentReading) -> Block | None:
    name: str = node.attrs["id"]
    file = reading.files.get(name)
    if file is None or not FORMATS["sha256"].fullmatch(file["sha256"]):
        raise CanonicalError(
            "picture_missing", _("The file of a picture is missing. Choose the picture anew."), node.path
        )
    alt, caption, credit = (
        read_attribute_words(file.get(key, "") if node.attrs[key] is None else node.attrs[key], node.path)
        for key in ("alt", "caption", "credit")
    )
    if not alt and reading.complete:
        raise CanonicalError(
            "picture_without_alt",
            _("A picture has no description for people who cannot see it. Describe what it shows."),
            node.path,
        )
    picture: Picture = {"sha256": file["sha256"], "alt": alt, "caption": caption, "credit": credit}
    if reading.pictures.setdefault(name, picture) != picture:
        raise CanonicalError(
            "picture_differs",
            _("One picture stands twice in the text, with different words. Give both the same words."),
            node.path,
        )
    return {"type": "picture", "id": name}


def _table(node: Node, reading: DocumentReading) -> Block | None:
    rows: list[list[Cell]] = []
    for row in _children(node):
        cells: list[Cell] = [
            {"header": cell.name == "tableHeader", "blocks": read_blocks(cell, reading)}
            for cell in _children(row)
        ]
        if rows and len(cells) != len(rows[0]):
            raise CanonicalError(
                "table_ragged",
                _("The rows of a table differ in their number of cells. Add or remove cells."),
                row.path,
            )
        rows.append(cells)
    filled = [row for row in rows if any(cell["blocks"] for cell in row)]
    return {"type": "table", "rows": filled} if filled else None


LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[0-9A-Za-z]{2,8})*")
MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")


def build(
    body: JsonValue,
    *,
    title: str,
    lead: str = "",
    language: str,
    pictures: Mapping[str, PictureFile] | None = None,
    attachments: Iterable[Attachment] = (),
    holding_statement: bool = False,
    complete: bool = True,
) -> Document:
    """Return the canonical document of a draft text in its normal form.

    `body` is the editor's JSON (`editor_schema.json`). `pictures` maps the UUID of each file the text may
    display to its hash and default texts; only pictures that the text uses become part of the document.
    Attachments are sorted by name, so the caller's order does not matter. Gaps are refused unless the text is
    a holding statement.

    With `complete=False` a missing title, body or picture description is accepted: use this for previews and
    for comparing drafts, never for what is hashed or stored as a version.

    Raises CanonicalError with a reason for people: unknown nodes, marks and attributes, open suggestions,
    links other than http, https, mailto or tel, refused characters, and content that is too long, too deep or
    missing. Only empty blocks, comments and matters of appearance are dropped silently.
    """
    check_size(body)
    reading = DocumentReading(files=pictures or {}, holding_statement=holding_statement, complete=complete)
    head = _short("title", title, LIMITS.title)
    if complete and not head:
        raise CanonicalError("title_missing", _("The text has no title yet. Write one."), "title")
    doc = read_node(body, "")
    if doc.name != "doc":
        raise damaged("doc")
    blocks = read_blocks(doc, reading)
    if complete and not blocks:
        raise CanonicalError("text_missing", _("There are no words in the text yet."), "content")
    if not LANGUAGE.fullmatch(language):
        raise CanonicalError(
            "language_unknown", _("“%(code)s” is not a language code."), "language", code=language[:40]
        )
    return {
        "canon": CANON,
        "language": language,
        "title": head,
        "lead": _short("lead", lead, LIMITS.lead),
        "blocks": [*blocks, *reading.footnotes],
        "pictures": reading.pictures,
        "attachments": _attachments(attachments),
    }


def _short(path: str, value: str, limit: int) -> str:
    words = normal_text(value, path)
    if len(words) <= limit:
        return words
    message = (
        _("The title has %(length)d characters, the limit is %(limit)d. Shorten it.")
        if path == "title"
        else _("The lead has %(length)d characters, the limit is %(limit)d. Shorten it.")
    )
    raise CanonicalError(f"{path}_long", message, path, length=len(words), limit=limit)


def _attachments(attachments: Iterable[Attachment]) -> list[Attachment]:
    made: list[Attachment] = []
    for index, given in enumerate(attachments):
        path = f"attachments[{index}]"
        name = require_attribute_words(
            given["name"],
            path,
            code="attachment_unnamed",
            message=_("An attached file has no name. Name it."),
        )
        if not FORMATS["sha256"].fullmatch(given["sha256"]) or not MEDIA_TYPE.fullmatch(given["type"]):
            raise CanonicalError(
                "attachment_broken", _("The file “%(name)s” is damaged. Attach it anew."), path, name=name
            )
        made.append({"sha256": given["sha256"], "name": name, "type": given["type"]})
    made.sort(key=lambda one: (one["name"], one["sha256"], one["type"]))
    if any(one == other for one, other in itertools.pairwise(made)):
        raise CanonicalError(
            "attachment_twice", _("One file is attached twice. Remove one of the two."), "attachments"
        )
    return made
