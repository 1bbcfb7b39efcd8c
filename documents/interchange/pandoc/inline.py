"""Conversion of one row, with suggestions and comments, to pandoc's inlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import JsonValue
from documents.canonical.nodes import Labels
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.tree import Tree
from documents.interchange.suggest.marked_text import (
    ATOMS,
    SuggestedChange,
    TextBlock,
    change_of,
    comments_of,
)
from documents.interchange.suggest.new_rows import SuggestionWriter, TreeTarget
from documents.interchange.suggest.threads import FileContext

_OPEN_GAP: Final = "Open Gap"


@dataclass(slots=True)
class Segment:
    """Words with equal marks, or one atom. `starts`, `ends`: comments that begin before or end
    after it."""

    node: JsonValue
    text: str
    change: SuggestedChange | None
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def is_atom(self) -> bool:
        return self.node["type"] in ATOMS


class Inlines:
    """Writer of rows. It tracks where in the whole text each comment begins and ends."""

    def __init__(
        self, blocks: Sequence[TextBlock], around: FileContext, target: TreeTarget, labels: Labels
    ) -> None:
        self.labels = labels
        self.suggesting = SuggestionWriter(around, target)
        self.first: dict[int, list[str]] = {}
        self.last: dict[int, list[str]] = {}
        self._find_comments(blocks, around)

    def _find_comments(self, blocks: Sequence[TextBlock], around: FileContext) -> None:
        ends: dict[str, int] = {}
        for block in blocks:
            for node in block.node.get("content") or ():
                for thread in comments_of(node):
                    if thread not in around.threads:
                        continue
                    if thread not in ends:
                        self.first.setdefault(id(node), []).append(thread)
                    ends[thread] = id(node)
        heads = [node for block in blocks[:1] for node in block.node.get("content") or ()]
        for thread in around.threads:
            if thread not in ends and heads:  # for the whole text, or its words are gone
                self.first.setdefault(id(heads[0]), []).append(thread)
                ends[thread] = id(heads[0])
        for thread, node_id in ends.items():
            self.last.setdefault(node_id, []).append(thread)

    def row(self, block: TextBlock, change: SuggestedChange | None) -> list[Tree]:
        """Return the inlines of a row that has words."""
        segments = [self._segment(one, change) for one in block.node.get("content") or ()]
        _collapse(segments)
        if not block.runs_on:
            _trim(segments)
        if block.end is None:
            _trim(segments[::-1], end=True)
        made: list[Tree] = []
        for group in _groups(segments):
            made += self.suggesting.thread_starts(group[0].starts)
            content = [inline for segment in group for inline in self._inlines(segment)]
            made += self.suggesting.wrapped(content, group[0].change)
            made += self.suggesting.thread_ends(group[-1].ends)
        return made + self.suggesting.row_end(block.end)

    def suggested(self, content: list[Tree], change: SuggestedChange | None) -> list[Tree]:
        """Return words outside any row as part of their block's suggestion."""
        return self.suggesting.wrapped(content, change)

    def _segment(self, node: JsonValue, change: SuggestedChange | None) -> Segment:
        text = normal_characters(node["text"]) if node["type"] == "text" else ""
        starts, ends = tuple(self.first.get(id(node), ())), tuple(self.last.get(id(node), ()))
        return Segment(node, text, change or change_of(node), starts, ends)

    def _inlines(self, segment: Segment) -> list[Tree]:
        content = self._atom(segment.node) if segment.is_atom else tree.word_nodes(segment.text)
        if not content:
            return []
        marks = {mark["type"]: mark.get("attrs") or {} for mark in segment.node.get("marks") or ()}
        if "italic" in marks:
            content = [tree.emphasis_node(content)]
        if "bold" in marks:
            content = [tree.strong_node(content)]
        if "link" in marks:
            content = [tree.link_node(content, str(marks["link"].get("href", "")))]
        return content

    def _atom(self, node: JsonValue) -> list[Tree]:
        words = {
            name: normal_characters(str(value or "")).strip(ALL_SPACES)
            for name, value in node["attrs"].items()
        }
        if node["type"] == "footnote":
            return [tree.footnote_node(words["text"])]
        if node["type"] == "fact":
            return [*tree.word_nodes(words["words"]), tree.footnote_node(words["source"])]
        if words.get("value"):
            return tree.word_nodes(words["value"])
        gap = self.labels.gap % {"name": words["name"]}
        return [tree.span_node(tree.word_nodes(f"[{gap}]"), custom_style=_OPEN_GAP)]


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
    for _change, run in groupby(segments, key=lambda segment: segment.change):
        for segment in run:
            last = groups[-1] if groups else None
            if last is None or last[-1].change != segment.change or last[-1].ends or segment.starts:
                groups.append([segment])
            else:
                last.append(segment)
    return groups
