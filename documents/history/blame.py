"""Working out who wrote which words of a text's points, and how many came and went: one after the other.

Not when a point is kept: people are writing then, and a long text takes a while to compare.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from documents.canonical.form import Document
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import Words, as_it_stands, pictures_of, words_of
from documents.drafts.models import DraftText
from documents.history.models import HistoryPoint, packed, unpacked, words_in
from documents.history.origins import Authors, Hands, Line, Origins, carried, first, from_json, to_json

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class State:
    """Words at some point, with their origins."""

    document: Document
    lines: list[Line]


def document_of_words(text: DraftText, words: Words) -> Document:
    """For showing and comparing. Raises CanonicalError for what no text may hold."""
    pictures = pictures_of(text.draft, words["body"], reading=True)
    return as_it_stands(draft=text.draft, language=text.language, words=words, pictures=pictures)


def document_of_point(text: DraftText, point: HistoryPoint) -> Document:
    """The words of a point: those of the text itself while it is open. Raises CanonicalError."""
    return document_of_words(text, words_in(point.words) if point.closed_at else words_of(text))


def work_out(text: DraftText) -> None:
    """Fill in the closed points that lack it, the oldest first. Idempotent; stops at one that cannot be
    read, and goes on after it as if it had not been."""
    points = list(_waiting(text))
    if not points:
        return
    before = _state_before(text, points[0])
    for point in points:
        found, before = _next(text, point, before)
        HistoryPoint.objects.filter(pk=point.pk).update(
            origins=packed(to_json(found.lines)), words_added=found.added, words_removed=found.removed
        )


def origins_now(text: DraftText) -> State | None:
    """The words as they stand with their origins; None if they cannot be shown. Changes nothing: what was
    not worked out yet is worked out for this answer."""
    before = _state_before(text, None)
    for waiting in _waiting(text):
        _found, before = _next(text, waiting, before)
    point = (
        HistoryPoint.objects.filter(text=text, closed_at=None).prefetch_related("parts", "decisions").first()
    )
    try:
        document = document_of_words(text, words_of(text))
    except CanonicalError:
        return None
    hands = _hands(point) if point is not None else Hands()
    return State(document, _origins(before, document, hands).lines)


def authors_of(point: HistoryPoint) -> Authors:
    """Everyone who wrote in the spell."""
    return tuple(sorted({(part.organisation_id, part.person_id) for part in point.parts.all()}, key=_order))


def _order(author: tuple[int, int | None]) -> tuple[int, int]:
    return author[0], author[1] or 0


def _waiting(text: DraftText) -> QuerySet[HistoryPoint]:
    rows = HistoryPoint.objects.filter(text=text, closed_at__isnull=False, origins=b"")
    return rows.prefetch_related("parts", "decisions").order_by("pk")[:MOST_AT_ONCE]


def _state_before(text: DraftText, point: HistoryPoint | None) -> State | None:
    rows = HistoryPoint.objects.filter(text=text, closed_at__isnull=False).exclude(origins=b"")
    last = (rows.filter(pk__lt=point.pk) if point else rows).order_by("-pk").first()
    if last is None:
        return None
    try:
        return State(document_of_point(text, last), from_json(unpacked(last.origins)))
    except CanonicalError:
        return None


def _next(text: DraftText, point: HistoryPoint, before: State | None) -> tuple[Origins, State | None]:
    try:
        document = document_of_point(text, point)
    except CanonicalError:
        return Origins(), before
    found = _origins(before, document, _hands(point))
    return found, State(document, found.lines)


def _hands(point: HistoryPoint) -> Hands:
    suggested: dict[str, Authors] = {}
    for one in point.decisions.all():
        if one.accepted and one.organisation_id and one.after.strip():
            suggested[one.after.strip()] = ((one.organisation_id, one.person_id),)
    return Hands(authors_of(point), suggested)


def _origins(before: State | None, document: Document, hands: Hands) -> Origins:
    if before is None or len(before.lines) < 2:
        return first(document, hands.authors)
    return carried(before.document, before.lines, document, hands)
