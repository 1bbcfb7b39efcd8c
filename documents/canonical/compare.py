"""Comparison of two canonical documents, also as HTML.

Passages are aligned first, then the words of aligned passages are compared. Everything the
hash covers is part of a passage or of its surroundings, so the comparison reports a
difference whenever the documents differ.
"""

import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby
from typing import Final

from django.utils.safestring import SafeString

from documents.canonical.form import Document
from documents.canonical.html import sanitise
from documents.canonical.nodes import Labels, labels_for
from documents.canonical.passages import Passage, Token, passages_of, words

# Share of common words from which two passages count as one that was changed.
_ALIKE: Final = 0.4
_PAIRS_LIMIT: Final = 2_500
_STEPS_LIMIT: Final = 20_000_000
# For one alignment and for a whole comparison, in steps of difflib. Above them alignment is
# coarse: whoever may write a text must not stall a server.
_STEPS_IN_ALL: Final = 60_000_000
type Pair = tuple[Passage | None, Passage | None]
type Opcode = tuple[bool, int, int, int, int]


@dataclass(slots=True)
class Effort:
    """Step budget of one comparison."""

    left: int = _STEPS_IN_ALL

    def spend(self, steps: int) -> bool:
        """Spend the steps; return False if the budget is too small."""
        if steps > min(self.left, _STEPS_LIMIT):
            return False
        self.left -= steps
        return True


def align(old: list[Passage], new: list[Passage], effort: Effort) -> Iterator[Pair]:
    """Yield pairs in reading order; None marks the missing side of an added or removed passage."""
    for equal, a_start, a_end, b_start, b_end in opcodes(old, new, effort):
        if equal:
            yield from zip(old[a_start:a_end], new[b_start:b_end], strict=True)
        else:
            yield from _pairs(old[a_start:a_end], new[b_start:b_end])


def opcodes[T: (Passage, Token)](old: Sequence[T], new: Sequence[T], effort: Effort) -> Iterator[Opcode]:
    """Yield opcodes, with difflib run between the equal start and end: (equal, ranges in both)."""
    start, end = common_ends(old, new)
    a_end, b_end = len(old) - end, len(new) - end
    if start:
        yield True, 0, start, 0, start
    a_part, b_part = old[start:a_end], new[start:b_end]
    # difflib's worst case: all equal pairs, once for each block that it finds.
    counted, other = Counter(a_part), Counter(b_part)
    equal_pairs = sum(count * other[one] for one, count in counted.items())
    if not effort.spend(equal_pairs * min(len(a_part), len(b_part))):
        yield False, start, a_end, start, b_end
    else:
        matcher = difflib.SequenceMatcher(None, a_part, b_part, autojunk=False)
        for tag, *ends in matcher.get_opcodes():
            a, a_to, b, b_to = (start + one for one in ends)
            yield tag == "equal", a, a_to, b, b_to
    if end:
        yield True, a_end, len(old), b_end, len(new)


def _pairs(old: list[Passage], new: list[Passage]) -> Iterator[Pair]:
    words = [[count_words(one.tokens) or Counter([one.kind]) for one in passages] for passages in (old, new)]
    pairs = best_pairs(words[0], words[1])
    a = b = 0
    for a_next, b_next in [*pairs, (len(old), len(new))]:
        yield from ((one, None) for one in old[a:a_next])
        yield from ((None, one) for one in new[b:b_next])
        if a_next < len(old):
            yield old[a_next], new[b_next]
        a, b = a_next + 1, b_next + 1


