"""What can be paid from a grant: things of the workspace, with their titles as coordinators read them."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.versions import versions_with_texts
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.postcards.models import CardDesign
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState
from documents.publication.models import Publication
from events.core.permissions import event_title
from events.core.queries import public_events
from events.press.coverage.models import Coverage, CoverageState


def assignable_items(workspace: Workspace, kind: CountedItem) -> QuerySet[Any]:
    """Return everything of the kind that can be paid from a grant, the newest first. `item_uuid`: by which a
    grant names it."""
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
    # A published text is its draft: a correction is another publication of the same text.
    path = "draft__uuid" if kind == CountedItem.PUBLICATION else "uuid"
    return rows[kind].annotate(item_uuid=F(path)).order_by("-pk")


def with_titles(kind: CountedItem, rows: QuerySet[Any]) -> list[tuple[UUID, str]]:
    """Return the UUIDs of `assignable_items` with what people call them. At most four queries."""
    if kind == CountedItem.APPEAL:
        return _appeals(list(rows))
    if kind == CountedItem.PUBLICATION:
        rows = rows.prefetch_related("texts__version")
    elif kind in {CountedItem.LETTERS, CountedItem.POSTCARDS}:
        rows = rows.select_related("publication").prefetch_related("publication__texts__version")
    elif kind == CountedItem.EVENT:
        rows = rows.prefetch_related("texts")
    return [(row.item_uuid, _title(kind, row)) for row in rows]


def _title(kind: CountedItem, row: Any) -> str:
    if kind == CountedItem.PUBLICATION:
        return f"{row.title} (№ {row.number})"
    if kind in {CountedItem.LETTERS, CountedItem.POSTCARDS}:
        return f"{row.publication.title} ({row.slug})"
    if kind == CountedItem.EVENT:
        return event_title(row)
    if kind == CountedItem.COVERAGE:
        return ": ".join(filter(None, (row.outlet, row.title)))
    return str(row.words if kind == CountedItem.ASK else row.name)


def _appeals(rows: list[Appeal]) -> list[tuple[UUID, str]]:
    """Return them with the title of their newest words, or their address without any."""
    titles: dict[int, str] = {}
    for version in versions_with_texts([one.pk for one in rows]):
        titles.setdefault(version.appeal_id, version.publication.title)
    return [(one.uuid, titles.get(one.pk, one.slug)) for one in rows]
