"""Reading of the marked text: the editor's JSON with suggestions and comments, title and lead
first."""

import itertools
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from documents.canonical.characters import normal_characters
from documents.canonical.form import JsonValue

TEXT_BLOCKS: Final = frozenset({"title", "lead", "paragraph", "heading"})
ATOMS: Final = frozenset({"footnote", "fact", "gap"})
ANCHOR: Final = "\u200b"


"""What holds a suggestion where there are no words: the suggested end of a paragraph."""


class SuggestedChange(NamedTuple):
    """A suggestion to insert or delete the marked content."""

    kind: str  # "insertion" or "deletion"
    id: str

    @property
    def inserts(self) -> bool:
        return self.kind == "insertion"


@dataclass(slots=True)
class TextBlock:
    """One row of words. `path`: its indices of `content` from the root.

    `change`: the suggestion of the whole block. `end`: the suggestion of its end: without an
    inserted end the words continue in the next block. `runs_on`: the end of the block before
    has a suggestion.
    """

    node: JsonValue
    path: tuple[int, ...]
    change: SuggestedChange | None
    in_item: bool  # directly in a list item
    end: SuggestedChange | None = None
    runs_on: bool = False


def change_of(node: JsonValue) -> SuggestedChange | None:
    """Return the suggestion that a node itself is marked with."""
    for mark in node.get("marks") or ():
        if mark["type"] in {"insertion", "deletion"}:
            return SuggestedChange(mark["type"], str((mark.get("attrs") or {}).get("id", "")))
    return None


def comments_of(node: JsonValue) -> list[str]:
    """Return the ids of the comments that a node is marked with."""
    return [
        str((mark.get("attrs") or {}).get("id", ""))
        for mark in node.get("marks") or ()
        if mark["type"] == "comment"
    ]


def text_blocks(marked: JsonValue) -> list[TextBlock]:
    """Return every row that has words, title and lead first, in reading order.

    A row without words is omitted from a file; a suggestion across it continues. An end can only be
    suggested if a row follows in the same block or in the next item of the list.
    """
    found = list(_text_blocks(marked, (), None, in_item=False))
    for block, following in itertools.pairwise(found):
        if block.change is not None:
            block.end = block.change
        elif following.change is None and block.path[:-1] == following.path[:-1]:
            block.end = _crossing(block.node, following.node)
    kept: list[TextBlock] = []
    for block in found:
        if has_words(block.node):
            kept.append(block)
        elif kept and block.end is None:
            kept[-1].end = None
    paths = {block.path for block in found}
    for block, following in itertools.pairwise(kept):
        if not _are_neighbours(block, following, paths):
            block.end = None
        following.runs_on = block.end is not None
    if kept:
        kept[-1].end = None
    return kept


def _are_neighbours(block: TextBlock, following: TextBlock, paths: Container[tuple[int, ...]]) -> bool:
    """Whether only rows separate two rows of one block, or these are in two items of one list."""
    path, other = block.path, following.path
    if path[:-1] == other[:-1]:
        return all((*path[:-1], index) in paths for index in range(path[-1] + 1, other[-1]))
    both_items = block.in_item and following.in_item and len(path) == len(other)
    return both_items and path[:-2] == other[:-2] and path[-2] + 1 == other[-2] and other[-1] == 0


def has_words(node: JsonValue) -> bool:
    """Whether a row has visible content."""
    content = node.get("content") or ()
    return any(one["type"] in ATOMS or normal_characters(one.get("text", "")).strip() for one in content)


def _text_blocks(
    node: JsonValue, path: tuple[int, ...], change: SuggestedChange | None, *, in_item: bool
) -> Iterator[TextBlock]:
    for index, child in enumerate(node.get("content") or ()):
        here = (*path, index)
        inherited = change or change_of(child)
        if child["type"] in TEXT_BLOCKS:
            yield TextBlock(child, here, inherited, in_item)
        elif child["type"] not in ATOMS:
            yield from _text_blocks(child, here, inherited, in_item=child["type"] == "listItem")


def _crossing(block: JsonValue, following: JsonValue) -> SuggestedChange | None:
    """Return the suggestion that extends from the end of one block into the next one."""
    before, after = block.get("content") or (), following.get("content") or ()
    if not before or not after or {block["type"], following["type"]} & {"title", "lead"}:
        return None
    change = change_of(before[-1])
    return change if change is not None and change == change_of(after[0]) else None


def node_at(root: JsonValue, path: tuple[int, ...]) -> JsonValue:
    """Return the node at a path."""
    for index in path:
        root = root["content"][index]
    return root
