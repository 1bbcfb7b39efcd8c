"""Querysets of kits, and the evaluation of which items may be handed out now."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from coalition.accounts.models import Language
from coalition.core.throttling import hash_token
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document
from documents.canonical.passages import QuotedStatement, quotations_of
from documents.drafts.models import Handling, PublicationState
from documents.drafts.queries import drafts_for
from documents.files.consent import usable_files_for
from documents.files.public_copy import has_public_bytes
from documents.models import Publication, PublicationText, StoredFile
from documents.publication.queries import newest_visible_by_draft, publications_for
from documents.quotations.queries import approved_quotations
from events.core.enums import PressState
from events.core.models import Event, PressGuest
from events.core.queries import public_events
from events.press.kit.consent import KitGate
from events.press.kit.models import EventKit, KitItem, KitKind, KitOpened, KitPhase, KitWay, ReleaseStatus


@dataclass(frozen=True)
class JudgedItem:
    """Item and whether it may be handed out. `publication`: the present or past publication of its
    text; `quotation`: its words; `is_under_consent`: its file shows somebody who agreed to the words of the
    file, and to no others."""

    item: KitItem
    status: ReleaseStatus
    publication: Publication | None = None
    quotation: QuotedStatement | None = None
    is_under_consent: bool = False

    @property
    def is_given(self) -> bool:
        return self.status == ReleaseStatus.GIVEN

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
    return _public_kits().filter(token_hash=hash_token(token)).first()


def kit_on_page(slug: str) -> EventKit | None:
    """Return the kit linked from this event's public page, or None."""
    return _public_kits().filter(event__slug=slug).first()


def _public_kits() -> QuerySet[EventKit]:
    rows = EventKit.objects.filter(event__in=public_events().order_by().values("pk"))
    return rows.select_related("event", "event__organisation", "event__workspace")


def kit_items_of(kit: EventKit) -> QuerySet[KitItem]:
    """Return the active items of the kit in order."""
    return KitItem.objects.filter(kit=kit, removed_at=None)


def files_without_copy(kit: EventKit | None = None) -> QuerySet[StoredFile]:
    """Return publishable files of kits, or of this one, without a copy, also pictures, which need none."""
    items = KitItem.objects.filter(removed_at=None)
    items = items.filter(kit=kit) if kit is not None else items
    rows = StoredFile.objects.filter(pk__in=items.exclude(file=None).values("file"))
    return rows.filter(clean_sha256="", not_cleaned="", deleted_at=None, handling=Handling.PUBLIC)


def judge_kit_items(
    kit: EventKit, phases: Iterable[KitPhase] = tuple(KitPhase), *, gate: KitGate | None = None
) -> list[JudgedItem]:
    """Return the items of these phases, evaluated now: at most seven queries.

    An item whose person has not agreed, or no longer, is not among them. `gate`: for another language than
    the active one.
    """
    items = judge_all_kit_items(kit, phases, gate=gate)
    return [one for one in items if one.status != ReleaseStatus.NO_CONSENT]


def judge_all_kit_items(
    kit: EventKit, phases: Iterable[KitPhase] = tuple(KitPhase), *, gate: KitGate | None = None
) -> list[JudgedItem]:
    """Return the same with items that the gate of consent withholds: for planners only."""
    gate = gate or kit_gate()
    rows = kit_items_of(kit).filter(phase__in=list(phases)).select_related("file").prefetch_related("people")
    items = list(rows)
    drafts = {item.draft_id for item in items if item.draft_id is not None}
    public = newest_visible_by_draft(drafts) if drafts else {}
    quoted = {item.draft_id for item in items if item.kind == KitKind.QUOTATION}
    documents = _public_documents({draft: one for draft, one in public.items() if draft in quoted})
    approved = approved_quotations(documents) if documents else {}
    return [
        replace(
            _judge_item(item, public, documents, approved)
            if gate.lets_out(item)
            else JudgedItem(item, ReleaseStatus.NO_CONSENT),
            is_under_consent=gate.is_under_consent(item),
        )
        for item in items
    ]


def kit_gate() -> KitGate:
    """Return the gate of consent for a kit read in the active language."""
    return KitGate(get_language() or Language.KK)


def has_items_for(kit: EventKit, phase: KitPhase, language: str) -> bool:
    """Whether the phase has an item that a reader of this language may get: two queries."""
    gate = KitGate(language)
    return any(gate.lets_out(one) for one in kit_items_of(kit).filter(phase=phase).select_related("file"))


def _public_documents(publications: Mapping[int, Publication]) -> dict[int, list[Document]]:
    return {
        draft: [text.document for text in found.texts.all()]
        for draft, found in publications.items()
        if found.state == PublicationState.PUBLIC
    }


