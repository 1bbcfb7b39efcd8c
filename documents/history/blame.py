"""Authors of each word of a text.

Unchanged words keep their origin; new words belong to those who wrote between the two states. If several
wrote within one spell, its words belong to all of them: nobody is credited with what another may have
written.

Not computed when a point is saved: people are writing then, and comparing a long text takes a while.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from django.db.models import QuerySet

from documents.canonical.compare import Effort, align, opcodes
from documents.canonical.form import CanonicalError, Document
from documents.canonical.passages import Passage, Token, passages_of, words
from documents.drafts.models import DraftText
from documents.drafts.presenters import document_for_display
from documents.history.models import HistoryPoint, pack_json, unpack_content, unpack_json

# (primary key of the organisation, of the person or None) of everyone who wrote in the spell
type WordAuthors = tuple[tuple[int, int | None], ...]
type PassageOrigins = list[WordAuthors]  # one entry per token


@dataclass
class AttributedState:
    """Words at a point, the authors of every token of every passage, title and lead first, and how many
    words were added and removed since the point before."""

    document: Document
    lines: list[PassageOrigins] = field(default_factory=list)
    added: int = 0
    removed: int = 0


def passages_with_heads(document: Document) -> list[Passage]:
    """Return title and lead as passages before those of the body."""
    heads = [Passage("title", words(document["title"])), Passage("lead", words(document["lead"]))]
    return [*heads, *passages_of(document)]


@dataclass(frozen=True)
class Contributors:
    """Authors between two states, and accepted words suggested by others."""

    authors: WordAuthors = ()
    suggested: dict[str, WordAuthors] = field(default_factory=dict)

    def of(self, tokens: Sequence[Token]) -> WordAuthors:
        """Return the authors of these added words."""
        if not self.suggested:
            return self.authors
        return self.suggested.get("".join(token.text for token in tokens).strip(), self.authors)


def _attribute(
    before: AttributedState | None, document: Document, contributors: Contributors
) -> AttributedState:
    """Return a newer state: unchanged words keep their authors."""
    found, new = AttributedState(document), passages_with_heads(document)
    if before is None or len(before.lines) < 2:
        found.lines = [[contributors.authors] * len(passage.tokens) for passage in new]
        found.added = sum(_count_words(passage.tokens) for passage in new)
        return found
    effort, old, lines = Effort(), passages_with_heads(before.document), iter(before.lines)
    for old_passage, passage in chain(zip(old[:2], new[:2], strict=True), align(old[2:], new[2:], effort)):
        former, old_tokens = (next(lines), old_passage.tokens) if old_passage is not None else ([], ())
        if passage is None:
            found.removed += _count_words(old_tokens)
            continue
        line: PassageOrigins = []
        for equal, a_start, a_end, b_start, b_end in opcodes(old_tokens, passage.tokens, effort):
            if equal:
                line += former[a_start:a_end]
            else:
                line += [contributors.of(passage.tokens[b_start:b_end])] * (b_end - b_start)
                found.added += _count_words(passage.tokens[b_start:b_end])
                found.removed += _count_words(old_tokens[a_start:a_end])
        found.lines.append(line)
    return found


def _count_words(tokens: Sequence[Token]) -> int:
    return sum(token.counts for token in tokens)


def origins_to_json(lines: Sequence[PassageOrigins]) -> dict[str, object]:
    """Return runs of tokens with the index of their authors in a table."""
    table: dict[WordAuthors, int] = {}
    packed = [
        [[len(list(run)), table.setdefault(authors, len(table))] for authors, run in groupby(line)]
        for line in lines
    ]
    return {"authors": [[list(one) for one in authors] for authors in table], "lines": packed}


def origins_from_json(value: dict[str, list[list[list[int]]]]) -> list[PassageOrigins]:
    table: list[WordAuthors] = [tuple((one[0], one[1]) for one in authors) for authors in value["authors"]]
    return [[table[number] for length, number in line for _ in range(length)] for line in value["lines"]]


def without_people(value: dict[str, list[list[list[int]]]]) -> dict[str, object]:
    """Return the same reduced to organisations."""
    return _with_authors(
        value, lambda authors: tuple(sorted({(organisation, None) for organisation, _person in authors}))
    )


def without_person(value: dict[str, list[list[list[int]]]], person: int) -> dict[str, object]:
    """Return the same with this person's words attributed to their organisation only."""
    return _with_authors(
        value,
        lambda authors: tuple(dict.fromkeys((org, None if who == person else who) for org, who in authors)),
    )


