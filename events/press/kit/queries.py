"""Querysets of kits, and the evaluation of which items may be handed out now."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from coalition.core.tokens import hash_token
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document
from documents.canonical.passages import QuotedStatement, quotations_of
from documents.drafts.enums import Handling, PublicationState
from documents.drafts.queries import drafts_for
from documents.files.public_copy import has_public_bytes
from documents.files.queries import files_for
from documents.models import Draft, Publication, PublicationText, StoredFile
from documents.publication.queries import newest_visible_by_draft, publications_for
from documents.quotations.queries import approved_quotations
from events.core.enums import PressState
from events.core.models import Event, EventSpeaker, PressGuest
from events.core.queries import public_events
from events.press.kit.enums import KitKind, KitPhase, KitWay, ReleaseStatus
from events.press.kit.models import EventKit, KitItem, KitOpened


@dataclass(frozen=True)
class JudgedItem:
    """Item and whether it may be handed out. `publication`: the present or past publication of its
    text; `said`: the words of its quotation."""

    item: KitItem
    standing: ReleaseStatus
    publication: Publication | None = None
    said: QuotedStatement | None = None

    @property
    def is_given(self) -> bool:
        return self.standing == ReleaseStatus.GIVEN

    @property
    def given_file(self) -> StoredFile | None:
        return self.item.file if self.is_given else None


def kit_of(event: Event) -> EventKit | None:
    """Return the event's kit, with `event` set to the instance passed in."""
    found = EventKit.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def kit_of_token(token: str) -> EventKit | None:
    """Return the kit of this token; None if there is none, or if the event is not public."""
    rows = EventKit.objects.filter(
        token_hash=hash_token(token), event__in=public_events().order_by().values("pk")
    )
    return rows.select_related("event", "event__organisation", "event__workspace").first()


def kit_on_page(slug: str) -> EventKit | None:
    """Return the kit linked from this event's public page, or None."""
    rows = EventKit.objects.filter(event__slug=slug, event__in=public_events().order_by().values("pk"))
    return rows.select_related("event", "event__organisation", "event__workspace").first()


def kit_items_of(kit: EventKit) -> QuerySet[KitItem]:
    """Return the active items of the kit in order."""
    return KitItem.objects.filter(kit=kit, removed_at=None)


def files_without_copy(kit: EventKit | None = None) -> QuerySet[StoredFile]:
    """Return files of kits, or of this one, without a public copy. Includes pictures and texts,
    which need none; excludes files that may not be published."""
    items = KitItem.objects.filter(removed_at=None)
    items = items.filter(kit=kit) if kit is not None else items
    rows = StoredFile.objects.filter(pk__in=items.exclude(file=None).values("file"))
    return rows.filter(clean_sha256="", not_cleaned="", deleted_at=None, handling=Handling.PUBLIC)


def judge_kit_items(kit: EventKit, phases: Iterable[KitPhase] = tuple(KitPhase)) -> list[JudgedItem]:
    """Return the items of these phases, evaluated now: at most six queries, whatever their
    number."""
    rows = kit_items_of(kit).filter(phase__in=list(phases)).select_related("file").prefetch_related("people")
    items = list(rows)
    drafts = {item.draft_id for item in items if item.draft_id is not None}
    public = newest_visible_by_draft(drafts) if drafts else {}
    quoted = {item.draft_id for item in items if item.kind == KitKind.QUOTATION}
    documents = {
        draft: [text.document for text in found.texts.all()]
        for draft, found in public.items()
        if draft in quoted and found.state == PublicationState.PUBLIC
    }
    approved = approved_quotations(documents) if documents else {}
    return [_judge_item(item, public, documents, approved) for item in items]


def _judge_item(
    item: KitItem,
    public: dict[int, Publication],
    documents: dict[int, list[Document]],
    approved: dict[int, frozenset[str]],
) -> JudgedItem:
    if not may_show_people(item):
        return JudgedItem(item, ReleaseStatus.REMOVED)
    if item.file is not None:
        return JudgedItem(item, _file_release_status(item.file))
    if item.draft_id is None:
        return JudgedItem(item, ReleaseStatus.GIVEN)
    found = public.get(item.draft_id)
    if found is None:
        return JudgedItem(item, ReleaseStatus.NOT_PUBLIC)
    if found.state != PublicationState.PUBLIC:
        return JudgedItem(item, ReleaseStatus.WITHDRAWN, found)
    if item.kind != KitKind.QUOTATION:
        return JudgedItem(item, ReleaseStatus.GIVEN, found)
    said = _find_quotation(documents.get(item.draft_id, []), item.digest)
    if said is None or item.digest not in approved.get(item.draft_id, frozenset()):
        return JudgedItem(item, ReleaseStatus.REMOVED, found)
    return JudgedItem(item, ReleaseStatus.GIVEN, found, said)


