"""The kit of an event, and what of it may be given out now: the only place where both come from."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from coalition.core.tokens import hash_token
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document
from documents.canonical.quotations import Said, quotations_of
from documents.drafts.enums import Handling, PublicationState
from documents.drafts.queries import drafts_for
from documents.files.public_copy import has_public_bytes
from documents.files.queries import files_for
from documents.models import Draft, Publication, PublicationText, StoredFile
from documents.publication.queries import newest_shown, publications_for
from documents.quotations.queries import approved_quotations
from events.core.models import Event, EventSpeaker
from events.core.queries import public_events
from events.press.kit.enums import KitKind, KitPhase, KitWay, Standing
from events.press.kit.models import EventKit, KitItem, KitOpened
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest


@dataclass(frozen=True)
class Judged:
    """One thing of a kit and whether it may be given out. `publication`: what is or was public of its text;
    `said`: the words of its quotation."""

    item: KitItem
    standing: Standing
    publication: Publication | None = None
    said: Said | None = None

    @property
    def is_given(self) -> bool:
        return self.standing == Standing.GIVEN

    @property
    def given_file(self) -> StoredFile | None:
        return self.item.file if self.is_given else None


def kit_of(event: Event) -> EventKit | None:
    """The event's kit; the event stands in it as it was given."""
    found = EventKit.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def kit_of_token(token: str) -> EventKit | None:
    """The kit whose link it is; None if nobody's, or if the event is not public."""
    rows = EventKit.objects.filter(
        token_hash=hash_token(token), event__in=public_events().order_by().values("pk")
    )
    return rows.select_related("event", "event__organisation", "event__workspace").first()


def kit_on_page(slug: str) -> EventKit | None:
    """The kit to which the public page of this event leads; None if there is none."""
    rows = EventKit.objects.filter(event__slug=slug, event__in=public_events().order_by().values("pk"))
    return rows.select_related("event", "event__organisation", "event__workspace").first()


def items_of(kit: EventKit) -> QuerySet[KitItem]:
    """What stands in the kit, in its order."""
    return KitItem.objects.filter(kit=kit, removed_at=None)


def files_without_copy(kit: EventKit | None = None) -> QuerySet[StoredFile]:
    """Files of kits, or of this one, of which no copy for the public is made; pictures and texts, which need
    none, are among them. What may not go out is not."""
    items = KitItem.objects.filter(removed_at=None)
    items = items.filter(kit=kit) if kit is not None else items
    rows = StoredFile.objects.filter(pk__in=items.exclude(file=None).values("file"))
    return rows.filter(clean_sha256="", not_cleaned="", deleted_at=None, handling=Handling.PUBLIC)


def judged_items(kit: EventKit, phases: Iterable[KitPhase] = tuple(KitPhase)) -> list[Judged]:
    """The things of these phases, each judged now: at most six queries, whatever their number."""
    rows = items_of(kit).filter(phase__in=list(phases)).select_related("file").prefetch_related("people")
    items = list(rows)
    drafts = {item.draft_id for item in items if item.draft_id is not None}
    public = newest_shown(drafts) if drafts else {}
    quoted = {item.draft_id for item in items if item.kind == KitKind.QUOTATION}
    documents = {
        draft: [text.document for text in found.texts.all()]
        for draft, found in public.items()
        if draft in quoted and found.state == PublicationState.PUBLIC
    }
    approved = approved_quotations(documents) if documents else {}
    return [_judged(item, public, documents, approved) for item in items]


def _judged(
    item: KitItem,
    public: dict[int, Publication],
    documents: dict[int, list[Document]],
    approved: dict[int, frozenset[str]],
) -> Judged:
    if not may_show_people(item):
        return Judged(item, Standing.REMOVED)
    if item.file is not None:
        return Judged(item, _standing_of(item.file))
    if item.draft_id is None:
        return Judged(item, Standing.GIVEN)
    found = public.get(item.draft_id)
    if found is None:
        return Judged(item, Standing.NOT_PUBLIC)
    if found.state != PublicationState.PUBLIC:
        return Judged(item, Standing.WITHDRAWN, found)
    if item.kind != KitKind.QUOTATION:
        return Judged(item, Standing.GIVEN, found)
    said = _said_in(documents.get(item.draft_id, []), item.digest)
    if said is None or item.digest not in approved.get(item.draft_id, frozenset()):
        return Judged(item, Standing.REMOVED, found)
    return Judged(item, Standing.GIVEN, found, said)


def _standing_of(file: StoredFile) -> Standing:
    if not may_go_out(file):
        return Standing.REMOVED
    return Standing.GIVEN if has_public_bytes(file) else Standing.PREPARED


def may_go_out(file: StoredFile) -> bool:
    """Whether a file may go to people outside: its mark says public, it is for nobody in particular, it is
    still there, and its metadata can be removed."""
    is_open = file.handling == Handling.PUBLIC and not file.restricted and file.deleted_at is None
    return is_open and not file.not_cleaned


def may_show_people(item: KitItem) -> bool:
    """Whether everyone of the speakers who is seen or heard in it agrees to that now. Needs `people`."""
    consent = KitKind(item.kind).consent
    people = list(item.people.all())
    agree = all(getattr(one, consent) for one in people) if consent else True
    return agree and len(people) == item.people_count


def _said_in(documents: Iterable[Document], digest: str) -> Said | None:
    found = (said for document in documents for said in quotations_of(document))
    return next((said for said in found if said.digest == digest), None)


def approved_sayings(drafts: Iterable[int]) -> dict[str, tuple[int, Said]]:
    """Digest → draft and words of every quotation, public in these drafts, that its speaker approved."""
    public = newest_shown(drafts)
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
    """How many opened it, and how many are confirmed."""
    confirmed = PressGuest.objects.filter(registration__event=kit.event, state=PressState.CONFIRMED).count()
    return min(KitOpened.objects.filter(kit=kit).count(), confirmed), confirmed


# --- choices ---
# From what the kit of an event can be put together, for who makes it.


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