def _with_authors(
    value: dict[str, list[list[list[int]]]], change: Callable[[WordAuthors], WordAuthors]
) -> dict[str, object]:
    return origins_to_json([list(map(change, line)) for line in origins_from_json(value)])


MOST_AT_ONCE = 50


def document_of_point(text: DraftText, point: HistoryPoint) -> Document:
    """Return the words of a point; of the text itself while it is open. Raises CanonicalError."""
    return document_for_display(text, unpack_content(point.words) if point.closed_at else None)


def attribute_points(text: DraftText) -> None:
    """Compute missing origins of closed points, oldest first.
    Idempotent; an unreadable point is skipped as if it did not exist."""
    points = list(_points_to_attribute(text))
    if not points:
        return
    before = _state_before(text, points[0])
    for point in points:
        found = _attribute_point(text, point, before)
        before = found or before
        HistoryPoint.objects.filter(pk=point.pk).update(
            origins=pack_json(origins_to_json(found.lines if found else [])),
            words_added=found.added if found else 0,
            words_removed=found.removed if found else 0,
        )


def current_origins(text: DraftText) -> AttributedState | None:
    """Return the current words with their origins; None if they cannot be rendered.
    Read-only: missing origins are computed for this result only."""
    before = _state_before(text, None)
    for waiting in _points_to_attribute(text):
        before = _attribute_point(text, waiting, before) or before
    point = (
        HistoryPoint.objects.filter(text=text, closed_at=None).prefetch_related("parts", "decisions").first()
    )
    try:
        document = document_for_display(text)
    except CanonicalError:
        return None
    contributors = _contributors_of(point) if point is not None else Contributors()
    return _attribute(before, document, contributors)


def _points_to_attribute(text: DraftText) -> QuerySet[HistoryPoint]:
    rows = HistoryPoint.objects.filter(text=text, closed_at__isnull=False, origins=b"")
    return rows.prefetch_related("parts", "decisions").order_by("pk")[:MOST_AT_ONCE]


def _state_before(text: DraftText, point: HistoryPoint | None) -> AttributedState | None:
    rows = HistoryPoint.objects.filter(text=text, closed_at__isnull=False).exclude(origins=b"")
    last = (rows.filter(pk__lt=point.pk) if point else rows).order_by("-pk").first()
    if last is None:
        return None
    try:
        return AttributedState(document_of_point(text, last), origins_from_json(unpack_json(last.origins)))
    except CanonicalError:
        return None


def _attribute_point(
    text: DraftText, point: HistoryPoint, before: AttributedState | None
) -> AttributedState | None:
    """Return the state at a point; None if its words are unreadable."""
    try:
        document = document_of_point(text, point)
    except CanonicalError:
        return None
    return _attribute(before, document, _contributors_of(point))


def _contributors_of(point: HistoryPoint) -> Contributors:
    suggested: dict[str, WordAuthors] = {}
    for one in point.decisions.all():
        if one.accepted and one.organisation_id and one.after.strip():
            suggested[one.after.strip()] = ((one.organisation_id, one.person_id),)
    wrote = {(part.organisation_id, part.person_id) for part in point.parts.all()}
    return Contributors(tuple(sorted(wrote, key=lambda author: (author[0], author[1] or 0))), suggested)
