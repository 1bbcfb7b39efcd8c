"""Strict, independent validation of a canonical document from outside.

The public JSON of a publication is checked with this before its hash is compared. It does
not use the editor's reader: it defines what canon 1 *is*, while `build` makes one. A
document that passes is in normal form, so equal words have equal hashes.
"""

from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.utils.translation import gettext_lazy as _

from documents.canonical.build import LANGUAGE, MARK_ORDER, MEDIA_TYPE, normal_content
from documents.canonical.characters import check_characters, normal_text
from documents.canonical.form import CANON, CanonicalError, Document, JsonValue
from documents.canonical.html import normal_href
from documents.canonical.nodes import FORMATS, LIMITS, check_size

type Shape = dict[str, JsonValue]

# Tuples, since a hostile document may contain unhashable values.
_IN_TEXT: Final = ("paragraph", "list")
_IN_APPROVED: Final = (*_IN_TEXT, "heading", "quote", "quotation", "picture", "table")
_IN_DOCUMENT: Final = (*_IN_APPROVED, "approved_block")
_WITH_MARKS: Final = ("text", "fact", "gap")
_GAP_KINDS: Final = ("place", "date", "number")


@dataclass(slots=True)
class _References:
    references: list[int] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def validate(document: JsonValue) -> Document:
    """Return the document if it is a canonical document of canon 1 in normal form.

    Raises CanonicalError with code `not_canonical` and the path of the first fault; `unknown_canon` for a
    newer form than this program supports; or the codes of refused characters and links.
    """
    check_size(document)
    if isinstance(document, dict) and isinstance(document.get("canon"), int) and document["canon"] > CANON:
        raise CanonicalError(
            "unknown_canon",
            _("The document has the form canon %(canon)d, which is newer than this program."),
            "canon",
            canon=document["canon"],
        )
    keys = "canon language title lead blocks pictures attachments"
    shape = _check_shape(document, keys, "document")
    _require(type(shape["canon"]) is int and shape["canon"] == CANON, "canon")
    _pattern(shape["language"], LANGUAGE, "language")
    _words(shape["title"], "title", limit=LIMITS.title)
    _words(shape["lead"], "lead", limit=LIMITS.lead, empty=True)
    seen = _References()
    blocks = _list(shape["blocks"], "blocks")
    footnotes = [block for block in blocks if isinstance(block, dict) and block.get("type") == "footnote"]
    body = blocks[: len(blocks) - len(footnotes)]
    _blocks(body, "blocks", _IN_DOCUMENT, seen)
    start = len(body)
    _require(seen.references == list(range(1, len(footnotes) + 1)), "blocks")
    for index, footnote in enumerate(footnotes):
        path = f"blocks[{start + index}]"
        _check_shape(footnote, "type number words", path)
        _require(type(footnote["number"]) is int and footnote["number"] == index + 1, path)
        _words(footnote["words"], path)
    _pictures(shape["pictures"], seen)
    _attachments(shape["attachments"])
    return cast("Document", document)


def _require(condition: object, path: str) -> None:
    if not condition:
        raise CanonicalError(
            "not_canonical",
            _("This is not a canonical document: the fault is at “%(place)s”."),
            path,
            place=path,
        )


def _check_shape(value: JsonValue, keys: str, path: str) -> Shape:
    _require(isinstance(value, dict) and value.keys() == set(keys.split()), path)
    return cast("Shape", value)


def _list(value: JsonValue, path: str, *, empty: bool = False) -> list[JsonValue]:
    _require(isinstance(value, list) and (value or empty), path)
    return cast("list[JsonValue]", value)


def _pattern(value: JsonValue, pattern: Any, path: str) -> None:
    _require(isinstance(value, str) and pattern.fullmatch(value), path)


def _integer(value: JsonValue, least: int, most: int, path: str) -> None:
    _require(type(value) is int and least <= value <= most, path)


def _words(value: JsonValue, path: str, *, limit: int = LIMITS.attribute, empty: bool = False) -> None:
    _require(isinstance(value, str) and (value or empty) and len(value) <= limit, path)
    _require(normal_text(value, path) == value, path)


