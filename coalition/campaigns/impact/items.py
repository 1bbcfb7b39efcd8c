"""What can be paid from a grant: things of the workspace, with their titles as coordinators read them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.postcards.models import CardDesign
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState
from documents.publication.models import Publication, PublicationText
from events.core.permissions import event_title
from events.core.queries import public_events
from events.press.coverage.models import Coverage, CoverageState


def assignable_items(workspace: Workspace, kind: CountedItem) -> QuerySet[Any]:
    """Return everything of the kind that can be paid from a grant, the newest first."""
    rows: dict[CountedItem, QuerySet[Any]] = {
        CountedItem.PUBLICATION: Publication.objects.filter(
            draft__workspace=workspace, state=PublicationState.PUBLIC, replaced_by=None
        ),
        CountedItem.EVENT: public_events().filter(workspace=workspace),
        CountedItem.COVERAGE: Coverage.objects.filter(
            workspace=workspace, state=CoverageState.COUNTED, removed_at=None
        ),
        CountedItem.MEDIA_ITEM: MediaItem.objects.filter(package__workspace=workspace, removed_at=None),
        CountedItem.APPEAL: Appeal.objects.filter(workspace=workspace, opened_at__isnull=False),
        CountedItem.LETTERS: LetterAction.objects.filter(workspace=workspace, opened_at__isnull=False),
        CountedItem.POSTCARDS: CardDesign.objects.filter(workspace=workspace),
        CountedItem.ASK: Ask.objects.filter(workspace=workspace, removed_at=None),
    }
    return rows[kind].order_by("-pk")


def with_titles(kind: CountedItem, rows: QuerySet[Any]) -> list[tuple[Any, str]]:
    """Return the rows with what people call them. At most three queries."""
    if kind == CountedItem.PUBLICATION:
        rows = rows.prefetch_related("texts__version")
    elif kind == CountedItem.EVENT:
        rows = rows.prefetch_related("texts")
    found = list(rows)
    if kind in {CountedItem.APPEAL, CountedItem.LETTERS}:
        titles = _titles(row.publication_id for row in found) if kind == CountedItem.LETTERS else {}
        return [(row, titles.get(getattr(row, "publication_id", 0)) or row.slug) for row in found]
    return [(row, _title(kind, row)) for row in found]


def _title(kind: CountedItem, row: Any) -> str:
    if kind == CountedItem.PUBLICATION:
        return f"{row.title} (№ {row.number})"
    if kind == CountedItem.EVENT:
        return event_title(row)
    if kind == CountedItem.COVERAGE:
        return ": ".join(filter(None, (row.outlet, row.title)))
    if kind == CountedItem.ASK:
        return str(row.words)
    return str(row.slug if kind == CountedItem.POSTCARDS else row.name)


def _titles(publications: Iterable[int]) -> dict[int, str]:
    rows = PublicationText.objects.filter(publication__in=list(publications)).select_related("version")
    return {row.publication_id: row.title for row in rows.order_by("-id")}