def _file_release_status(file: StoredFile) -> ReleaseStatus:
    if not may_release_file(file):
        return ReleaseStatus.REMOVED
    return ReleaseStatus.GIVEN if has_public_bytes(file) else ReleaseStatus.PREPARED


def may_release_file(file: StoredFile) -> bool:
    """Whether a file may be published: its handling mark is public, it has no reader list, it is
    not deleted, and its metadata can be removed."""
    is_open = file.handling == Handling.PUBLIC and not file.restricted and file.deleted_at is None
    return is_open and not file.not_cleaned


def may_show_people(item: KitItem) -> bool:
    """Whether all speakers seen or heard in it consent now. Needs `people` loaded."""
    consent = KitKind(item.kind).consent
    people = list(item.people.all())
    agree = all(getattr(one, consent) for one in people) if consent else True
    return agree and len(people) == item.people_count


def _find_quotation(documents: Iterable[Document], digest: str) -> QuotedStatement | None:
    found = (said for document in documents for said in quotations_of(document))
    return next((said for said in found if said.digest == digest), None)


def approved_quotations_by_digest(drafts: Iterable[int]) -> dict[str, tuple[int, QuotedStatement]]:
    """Return digest → draft and words of every speaker-approved quotation that is public in these
    drafts."""
    public = newest_visible_by_draft(drafts)
    documents = {
        draft: [text.document for text in found.texts.all()]
        for draft, found in public.items()
        if found.state == PublicationState.PUBLIC
    }
    approved = approved_quotations(documents) if documents else {}
    return {
        said.digest: (draft, said)
        for draft, words in documents.items()
        for document in words
        for said in quotations_of(document)
        if said.digest in approved.get(draft, frozenset())
    }


def opened_count(kit: EventKit) -> tuple[int, int]:
    """Return the numbers of journalists who opened the kit and of confirmed ones."""
    confirmed = PressGuest.objects.filter(registration__event=kit.event, state=PressState.CONFIRMED).count()
    return min(KitOpened.objects.filter(kit=kit).count(), confirmed), confirmed


# --- choices ---
# Choices for adding items to a kit.


MOST_TEXTS = 60  # choices: the newest


@dataclass(frozen=True)
class OfferedText:
    """A text that is public, or will be in time. `title`: the approved one."""

    draft: Draft
    title: str
    publication: Publication


def texts_for_kit(access: Access, kit: EventKit, phase: KitPhase) -> list[OfferedText]:
    """Return this workspace's valid publications, newest first, and texts that the person may read
    and that become public before the phase opens. Four queries."""
    public = publications_for(access.user, access.workspace).filter(
        state=PublicationState.PUBLIC, replaced_by=None
    )
    rows = [*_scheduled(access, kit, phase), *public.order_by("-number")[:MOST_TEXTS]]
    found = {row.draft_id: OfferedText(row.draft, row.title, row) for row in reversed(rows)}
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


def upcoming_publications(access: Access, drafts: Iterable[int]) -> dict[int, tuple[str, datetime.datetime]]:
    """Return draft → title and publication time of scheduled texts, of drafts that the person may
    read."""
    wanted = list(drafts)
    if not wanted:
        return {}
    rows = _planned(access).filter(draft__in=wanted)
    return {row.draft_id: (row.title, row.scheduled_at) for row in rows if row.scheduled_at is not None}


def files_for_kit(access: Access, *, pictures: bool | None = None) -> QuerySet[StoredFile]:
    """Return files that the person may read and that are marked public, newest first; without those
    whose metadata cannot be removed."""
    rows = files_for(access.user, access.workspace).filter(handling=Handling.PUBLIC, restricted=False)
    rows = rows.filter(not_cleaned="")
    if pictures is None:
        return rows
    kind = {"content_type__startswith": "image/"}
    return rows.filter(**kind) if pictures else rows.exclude(**kind)


def quotations_for_kit(access: Access) -> dict[str, tuple[int, QuotedStatement]]:
    """Return digest → draft and words of this workspace's public, speaker-approved quotations."""
    rows = publications_for(access.user, access.workspace).filter(
        state=PublicationState.PUBLIC, replaced_by=None
    )
    newest = rows.order_by("-number").values_list("draft", flat=True)[:MOST_TEXTS]
    return approved_quotations_by_digest(set(newest))


def speakers_to_ask(kit: EventKit) -> QuerySet[EventSpeaker]:
    """Return the event's speakers, who may be seen or heard in an item."""
    return EventSpeaker.objects.filter(event=kit.event)
