"""Reading of the marked text: the editor's JSON with suggestions and comments, title and lead first."""

import datetime
import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import Json, JsonValue

TEXT_BLOCKS: Final = frozenset({"title", "lead", "paragraph", "heading"})
ATOMS: Final = frozenset({"footnote", "fact", "gap"})


# What holds a suggestion where there are no words: the suggested end of a paragraph.
ANCHOR: Final = "\u200b"


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

    `change`: the suggestion of the whole block. `end`: the suggestion of its end: without an inserted end the
    words continue in the next block. `runs_on`: the end of the block before has a suggestion.
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


def attribute_words(node: JsonValue, name: str) -> str:
    """Return the text of an attribute in its normal form."""
    value = (node.get("attrs") or {}).get(name)
    return normal_characters(value).strip(ALL_SPACES) if isinstance(value, str) else ""


def quotation_speaker(node: JsonValue) -> str:
    """Return the words below a quotation, or an empty string."""
    who = ", ".join(filter(None, [attribute_words(node, "speaker"), attribute_words(node, "role")]))
    return who and f"— {who}"


def text_blocks(marked: JsonValue) -> list[TextBlock]:
    """Return every row that has words, title and lead first, in reading order.

    A row without words is omitted from a file; a suggestion across it continues. An end can only be
    suggested if a row follows in the same block or in the next item of the list.
    """
    found = list(_text_blocks(marked, (), None))
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
    node: JsonValue, path: tuple[int, ...], change: SuggestedChange | None
) -> Iterator[TextBlock]:
    for index, child in enumerate(node.get("content") or ()):
        here = (*path, index)
        inherited = change or change_of(child)
        if child["type"] in TEXT_BLOCKS:
            yield TextBlock(child, here, inherited, in_item=node["type"] == "listItem")
        elif child["type"] not in ATOMS:
            yield from _text_blocks(child, here, inherited)


def _crossing(block: JsonValue, following: JsonValue) -> SuggestedChange | None:
    """Return the suggestion that extends from the end of one block into the next one."""
    before, after = block.get("content") or (), following.get("content") or ()
    if not before or not after or {block["type"], following["type"]} & {"title", "lead"}:
        return None
    change = change_of(before[-1])
    return change if change is not None and change == change_of(after[0]) else None


def node_at(root: JsonValue, path: tuple[int, ...]) -> JsonValue:
    for index in path:
        root = root["content"][index]
    return root


@dataclass(frozen=True, slots=True)
class ThreadRemark:
    """One comment in a thread. `author` is a name allowed in a file."""

    author: str
    at: datetime.datetime
    words: str


@dataclass(frozen=True, slots=True)
class FileThread:
    """A comment and the answers to it; `remarks` begins with the comment."""

    id: str
    remarks: tuple[ThreadRemark, ...]
    resolved: bool = False

    @property
    def words(self) -> str:
        """Return the comment and each answer with its author, for formats without replies."""
        first, *answers = self.remarks
        return "\n".join([first.words, *(f"— {one.author}: {one.words}" for one in answers)])


def comment_numbers(threads: Iterable[FileThread]) -> dict[str, list[str]]:
    """Return the numbers of the comments of each thread in a Word file, by the thread's id."""
    counter = itertools.count()
    return {one.id: [str(next(counter)) for _remark in one.remarks] for one in threads}


# From the id of a suggestion to the name that may stand in the file: “Person (Organisation)”.
type NameLookup = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FileContext:
    """Data for a file besides the text: names of suggesters, threads by id, and for each picture by
    UUID its location (a data URL, or a file name) and display width."""

    name_of: NameLookup
    threads: Mapping[str, FileThread] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SuggestionAuthors:
    """`new_id` returns the id of a new suggestion for the number of a file's change (or UNTRACKED),
    `name` the name of its author."""

    new_id: Callable[[int], str]
    name: Callable[[int], str]


@dataclass(slots=True)
class SuggestionOutcome:
    """`ids`: each new suggestion with the number of the file's change. `already`: the number of
    changes already present from an earlier import of the file. `not_taken`: what cannot be
    imported, as (code of `reasons.py`, words)."""

    marked: Json
    authors: SuggestionAuthors
    ids: list[tuple[str, int]] = field(default_factory=list)
    already: int = 0
    not_taken: list[tuple[str, str]] = field(default_factory=list)

    def new_id(self, change: int) -> str:
        made = self.authors.new_id(change)
        self.ids.append((made, change))
        return made
