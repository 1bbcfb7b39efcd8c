"""Conversion of the editor's inline nodes to runs in normal form."""

from typing import Final, cast

from django.utils.translation import gettext_lazy as _

from documents.canonical.characters import ALL_SPACES, check_characters, normal_characters
from documents.canonical.editor_schema import IGNORED_MARKS, MARKS, SUGGESTION_MARKS
from documents.canonical.form import Fact, Gap, Inline, Mark, Text
from documents.canonical.html import normal_href
from documents.canonical.nodes import Node, damaged, mark_attrs
from documents.canonical.reading import DocumentReading, read_attribute_words, require_attribute_words
from documents.canonical.serialise import CanonicalError

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
        attrs = mark_attrs(name, raw, node.path)
        if name == "link":
            found["link"] = {"type": "link", "href": normal_href(attrs["href"], node.path)}
        elif name == "bold":
            found["strong"] = {"type": "strong"}
        else:
            found["emphasis"] = {"type": "emphasis"}
    return [found[name] for name in MARK_ORDER if name in found]


def _text(node: Node) -> Text:
    text = node.raw["text"]
    if not isinstance(text, str):
        raise damaged(node.path)
    check_characters(text, node.path)
    return {"type": "text", "text": text, "marks": read_marks(node)}


def _fact(node: Node) -> Fact:
    return {
        "type": "fact",
        "id": node.attrs["id"],
        "words": require_attribute_words(
            node.attrs["words"],
            node.path,
            code="fact_empty",
            message=_("A fact has no words. Choose it anew."),
        ),
        "source": require_attribute_words(
            node.attrs["source"],
            node.path,
            code="fact_without_source",
            message=_("A fact has no source. Add the source, or write the words as plain text."),
        ),
        "marks": read_marks(node),
    }


def _gap(node: Node, reading: DocumentReading) -> Gap:
    if not reading.holding_statement:
        raise CanonicalError(
            "gap_misplaced",
            _("There is a place to fill in, which only holding statements can have. Write the words."),
            node.path,
        )
    name = require_attribute_words(
        node.attrs["name"],
        node.path,
        code="gap_unnamed",
        message=_("A place to fill in has no name. Name it."),
    )
    return {
        "type": "gap",
        "name": name,
        "kind": node.attrs["kind"],
        "value": read_attribute_words(node.attrs["value"], node.path),
        "marks": read_marks(node),
    }


def _read_run(node: Node, reading: DocumentReading) -> Inline:
    if node.name == "text":
        return _text(node)
    if node.name == "fact":
        return _fact(node)
    if node.name == "gap":
        return _gap(node, reading)
    refuse_suggestions(node)
    words = require_attribute_words(
        node.attrs["text"],
        node.path,
        code="footnote_empty",
        message=_("A footnote has no words. Write it or remove it."),
    )
    return {"type": "footnote_ref", "number": reading.add_footnote(words)}


def read_inline(node: Node, reading: DocumentReading) -> list[Inline]:
    """Return the content of a paragraph or heading in normal form; empty if it has no words."""
    return normal_content([_read_run(child, reading) for child in node.children()])


def normal_content(content: list[Inline]) -> list[Inline]:
    """Return the runs in their normal form. Idempotent; the argument is not modified.

    Characters are normalised, white space is collapsed across runs and stripped at the edges,
    runs without text are dropped, adjacent runs with equal marks are merged.
    """
    while True:
        step = _merge(_trim(_collapse(_merge(content))))
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


def _trim(content: list[Inline]) -> list[Inline]:
    """Strip white space, including no-break, at the edges of the block."""
    return _trim_start(_trim_start(content, strip="lstrip")[::-1], strip="rstrip")[::-1]


def _trim_start(content: list[Inline], *, strip: str) -> list[Inline]:
    for index, one in enumerate(content):
        if one["type"] != "text":
            return content[index:]
        text = cast("str", getattr(one["text"], strip)(ALL_SPACES))
        if text:
            return [{**one, "text": text}, *content[index + 1 :]]
    return []