def best_pairs(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> list[tuple[int, int]]:
    """Return the index pairs with the most words in common, in order.

    Each passage is given as word counts; the result is a longest common subsequence by weight.
    Above `_PAIRS_LIMIT` combinations passages are paired by position.
    """
    if len(old) * len(new) > _PAIRS_LIMIT:
        return [(index, index) for index in range(min(len(old), len(new)))]
    alike = [[_similarity(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for a, b in itertools.product(reversed(range(len(old))), reversed(range(len(new)))):
        best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + alike[a][b])
    pairs = []
    a = b = 0
    while a < len(old) and b < len(new):
        if alike[a][b] and best[a][b] == best[a + 1][b + 1] + alike[a][b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def count_words(tokens: Sequence[Token]) -> Counter[str]:
    """Count the words of a passage, or its punctuation if it has no words."""
    counted = Counter(token.text.casefold() for token in tokens if token.counts)
    return counted or Counter(token.text for token in tokens)


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    share = 2 * (one & other).total() / (one.total() + other.total())
    return share if share >= _ALIKE else 0.0


def common_ends(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """Return the number of items in the common prefix, and in the common suffix after it."""
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    end = next(
        (index for index in range(shorter - start) if old[-1 - index] != new[-1 - index]), shorter - start
    )
    return start, end


def word_pairs(old: Sequence[Token], new: Sequence[Token], effort: Effort) -> Iterator[tuple[int, int]]:
    """Yield the indexes of equal words, matched without the spaces between them, so that consecutive
    replaced words are one change."""
    a_words = [index for index, token in enumerate(old) if not token.is_space]
    b_words = [index for index, token in enumerate(new) if not token.is_space]
    matched = opcodes([old[index] for index in a_words], [new[index] for index in b_words], effort)
    for equal, a, a_end, b, _b_end in matched:
        if equal:
            yield from zip(a_words[a:a_end], b_words[b:], strict=False)


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
    for kind in ("title", "lead"):
        old_head, new_head = (
            Passage(kind, tokens) if (tokens := words(document[kind])) else None
            for document in (before, after)
        )
        if old_head or new_head:
            yield _passage_change(old_head, new_head, effort)
    for old, new in align(passages_of(before), passages_of(after), effort):
        yield _passage_change(old, new, effort)


def _passage_change(old: Passage | None, new: Passage | None, effort: Effort) -> PassageChange:
    if new is None:
        assert old is not None  # noqa: S101  alignment never gives a pair of nothing
        return PassageChange(ChangeKind.REMOVED, old, (DiffRun(Op.DELETE, old.tokens),))
    if old is None:
        return PassageChange(ChangeKind.ADDED, new, (DiffRun(Op.INSERT, new.tokens),))
    if old == new:
        return PassageChange(ChangeKind.UNCHANGED, new, (DiffRun(Op.EQUAL, new.tokens),))
    return PassageChange(
        ChangeKind.CHANGED, new, tuple(_diff_runs(old, new, effort)), form_changed=old.form != new.form
    )


def _diff_runs(old: Passage, new: Passage, effort: Effort) -> Iterator[DiffRun]:
    """Yield the runs, deletions before insertions, spaces at both ends of a difference unchanged."""
    same: list[Token] = []
    a = b = 0
    pairs = word_pairs(old.tokens, new.tokens, effort)
    for a_next, b_next in [*pairs, (len(old.tokens), len(new.tokens))]:
        gone, come = old.tokens[a:a_next], new.tokens[b:b_next]
        start, end = common_ends(gone, come)
        same += come[:start]
        if start + end < max(len(gone), len(come)):
            if same:
                yield DiffRun(Op.EQUAL, tuple(same))
                same = []
            for op, tokens in ((Op.DELETE, gone), (Op.INSERT, come)):
                if differing := tokens[start : len(tokens) - end]:
                    yield DiffRun(op, differing)
        same += [*come[len(come) - end :], *new.tokens[b_next : b_next + 1]]
        a, b = a_next + 1, b_next + 1
    if same:
        yield DiffRun(Op.EQUAL, tuple(same))


def _summary(changes: tuple[PassageChange, ...]) -> Summary:
    passages = Counter(change.kind for change in changes)
    counted: Counter[Op] = Counter()
    for piece in (piece for change in changes for piece in change.pieces):
        counted[piece.op] += sum(token.counts for token in piece.tokens)
    return Summary(
        changed=passages[ChangeKind.CHANGED],
        added=passages[ChangeKind.ADDED],
        removed=passages[ChangeKind.REMOVED],
        unchanged=passages[ChangeKind.UNCHANGED],
        words_added=counted[Op.INSERT],
        words_removed=counted[Op.DELETE],
    )


def render_comparison(
    comparison: Comparison, *, labels: Labels | None = None, context: int | None = None
) -> SafeString:
    """Return the newer text with deletions and insertions as `<div class="compare" lang=…>`.

    `context` is the number of unchanged passages rendered on either side of a change; the number
    of omitted ones is stated. Deletions and insertions are also labelled in words for screen
    readers, so nothing relies on colour.
    """
    writer = _Writer(labels or labels_for(comparison.language))
    body = "".join(
        writer.skipped(one) if isinstance(one, int) else writer.write_change(one)
        for one in _changes_with_context(comparison.changes, context)
    )
    if comparison.regrouped:
        body += f'<p class="compare__form">{writer.form}</p>'
    return sanitise(f'<div class="compare" lang="{escape(comparison.language)}">{body}</div>')


def _changes_with_context(
    changes: tuple[PassageChange, ...], context: int | None
) -> Iterator[PassageChange | int]:
    """Yield the changes to render, and for each omitted run its length."""
    if context is None:
        yield from changes
        return
    places = [index for index, one in enumerate(changes) if one.kind != ChangeKind.UNCHANGED]
    near = {index for place in places for index in range(place - context, place + context + 1)}
    for shown, group in groupby(enumerate(changes), key=lambda one: one[0] in near):
        found = [change for _index, change in group]
        if shown:
            yield from found
        else:
            yield len(found)


# The surroundings of a passage are styled as in the text.
_PLACES: Final = {
    "list": "item",
    "ordered": "item",
    "quote": "quote",
    "quotation": "quote",
    "cell": "cell",
    "header": "cell",
}


class _Writer:
    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.form = escape(labels.form)

    def skipped(self, count: int) -> str:
        return f'<p class="compare__skipped">{escape(self.labels.skipped % {"count": count})}</p>'

    def write_change(self, change: PassageChange) -> str:
        looks = []
        if change.passage.kind in {"title", "lead"}:
            looks.append(f"compare__passage--{change.passage.kind}")
        if change.passage.kind.startswith("heading"):
            looks.append("compare__passage--heading")
        if change.passage.path:
            looks.append("compare__passage--inside")
            if place := _PLACES.get(change.passage.path[-1].name):
                looks.append(f"compare__passage--{place}")
        names = ["compare__passage", f"compare__passage--{change.kind}", *looks]
        body = "".join(self.piece(piece) for piece in change.pieces if piece.tokens)
        note = f'<p class="compare__form">{self.form}</p>' if change.form_changed else ""
        return f'<p class="{" ".join(names)}">{body}</p>{note}' if body or note else ""

    def piece(self, piece: DiffRun) -> str:
        changed = piece.op != Op.EQUAL
        words = "".join(
            self.marked(
                "".join(escape(self.words(token, changed=changed)) for token in group), marks, changed=changed
            )
            for marks, group in groupby(piece.tokens, key=lambda token: token.marks)
        )
        if piece.op == Op.DELETE:
            return f'<del class="gone">{self.heard(self.labels.deleted)}{words}</del> '
        if piece.op == Op.INSERT:
            return f'<ins class="new">{self.heard(self.labels.inserted)}{words}</ins>'
        return words

    def heard(self, label: str) -> str:
        return f'<span class="vh">{escape(label)} </span>'

    def marked(self, words: str, marks: tuple[tuple[str, str], ...], *, changed: bool) -> str:
        """Return the words with their marks; a changed link is followed by its address."""
        for name, href in reversed(marks):
            if name == "link" and changed:
                words += f" ({escape(self.labels.link % {'href': href})})"
            elif name in {"strong", "emphasis"}:
                tag = "strong" if name == "strong" else "em"
                words = f"<{tag}>{words}</{tag}>"
        return words

    def words(self, token: Token, *, changed: bool) -> str:
        match token.kind:
            case "footnote":
                return f" [{self.labels.footnote % {'words': token.text}}]"
            case "fact" if changed:
                return f"{token.text} [{self.labels.source % {'words': token.details[0]}}]"
            case "gap":
                name = token.details[0]
                return token.text or f"[{self.labels.gap % {'name': name}}]"
            case "file":
                return f"[{token.text}]"
        return token.text