def _judge_item(
    item: KitItem,
    public: dict[int, Publication],
    documents: dict[int, list[Document]],
    approved: dict[int, frozenset[str]],
) -> JudgedItem:
    if not may_show_people(item):
        return JudgedItem(item, ReleaseStatus.REMOVED)
    if item.file is not None:
        given = ReleaseStatus.GIVEN if has_public_bytes(item.file) else ReleaseStatus.PREPARED
        return JudgedItem(item, given if may_release_file(item.file) else ReleaseStatus.REMOVED)
    if item.draft_id is None:
        return JudgedItem(item, ReleaseStatus.GIVEN)
    found = public.get(item.draft_id)
    if found is None:
        return JudgedItem(item, ReleaseStatus.NOT_PUBLIC)
    if found.state != PublicationState.PUBLIC:
        return JudgedItem(item, ReleaseStatus.WITHDRAWN, found)
    if found.has_withheld_words:
        return JudgedItem(item, ReleaseStatus.NO_CONSENT, found)
    if item.kind != KitKind.QUOTATION:
        return JudgedItem(item, ReleaseStatus.GIVEN, found)
    quotations = (one for document in documents.get(item.draft_id, []) for one in quotations_of(document))
    quotation = next((one for one in quotations if one.digest == item.digest), None)
    if quotation is None or item.digest not in approved.get(item.draft_id, frozenset()):
        return JudgedItem(item, ReleaseStatus.REMOVED, found)
    return JudgedItem(item, ReleaseStatus.GIVEN, found, quotation)


def may_release_file(file: StoredFile) -> bool:
    """Whether a file may be published: marked public, without reader list, not deleted, and cleanable."""
    is_open = file.handling == Handling.PUBLIC and not file.restricted and file.deleted_at is None
    return is_open and not file.not_cleaned


def may_show_people(item: KitItem) -> bool:
    """Whether all speakers seen or heard in it consent now. Needs `people` loaded."""
    consent = KitKind(item.kind).consent
    people = list(item.people.all())
    agree = all(getattr(one, consent) for one in people) if consent else True
    return agree and len(people) == item.people_count


def approved_quotations_by_digest(drafts: Iterable[int]) -> dict[str, tuple[int, QuotedStatement]]:
    """Return digest → draft and words of the public, speaker-approved quotations of these drafts."""
    documents = _public_documents(newest_visible_by_draft(drafts))
    approved = approved_quotations(documents) if documents else {}
    return {
        quotation.digest: (draft, quotation)
        for draft, words in documents.items()
        for document in words
        for quotation in quotations_of(document)
        if quotation.digest in approved.get(draft, frozenset())
    }


def opened_count(kit: EventKit) -> tuple[int, int]:
    """Return the numbers of journalists who opened the kit and of confirmed ones."""
    confirmed = PressGuest.objects.filter(registration__event=kit.event, state=PressState.CONFIRMED).count()
    return min(KitOpened.objects.filter(kit=kit).count(), confirmed), confirmed


MOST_TEXTS = 60  # choices: the newest


def texts_for_kit(access: Access, kit: EventKit, phase: KitPhase) -> list[Publication]:
    """Return this workspace's valid publications, newest first, after those of texts that the person may
    read and that become public before the phase opens; one for each text. Four queries."""
    until = kit.moment_of(phase)
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        until = kit.event.starts_at
    planned = _planned(access).order_by("-scheduled_at")
    planned = planned.filter(scheduled_at__lte=until) if until is not None else planned
    rows = [*planned, *_valid_publications(access).order_by("-number")[:MOST_TEXTS]]
    found = {row.draft_id: row for row in reversed(rows)}
    return list(reversed(found.values()))


def _valid_publications(access: Access) -> QuerySet[Publication]:
    rows = publications_for(access.user, access.workspace)
    return rows.filter(state=PublicationState.PUBLIC, replaced_by=None)


def _planned(access: Access) -> QuerySet[Publication]:
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = Publication.objects.filter(
        state=PublicationState.SCHEDULED,
        scheduled_at__isnull=False,
        draft__in=drafts_for(access.user, access.workspace),
    )
    return rows.select_related("draft__workspace").prefetch_related(Prefetch("texts", queryset=texts))


def upcoming_publications(access: Access, drafts: Iterable[int]) -> dict[int, tuple[str, datetime.datetime]]:
    """Return draft → title and publication time of scheduled texts that the person may read."""
    wanted = list(drafts)
    if not wanted:
        return {}
    rows = _planned(access).filter(draft__in=wanted)
    return {row.draft_id: (row.title, row.scheduled_at) for row in rows if row.scheduled_at is not None}


def files_for_kit(access: Access, *, pictures: bool = False) -> QuerySet[StoredFile]:
    """Return public, cleanable files that the person may read, newest first."""
    rows = usable_files_for(access.user, access.workspace).filter(handling=Handling.PUBLIC, restricted=False)
    rows = rows.filter(not_cleaned="")
    return rows.filter(content_type__startswith="image/") if pictures else rows


def quotations_for_kit(access: Access) -> dict[str, tuple[int, QuotedStatement]]:
    """Return digest → draft and words of this workspace's public, speaker-approved quotations."""
    newest = _valid_publications(access).order_by("-number").values_list("draft", flat=True)[:MOST_TEXTS]
    return approved_quotations_by_digest(set(newest))
