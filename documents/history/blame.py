"""Blame: authors of the words in a text's points, and the number of added and removed words, in
order.

Not computed when a point is saved: people are writing then, and comparing a long text takes a
while.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from documents.canonical.form import Document
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import TextContent, document_as_written, pictures_for_text, text_content
from documents.drafts.models import DraftText
from documents.history.models import HistoryPoint, pack_json, unpack_content, unpack_json
from documents.history.origins import (
    Contributors,
    Origins,
    PassageOrigins,
    WordAuthors,
    initial_origins,
    origins_from_json,
    origins_to_json,
    transfer_origins,
)

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class AttributedState:
    """Words at a point, with their origins."""

    document: Document
    lines: list[PassageOrigins]


def document_of_content(text: DraftText, words: TextContent) -> Document:
    """Return the document for display and comparison. Raises CanonicalError for invalid content."""
    pictures = pictures_for_text(text.draft, words["body"], reading=True)
    return document_as_written(draft=text.draft, language=text.language, words=words, pictures=pictures)


def document_of_point(text: DraftText, point: HistoryPoint) -> Document:
    """Return the words of a point; of the text itself while it is open. Raises CanonicalError."""
    return document_of_content(text, unpack_content(point.words) if point.closed_at else text_content(text))


def attribute_points(text: DraftText) -> None:
    """Compute missing origins of closed points, oldest first.
    Idempotent; an unreadable point is skipped as if it did not exist."""
    points = list(_points_to_attribute(text))
    if not points:
        return
    before = _state_before(text, points[0])
    for point in points:
        found, before = _attribute_point(text, point, before)
        HistoryPoint.objects.filter(pk=point.pk).update(
            origins=pack_json(origins_to_json(found.lines)),
            words_added=found.added,
            words_removed=found.removed,
        )


def current_origins(text: DraftText) -> AttributedState | None:
    """Return the current words with their origins; None if they cannot be rendered.
    Read-only: missing origins are computed for this result only."""
    before = _state_before(text, None)
    for waiting in _points_to_attribute(text):
        _found, before = _attribute_point(text, waiting, before)
    point = (
        HistoryPoint.objects.filter(text=text, closed_at=None).prefetch_related("parts", "decisions").first()
    )
    try:
        document = document_of_content(text, text_content(text))
    except CanonicalError:
        return None
    hands = _contributors_of(point) if point is not None else Contributors()
    return AttributedState(document, _origins_after(before, document, hands).lines)


def authors_of(point: HistoryPoint) -> WordAuthors:
    """Return everyone who wrote in the spell."""
    return tuple(
        sorted({(part.organisation_id, part.person_id) for part in point.parts.all()}, key=_author_order)
    )


def _author_order(author: tuple[int, int | None]) -> tuple[int, int]:
    return author[0], author[1] or 0


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
) -> tuple[Origins, AttributedState | None]:
    try:
        document = document_of_point(text, point)
    except CanonicalError:
        return Origins(), before
    found = _origins_after(before, document, _contributors_of(point))
    return found, AttributedState(document, found.lines)


def _contributors_of(point: HistoryPoint) -> Contributors:
    suggested: dict[str, WordAuthors] = {}
    for one in point.decisions.all():
        if one.accepted and one.organisation_id and one.after.strip():
            suggested[one.after.strip()] = ((one.organisation_id, one.person_id),)
    return Contributors(authors_of(point), suggested)


def _origins_after(before: AttributedState | None, document: Document, hands: Contributors) -> Origins:
    if before is None or len(before.lines) < 2:
        return initial_origins(document, hands.authors)
    return transfer_origins(before.document, before.lines, document, hands)
