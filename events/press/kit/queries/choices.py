"""From what the kit of an event can be put together, for who makes it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling, PublicationState
from documents.drafts.queries.drafts import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, Publication, PublicationText, StoredFile
from documents.publication.queries.publications import publications_for
from documents.quotations.extract import Said
from events.core.models import EventSpeaker
from events.press.kit.enums import KitPhase, KitWay
from events.press.kit.models import EventKit
from events.press.kit.queries.kit import approved_sayings

MOST_TEXTS = 60  # the newest, to choose from


@dataclass(frozen=True)
class TextToGive:
    """A text that is public, or becomes public in time. `title`: the one that everyone approved."""

    draft: Draft
    title: str
    publication: Publication


def drafts_to_give(access: Access, kit: EventKit, phase: KitPhase) -> list[TextToGive]:
    """What is public of this workspace and stands, newest first, and what the person may read and is to
    become public before the phase opens. Four queries."""
    public = publications_for(access.user, access.workspace).filter(
        state=PublicationState.PUBLIC, replaced_by=None
    )
    rows = [*_scheduled(access, kit, phase), *public.order_by("-number")[:MOST_TEXTS]]
    found = {row.draft_id: TextToGive(row.draft, row.title, row) for row in reversed(rows)}
    return list(reversed(found.values()))


def _scheduled(access: Access, kit: EventKit, phase: KitPhase) -> QuerySet[Publication]:
    until = kit.moment_of(phase)
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        until = kit.event.starts_at
    rows = _planned(access).order_by("-scheduled_at")
    return rows.filter(scheduled_at__lte=until) if until is not None else rows


def _planned(access: Access) -> QuerySet[Publication]:
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = Publication.objects.filter(
        state=PublicationState.SCHEDULED,
        scheduled_at__isnull=False,
        draft__in=drafts_for(access.user, access.workspace),
    )
    return rows.select_related("draft__workspace").prefetch_related(Prefetch("texts", queryset=texts))


def ahead_of(access: Access, drafts: Iterable[int]) -> dict[int, tuple[str, datetime.datetime]]:
    """Draft → title and moment of what is to become public, of drafts that the person may read."""
    wanted = list(drafts)
    if not wanted:
        return {}
    rows = _planned(access).filter(draft__in=wanted)
    return {row.draft_id: (row.title, row.scheduled_at) for row in rows if row.scheduled_at is not None}


def files_to_give(access: Access, *, pictures: bool | None = None) -> QuerySet[StoredFile]:
    """Files that the person may read and that are marked for everyone, newest first; without those whose
    metadata cannot be removed."""
    rows = files_for(access.user, access.workspace).filter(handling=Handling.PUBLIC, restricted=False)
    rows = rows.filter(not_cleaned="")
    if pictures is None:
        return rows
    kind = {"content_type__startswith": "image/"}
    return rows.filter(**kind) if pictures else rows.exclude(**kind)


def quotations_to_give(access: Access) -> dict[str, tuple[int, Said]]:
    """Digest → draft and words of public quotations of this workspace that their speakers approved."""
    rows = publications_for(access.user, access.workspace).filter(
        state=PublicationState.PUBLIC, replaced_by=None
    )
    newest = rows.order_by("-number").values_list("draft", flat=True)[:MOST_TEXTS]
    return approved_sayings(set(newest))


def speakers_to_ask(kit: EventKit) -> QuerySet[EventSpeaker]:
    """Speakers of the event, who may be seen or heard in something."""
    return EventSpeaker.objects.filter(event=kit.event)
