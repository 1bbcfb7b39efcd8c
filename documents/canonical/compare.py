"""What has changed between two canonical documents, word by word.

Passages are aligned first, then the words of aligned passages are compared.
Whatever the hash covers is part of a passage or of what is around it, so that
no change hides: if two documents differ, the comparison says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from documents.canonical.alignment import Effort, align, opcodes
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
    effort = Effort()
    heads = [
        (Passage("title", words(before["title"])), Passage("title", words(after["title"]))),
        (Passage("lead", words(before["lead"])), Passage("lead", words(after["lead"]))),
    ]
    for old_head, new_head in heads:
        if old_head.tokens or new_head.tokens:
            heads_of = (old_head if old_head.tokens else None, new_head if new_head.tokens else None)
            yield _change(*heads_of, effort)
    for old, new in align(passages_of(before), passages_of(after), effort):
        yield _change(old, new, effort)


def _change(old: Passage | None, new: Passage | None, effort: Effort) -> Change:
    if new is None:
        assert old is not None  # noqa: S101 (alignment never gives a pair of nothing)
        return Change(Kind.REMOVED, old, (Piece(Op.DELETE, old.tokens),))
    if old is None:
        return Change(Kind.ADDED, new, (Piece(Op.INSERT, new.tokens),))
    if old == new:
        return Change(Kind.UNCHANGED, new, (Piece(Op.EQUAL, new.tokens),))
    return Change(Kind.CHANGED, new, tuple(_pieces(old, new, effort)), form_changed=old.form != new.form)


def _pieces(old: Passage, new: Passage, effort: Effort) -> Iterator[Piece]:
    """Words are matched without the spaces between them, so words replaced in a row are one change."""
    a_words = [index for index, token in enumerate(old.tokens) if not token.is_space]
    b_words = [index for index, token in enumerate(new.tokens) if not token.is_space]
    matched = opcodes(
        [old.tokens[index] for index in a_words], [new.tokens[index] for index in b_words], effort
    )
    kept: list[Token] = []
    a = b = 0
    for equal, a_start, a_end, b_start, _b_end in matched:
        for offset in range(a_end - a_start if equal else 0):
            a_next, b_next = a_words[a_start + offset], b_words[b_start + offset]
            yield from _between(kept, old.tokens[a:a_next], new.tokens[b:b_next])
            kept.append(new.tokens[b_next])
            a, b = a_next + 1, b_next + 1
    yield from _between(kept, old.tokens[a:], new.tokens[b:])
    if kept:
        yield Piece(Op.EQUAL, tuple(kept))


def _between(kept: list[Token], old: tuple[Token, ...], new: tuple[Token, ...]) -> Iterator[Piece]:
    """What differs between two words that stayed, deleted before inserted.

    `kept` gathers what stays until something differs; spaces at both ends stay.
    """
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    end = next(
        (index for index in range(shorter - start) if old[-1 - index] != new[-1 - index]), shorter - start
    )
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    kept += new[:start]
    if gone or come:
        if kept:
            yield Piece(Op.EQUAL, tuple(kept))
            kept.clear()
        yield from (Piece(op, tokens) for op, tokens in ((Op.DELETE, gone), (Op.INSERT, come)) if tokens)
    kept += new[len(new) - end :]


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
