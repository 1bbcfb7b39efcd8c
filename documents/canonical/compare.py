"""What has changed between two canonical documents, word by word.

Passages are aligned first, then the words of aligned passages are compared.
Whatever the hash covers is part of a passage or of what is around it, so that
no change hides: if two documents differ, the comparison says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from documents.canonical.alignment import Opcode, align, opcodes
from documents.canonical.form import Document
from documents.canonical.passages import Passage, Token, passages_of, words


class Op(StrEnum):
    """What happened to a run of words."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


class Kind(StrEnum):
    """What happened to a passage."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went."""

    op: Op
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one passage, in the order of the newer document.

    `passage` is the newer one unless it was removed. `form_changed` says that it
    became something else while it may have kept its words: a heading a paragraph,
    an item of a bulleted list one of a numbered list.
    """

    kind: Kind
    passage: Passage
    pieces: tuple[Piece, ...]
    form_changed: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """How many passages and words changed. Title and lead count as passages."""

    changed: int
    added: int
    removed: int
    unchanged: int
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same` is true if and only if both documents have the same hash."""

    language: str
    changes: tuple[Change, ...]
    summary: Summary
    same: bool

    @property
    def regrouped(self) -> bool:
        """Whether the documents differ though every passage reads the same: one list became two."""
        summary = self.summary
        return not self.same and not (summary.changed or summary.added or summary.removed)


def compare(before: Document, after: Document) -> Comparison:
    """Compare two canonical documents, the older one first.

    Built with `complete=False`, drafts that are not finished can be compared too.
    """
    changes = tuple(_changes(before, after))
    return Comparison(after["language"], changes, _summary(changes), same=before == after)


def _changes(before: Document, after: Document) -> Iterator[Change]:
    heads = [
        (Passage("title", words(before["title"])), Passage("title", words(after["title"]))),
        (Passage("lead", words(before["lead"])), Passage("lead", words(after["lead"]))),
    ]
    for old_head, new_head in heads:
        if old_head.tokens or new_head.tokens:
            yield _change(old_head if old_head.tokens else None, new_head if new_head.tokens else None)
    for old, new in align(passages_of(before), passages_of(after)):
        yield _change(old, new)


def _change(old: Passage | None, new: Passage | None) -> Change:
    if new is None:
        assert old is not None  # noqa: S101 (alignment never gives a pair of nothing)
        return Change(Kind.REMOVED, old, (Piece(Op.DELETE, old.tokens),))
    if old is None:
        return Change(Kind.ADDED, new, (Piece(Op.INSERT, new.tokens),))
    if old == new:
        return Change(Kind.UNCHANGED, new, (Piece(Op.EQUAL, new.tokens),))
    return Change(Kind.CHANGED, new, tuple(_pieces(old, new)), form_changed=old.form != new.form)


def _pieces(old: Passage, new: Passage) -> Iterator[Piece]:
    """Deleted words before inserted ones; a space between two replaced words belongs to them."""
    deleted: list[Token] = []
    inserted: list[Token] = []
    steps = list(opcodes(old.tokens, new.tokens))
    for number, (equal, a, a_end, b, b_end) in enumerate(steps):
        same = new.tokens[b:b_end]
        if equal and not (all(token.is_space for token in same) and _replaced_around(steps, number)):
            yield from _changed(deleted, inserted)
            deleted, inserted = [], []
            yield Piece(Op.EQUAL, same)
        else:
            deleted += old.tokens[a:a_end]
            inserted += new.tokens[b:b_end]
    yield from _changed(deleted, inserted)


def _replaced_around(steps: list[Opcode], number: int) -> bool:
    beside = [steps[one] for one in (number - 1, number + 1) if 0 <= one < len(steps)]
    return len(beside) == 2 and all(a < a_end and b < b_end for _equal, a, a_end, b, b_end in beside)


def _changed(deleted: list[Token], inserted: list[Token]) -> Iterator[Piece]:
    if deleted:
        yield Piece(Op.DELETE, tuple(deleted))
    if inserted:
        yield Piece(Op.INSERT, tuple(inserted))


def _summary(changes: tuple[Change, ...]) -> Summary:
    def passages(kind: Kind) -> int:
        return sum(change.kind == kind for change in changes)

    def words_in(op: Op) -> int:
        pieces = (piece for change in changes for piece in change.pieces if piece.op == op)
        return sum(token.counts for piece in pieces for token in piece.tokens)

    return Summary(
        changed=passages(Kind.CHANGED),
        added=passages(Kind.ADDED),
        removed=passages(Kind.REMOVED),
        unchanged=passages(Kind.UNCHANGED),
        words_added=words_in(Op.INSERT),
        words_removed=words_in(Op.DELETE),
    )