def _blocks(
    blocks: list[JsonValue], path: str, allowed: tuple[str, ...], seen: _References, lists: int = 0
) -> None:
    _require(blocks, path)
    for index, block in enumerate(blocks):
        here = f"{path}[{index}]"
        _require(isinstance(block, dict) and block.get("type") in allowed, here)
        match block["type"]:
            case "paragraph":
                _check_shape(block, "type content", here)
                _content(block["content"], f"{here}.content", seen)
            case "heading":
                _check_shape(block, "type level content", here)
                _integer(block["level"], 2, 4, here)
                _content(block["content"], f"{here}.content", seen)
            case "list":
                _list_block(block, here, seen, lists)
            case "quote":
                _check_shape(block, "type blocks", here)
                _blocks(_list(block["blocks"], here), f"{here}.blocks", _IN_TEXT, seen)
            case "quotation":
                _check_shape(block, "type blocks speaker role", here)
                _blocks(_list(block["blocks"], here), f"{here}.blocks", ("paragraph",), seen)
                _words(block["speaker"], f"{here}.speaker")
                _words(block["role"], f"{here}.role", empty=True)
            case "picture":
                _check_shape(block, "type id", here)
                _pattern(block["id"], FORMATS["uuid"], here)
                seen.pictures.append(block["id"])
            case "table":
                _table(block, here, seen)
            case "approved_block":
                _check_shape(block, "type version hash blocks", here)
                _pattern(block["version"], FORMATS["uuid"], here)
                _pattern(block["hash"], FORMATS["sha256"], here)
                _blocks(_list(block["blocks"], here), f"{here}.blocks", _IN_APPROVED, seen)


def _list_block(block: Shape, path: str, seen: _References, lists: int) -> None:
    _check_shape(block, "type ordered start items", path)
    _require(lists < LIMITS.list_levels and isinstance(block["ordered"], bool), path)
    _integer(block["start"], 1, 9999 if block["ordered"] else 1, path)
    for index, item in enumerate(_list(block["items"], path)):
        here = f"{path}.items[{index}]"
        _blocks(_list(item, here), here, _IN_TEXT, seen, lists + 1)


def _table(block: Shape, path: str, seen: _References) -> None:
    _check_shape(block, "type rows", path)
    rows = [_list(row, path) for row in _list(block["rows"], path)]
    for index, row in enumerate(rows):
        here = f"{path}.rows[{index}]"
        _require(len(row) == len(rows[0]), here)
        for number, cell in enumerate(row):
            _check_shape(cell, "header blocks", f"{here}[{number}]")
            _require(isinstance(cell["header"], bool), here)
            if _list(cell["blocks"], here, empty=True):
                _blocks(cell["blocks"], f"{here}[{number}].blocks", _IN_TEXT, seen)
        _require(any(cell["blocks"] for cell in row), here)


def _content(content: JsonValue, path: str, seen: _References) -> None:
    for index, one in enumerate(_list(content, path)):
        here = f"{path}[{index}]"
        _require(isinstance(one, dict), here)
        if one.get("type") == "footnote_ref":
            _check_shape(one, "type number", here)
            _require(type(one["number"]) is int, here)
            seen.references.append(one["number"])
        else:
            _check_run(one, here)
    _require(normal_content(content) == content, path)


def _check_run(one: Shape, path: str) -> None:
    _require(one.get("type") in _WITH_MARKS, path)
    match one["type"]:
        case "text":
            _check_shape(one, "type text marks", path)
            _require(isinstance(one["text"], str) and one["text"], path)
            check_characters(one["text"], path)
        case "fact":
            _check_shape(one, "type id words source marks", path)
            _pattern(one["id"], FORMATS["identifier"], path)
            _words(one["words"], path)
            _words(one["source"], path)
        case "gap":
            _check_shape(one, "type name kind value marks", path)
            _require(one["kind"] in _GAP_KINDS, path)
            _words(one["name"], path)
            _words(one["value"], path, empty=True)
    marks = one["marks"]
    names = []
    for mark in _list(marks, path, empty=True):
        _require(isinstance(mark, dict) and mark.get("type") in MARK_ORDER, path)
        _check_shape(mark, "type href" if mark["type"] == "link" else "type", path)
        if mark["type"] == "link":
            _require(isinstance(mark["href"], str) and normal_href(mark["href"], path) == mark["href"], path)
        names.append(mark["type"])
    _require(names == [name for name in MARK_ORDER if name in names], path)


def _pictures(pictures: JsonValue, seen: _References) -> None:
    _require(isinstance(pictures, dict) and pictures.keys() == set(seen.pictures), "pictures")
    for name, picture in pictures.items():
        path = f"pictures.{name}"
        _check_shape(picture, "sha256 alt caption credit", path)
        _pattern(picture["sha256"], FORMATS["sha256"], path)
        _words(picture["alt"], path)
        _words(picture["caption"], path, empty=True)
        _words(picture["credit"], path, empty=True)


def _attachments(attachments: JsonValue) -> None:
    made = _list(attachments, "attachments", empty=True)
    for index, one in enumerate(made):
        path = f"attachments[{index}]"
        _check_shape(one, "sha256 name type", path)
        _pattern(one["sha256"], FORMATS["sha256"], path)
        _pattern(one["type"], MEDIA_TYPE, path)
        _words(one["name"], path)
    keys = [(one["name"], one["sha256"], one["type"]) for one in made]
    _require(keys == sorted(set(keys)), "attachments")
