"""Queries for points of a text's history. Rights are those of the text's draft."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from documents.drafts.models import DraftText
from documents.history.models import HistoryDecision, HistoryPart, HistoryPoint


def points_of(text: DraftText) -> QuerySet[HistoryPoint]:
    """Return the points of a text that the caller may read, newest first, without their words."""
    return HistoryPoint.objects.filter(text=text).defer("words", "origins").order_by("-at", "-id")


def with_people(points: Collection[int]) -> QuerySet[HistoryPoint]:
    """Return these points with authors and decisions, in three queries whatever their number."""
    parts = HistoryPart.objects.select_related("person", "organisation")
    decisions = HistoryDecision.objects.select_related(
        "person", "organisation", "by_person", "by_organisation"
    )
    return (
        HistoryPoint.objects.filter(pk__in=points)
        .defer("words", "origins")
        .prefetch_related(Prefetch("parts", queryset=parts), Prefetch("decisions", queryset=decisions))
    )


def point_of(text: DraftText, uuid: UUID) -> HistoryPoint | None:
    """Return one point of a text that the caller may read, with its words."""
    return HistoryPoint.objects.filter(text=text, uuid=uuid).first()
