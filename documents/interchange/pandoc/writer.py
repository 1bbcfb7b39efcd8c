"""Canonical documents as pandoc’s tree: blocks and inline text.

Suggestions become spans of class `insertion` and `deletion` with author and date, comments
`comment-start` and `comment-end`, as in pandoc's own Word files. What pandoc cannot express is raw
XML: the suggested end of a paragraph, and in OpenDocument every suggestion and comment.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

import pypandoc

from coalition.sandbox.run import run_sandboxed
from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import JsonValue
from documents.canonical.nodes import Labels, labels_for
from documents.interchange.file_properties import FileProperties
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.tree import Tree
from documents.interchange.suggest.marked_text import (
    ATOMS,
    FileContext,
    SuggestedChange,
    TextBlock,
    attribute_words,
    change_of,
    comments_of,
    quotation_speaker,
    text_blocks,
)
from documents.interchange.suggest.new_rows import SuggestionWriter, TreeTarget


@dataclass(slots=True)
class Segment:
    """Words with equal marks, or one atom. `starts`, `ends`: comments that begin before or end after it."""

    node: JsonValue
    text: str
    change: SuggestedChange | None
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def is_atom(self) -> bool:
        return self.node["type"] in ATOMS


def _collapse(segments: list[Segment]) -> None:
    """Collapse white space that continues into the next segment of the same suggestion."""
    after_space, before = False, None
    for segment in segments:
        if segment.is_atom or segment.change != before:
            after_space = False
        if after_space:
            segment.text = segment.text.removeprefix(" ")
        if segment.text:
            after_space = segment.text.endswith(" ")
        before = segment.change


def _trim(segments: list[Segment], *, end: bool = False) -> None:
    """Strip white space at an edge of the row, unless it is suggested. The edge comes first."""
    for segment in segments:
        if segment.is_atom or segment.change is not None:
            break
        segment.text = segment.text.rstrip(ALL_SPACES) if end else segment.text.lstrip(ALL_SPACES)
        if segment.text:
            break


def _groups(segments: list[Segment]) -> list[list[Segment]]:
    """Group segments into spans: of one suggestion, with no comment beginning or ending between."""
    groups: list[list[Segment]] = []
    for segment in segments:
        last = groups[-1][-1] if groups else None
        if last is None or last.change != segment.change or last.ends or segment.starts:
            groups.append([segment])
        else:
            groups[-1].append(segment)
    return groups


def to_pandoc(
    marked: JsonValue,
    *,
    properties: FileProperties,
    context: FileContext,
    target: TreeTarget,
    labels: Labels | None = None,
) -> Tree:
    """Return the text as a tree. Words are in their normal form; empty rows are omitted.

    `marked` must be a text that the editor wrote; it is not checked here.
    """
    writer = _Writer(marked, context, target, labels or labels_for(properties.language))
    head = [block for row in properties.letterhead for block in writer.attached(row, "Letterhead", None)]
    return {
        "pandoc-api-version": tree.API,
        "meta": {"lang": tree.node("MetaString", properties.locale)},
        "blocks": [*head, *writer.blocks(marked, None)],
    }


class _Writer(SuggestionWriter):
    """Writer of one text. `first`, `last`: the comments that begin before and end after a node, by its id."""

    def __init__(self, marked: JsonValue, context: FileContext, target: TreeTarget, labels: Labels) -> None:
        super().__init__(context, target)
        self.labels = labels
        blocks = text_blocks(marked)
        self.rows = {id(block.node): block for block in blocks}
        self.first: dict[int, list[str]] = {}
        self.last: dict[int, list[str]] = {}
        ends: dict[str, int] = {}
        for block in blocks:
            for node in block.node.get("content") or ():
                for thread in comments_of(node):
                    if thread not in context.threads:
                        continue
                    if thread not in ends:
                        self.first.setdefault(id(node), []).append(thread)
                    ends[thread] = id(node)
        heads = [node for block in blocks[:1] for node in block.node.get("content") or ()]
        for thread in context.threads:
            if thread not in ends and heads:  # for the whole text, or its words are gone
                self.first.setdefault(id(heads[0]), []).append(thread)
                ends[thread] = id(heads[0])
        for thread, node_id in ends.items():
            self.last.setdefault(node_id, []).append(thread)

    def blocks(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        made: list[Tree] = []
        for child in node.get("content") or ():
            made += self.block(child, change or change_of(child))
        return made

    def block(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        match node["type"]:
            case "title" | "lead" | "paragraph" | "heading":
                return self.row(node, change)
            case "bulletList" | "orderedList":
                return self.list_block(node, change)
            case "blockquote":
                return [tree.node("BlockQuote", inner)] if (inner := self.blocks(node, change)) else []
            case "quotation":
                return self.quotation(node, change)
            case "picture":
                return self.picture(node, change)
            case "table":
                return self.table(node, change)
            case "approvedBlock":
                label = self.attached(self.labels.approved, "Approved Text", None)
                return [*label, *self.blocks(node, change)]
        raise ValueError(node["type"])

    def row(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        block = self.rows.get(id(node))
        content = self.inlines(block, change) if block is not None else []
        if not content:
            return []
        if node["type"] == "heading":
            return [
                tree.node("Header", [node["attrs"]["level"], tree.node_attributes("unnumbered"), content])
            ]
        paragraph = tree.node("Para", content)
        if node["type"] == "paragraph":
            return [paragraph]
        return [tree.styled_node([paragraph], node["type"].capitalize())]

    def inlines(self, block: TextBlock, change: SuggestedChange | None) -> list[Tree]:
        """Return the inlines of a row that has words."""
        segments = [self._segment(one, change) for one in block.node.get("content") or ()]
        _collapse(segments)
        if not block.runs_on:
            _trim(segments)
        if block.end is None:
            _trim(segments[::-1], end=True)
        made: list[Tree] = []
        for group in _groups(segments):
            made += self.thread_starts(group[0].starts)
            content = [inline for segment in group for inline in self._marked(segment)]
            made += self.wrapped(content, group[0].change)
            made += self.thread_ends(group[-1].ends)
        return made + self.row_end(block.end)

    def _segment(self, node: JsonValue, change: SuggestedChange | None) -> Segment:
        text = normal_characters(node["text"]) if node["type"] == "text" else ""
        starts, ends = tuple(self.first.get(id(node), ())), tuple(self.last.get(id(node), ()))
        return Segment(node, text, change or change_of(node), starts, ends)

    def _marked(self, segment: Segment) -> list[Tree]:
        content = self._atom(segment.node) if segment.is_atom else tree.word_nodes(segment.text)
        if not content:
            return []
        marks = {mark["type"]: mark.get("attrs") or {} for mark in segment.node.get("marks") or ()}
        if "italic" in marks:
            content = [tree.node("Emph", content)]
        if "bold" in marks:
            content = [tree.node("Strong", content)]
        if "link" in marks:
            href = str(marks["link"].get("href", ""))
            content = [tree.node("Link", [tree.node_attributes(), content, [href, ""]])]
        return content

    def _atom(self, node: JsonValue) -> list[Tree]:
        if node["type"] == "footnote":
            return [tree.footnote_node(attribute_words(node, "text"))]
        if node["type"] == "fact":
            source = tree.footnote_node(attribute_words(node, "source"))
            return [*tree.word_nodes(attribute_words(node, "words")), source]
        if value := attribute_words(node, "value"):
            return tree.word_nodes(value)
        gap = self.labels.gap % {"name": attribute_words(node, "name")}
        return [tree.span_node(tree.word_nodes(f"[{gap}]"), custom_style="Open Gap")]

    def list_block(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        children = node.get("content") or ()
        items = [item for one in children if (item := self.blocks(one, change or change_of(one)))]
        if not items:
            return []
        if node["type"] == "orderedList":
            start = (node.get("attrs") or {}).get("start") or 1
            return [tree.node("OrderedList", [[start, {"t": "Decimal"}, {"t": "Period"}], items])]
        return [tree.node("BulletList", items)]

    def quotation(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        words = self.blocks(node, change)
        who = quotation_speaker(node)
        speaker = self.attached(who, "Speaker", change) if who else []
        return [tree.styled_node(words, "Quotation"), *speaker] if words else []

    def picture(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        known = self.context.pictures.get(node["attrs"]["id"])
        alt = attribute_words(node, "alt")
        if known is None:
            content = tree.word_nodes(f"[{self.labels.picture % {'alt': alt}}]")
        else:
            source, width = known
            attributes = tree.node_attributes(width=width)
            content = [tree.node("Image", [attributes, tree.word_nodes(alt), [source, ""]])]
        made = [tree.node("Para", self.wrapped(content, change))]
        for name, style in (("caption", "Picture Caption"), ("credit", "Picture Credit")):
            if words := attribute_words(node, name):
                made += self.attached(words, style, change)
        return made

    def attached(self, words: str, style: str, change: SuggestedChange | None) -> list[Tree]:
        """Return words that belong to a block but to no row of the text."""
        content = self.wrapped(tree.word_nodes(words), change)
        return [tree.styled_node([tree.node("Para", content)], style)]

    def table(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        rows: list[list[list[Tree]]] = []
        for row in node.get("content") or ():
            inside = change or change_of(row)
            cells = row.get("content") or ()
            rows.append([self.blocks(cell, inside or change_of(cell)) for cell in cells])
        first = node["content"][0].get("content") or ()
        headed = len(rows) > 1 and all(cell["type"] == "tableHeader" for cell in first)
        return [tree.table_node(rows, headed=headed)] if any(any(row) for row in rows) else []


PANDOC_TIMEOUT_SECONDS: Final = 60  # of CPU time; 300 pages take less than two


def write_with_pandoc(tree: Tree, form: str) -> bytes:
    """The tree as a file of the form. Raises SandboxFailed."""
    return run_pandoc(["-f", "json", "-t", form, "-o", "-"], json.dumps(tree).encode())


def read_with_pandoc(content: bytes, form: str) -> Any:
    """The tree of a file. Raises SandboxFailed."""
    return json.loads(run_pandoc(["-f", form, "-t", "json"], content))


def run_pandoc(arguments: list[str], given: bytes) -> bytes:
    """Run pandoc with `--sandbox`: a file cannot include other files of this machine."""
    return run_sandboxed(
        [pypandoc.get_pandoc_path(), "--sandbox", *arguments], given, seconds=PANDOC_TIMEOUT_SECONDS
    )
