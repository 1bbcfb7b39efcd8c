"""Word-by-word comparison of two canonical documents.

Passages are aligned first, then the words of aligned passages are compared. Everything the
hash covers is part of a passage or of its surroundings, so the comparison reports a
difference whenever the documents differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from documents.canonical.alignment import Effort, align, opcodes
from documents.canonical.form import Document
from documents.canonical.passages import Passage, Token, passages_of, words


class Op(StrEnum):
    """The kind of change of a run of words."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


class ChangeKind(StrEnum):
    """The kind of change of a passage."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class DiffRun:
    """A run of words that is unchanged, deleted or inserted."""

    op: Op
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class PassageChange:
    """The change of one passage, in the order of the newer document.

    `passage` is the newer one unless it was removed. `form_changed`: its form changed, perhaps
    with the same words: a heading became a paragraph, a bulleted item a numbered one.
    """

    kind: ChangeKind
    passage: Passage
    pieces: tuple[DiffRun, ...]
    form_changed: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The number of changed passages and words. Title and lead count as passages."""

    changed: int
    added: int
    removed: int
    unchanged: int
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of a comparison. `same` is true if and only if the hashes are equal."""

    language: str
    changes: tuple[PassageChange, ...]
    summary: Summary
    same: bool

    @property
    def regrouped(self) -> bool:
        """Whether the documents differ although every passage is the same: one list became two."""
        summary = self.summary
        return not self.same and not (summary.changed or summary.added or summary.removed)


def compare_documents(before: Document, after: Document) -> Comparison:
    """Compare two canonical documents, the older one first.

    Unfinished drafts can be compared if they are built with `complete=False`.
    """
    changes = tuple(_passage_changes(before, after))
    return Comparison(after["language"], changes, _summary(changes), same=before == after)


def _passage_changes(before: Document, after: Document) -> Iterator[PassageChange]:
    effort = Effort()
    heads = [
        (Passage("title", words(before["title"])), Passage("title", words(after["title"]))),
        (Passage("lead", words(before["lead"])), Passage("lead", words(after["lead"]))),
    ]
    for old_head, new_head in heads:
        if old_head.tokens or new_head.tokens:
            heads_of = (old_head if old_head.tokens else None, new_head if new_head.tokens else None)
            yield _passage_change(*heads_of, effort)
    for old, new in align(passages_of(before), passages_of(after), effort):
        yield _passage_change(old, new, effort)


def _passage_change(old: Passage | None, new: Passage | None, effort: Effort) -> PassageChange:
    if new is None:
        assert old is not None  # noqa: S101 (alignment never gives a pair of nothing)
        return PassageChange(ChangeKind.REMOVED, old, (DiffRun(Op.DELETE, old.tokens),))
    if old is None:
        return PassageChange(ChangeKind.ADDED, new, (DiffRun(Op.INSERT, new.tokens),))
    if old == new:
        return PassageChange(ChangeKind.UNCHANGED, new, (DiffRun(Op.EQUAL, new.tokens),))
    return PassageChange(
        ChangeKind.CHANGED, new, tuple(_diff_runs(old, new, effort)), form_changed=old.form != new.form
    )


def _diff_runs(old: Passage, new: Passage, effort: Effort) -> Iterator[DiffRun]:
    """Match words without the spaces between them, so consecutive replaced words are one change."""
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
            yield from _runs_between(kept, old.tokens[a:a_next], new.tokens[b:b_next])
            kept.append(new.tokens[b_next])
            a, b = a_next + 1, b_next + 1
    yield from _runs_between(kept, old.tokens[a:], new.tokens[b:])
    if kept:
        yield DiffRun(Op.EQUAL, tuple(kept))


def _runs_between(kept: list[Token], old: tuple[Token, ...], new: tuple[Token, ...]) -> Iterator[DiffRun]:
    """Yield the differences between two unchanged words, deletions before insertions.

    `kept` collects unchanged tokens up to the first difference, with spaces at both ends.
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
            yield DiffRun(Op.EQUAL, tuple(kept))
            kept.clear()
        yield from (DiffRun(op, tokens) for op, tokens in ((Op.DELETE, gone), (Op.INSERT, come)) if tokens)
    kept += new[len(new) - end :]


def _summary(changes: tuple[PassageChange, ...]) -> Summary:
    def passages(kind: ChangeKind) -> int:
        return sum(change.kind == kind for change in changes)

    def words_in(op: Op) -> int:
        pieces = (piece for change in changes for piece in change.pieces if piece.op == op)
        return sum(token.counts for piece in pieces for token in piece.tokens)

    return Summary(
        changed=passages(ChangeKind.CHANGED),
        added=passages(ChangeKind.ADDED),
        removed=passages(ChangeKind.REMOVED),
        unchanged=passages(ChangeKind.UNCHANGED),
        words_added=words_in(Op.INSERT),
        words_removed=words_in(Op.DELETE),
    )
