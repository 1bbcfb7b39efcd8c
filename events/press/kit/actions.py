"""Copies without metadata of the files of kits, made by a worker: for files whose copy is missing.

A file is cleaned when it is put into a kit. Missing are copies of files from before that was so, and of files
that came in by another way.
"""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.public_copy import has_public_bytes, make_public_copy
from documents.models import Draft, StoredFile
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, EventSpeaker
from events.core.ordering import last_place, step
from events.core.permissions import may_change
from events.press.kit.enums import KitKind, KitPhase, KitWay
from events.press.kit.models import EventKit, KitItem, KitOpened
from events.press.kit.notifications import plan_mails
from events.press.kit.queries import (
    approved_sayings,
    drafts_to_give,
    files_to_give,
    files_without_copy,
    items_of,
    kit_of,
    may_go_out,
)
from events.press.registration.models import PressGuest

CLEAN = "events.clean_kit_file"  # the key is the file's UUID: one cleaning of a file at a time
APART = datetime.timedelta(minutes=2)  # so that other due work comes between two cleanings
LOOK = datetime.timedelta(hours=6)


def plan_copies(kit: EventKit) -> None:
    """Plan the copies that files of a kit lack. In the caller's transaction."""
    _plan(files_without_copy(kit))


def plan_missing_copies() -> None:
    """Recurring work, first at a worker's start: plan every copy that a file of a kit lacks."""
    _plan(files_without_copy())


def make_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: make the copy of the file with this UUID. A reason that lies in the file is stored with it;
    raises CleaningFailed, so that it is tried again, for every other failure."""
    file = StoredFile.objects.filter(uuid=UUID(key), deleted_at=None).first()
    if file is None:
        return
    try:
        make_public_copy(file)
    except Refused:
        if not file.not_cleaned:
            raise


def _plan(files: Iterable[StoredFile]) -> None:
    """Plan them one after another; what is planned already stays as it is."""
    missing = {str(file.uuid) for file in files if not has_public_bytes(file)}
    fresh = sorted(missing - scheduler.planned_keys(kind=CLEAN))
    start = now()
    scheduler.schedule_all({(CLEAN, key): start + number * APART for number, key in enumerate(fresh)})


# --- settings ---
# The kit of an event: how it opens, and its link.


ONLY_PLANNERS = _("Editors and coordinators make the kit.")


@dataclass(frozen=True)
class KitTerms:
    """How a kit opens; moments are aware. `opens_at` counts for the way of a moment only, as does
    `on_page`. Without `afterwards_at` somebody opens what is for afterwards by a press."""

    way: KitWay
    opens_at: datetime.datetime | None = None
    on_page: bool = False
    afterwards_at: datetime.datetime | None = None


def set_kit(*, access: Access, event: Event, terms: KitTerms) -> EventKit:
    """Begin the kit, or change how it opens; what stands in it stays.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, if a moment is
    missing, or if what is for afterwards opened before the event.
    """
    by_moment = terms.way == KitWay.MOMENT
    if by_moment and terms.opens_at is None:
        raise Refused(_("Say when it opens."))
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if terms.afterwards_at is not None and terms.afterwards_at < locked.starts_at:
            raise Refused(_("What is for afterwards opens after the event has begun."))
        kit = kit_of(locked)
        fresh = kit is None
        kit = kit or _begun(locked)
        kit.way = terms.way
        kit.opens_at = terms.opens_at if by_moment else None
        kit.on_page = terms.on_page and by_moment
        kit.afterwards_at = terms.afterwards_at
        kit.starts_at = locked.starts_at
        kit.save()
        audit.record(locked, access, "event.kit_begun" if fresh else "event.kit_terms")
        plan_mails(kit)
        plan_copies(kit)
    return kit


def open_afterwards(*, access: Access, event: Event) -> EventKit:
    """Open now what is for afterwards: everybody confirmed is told, once.

    Raises NotAllowed; Refused before the event began, for one that is cancelled, and if nothing is in it.
    """
    with transaction.atomic():
        kit = held_kit(access, event)
        if kit.event.starts_at > now():
            raise Refused(_("The event has not begun yet."))
        if not items_of(kit).filter(phase=KitPhase.AFTERWARDS).exists():
            raise Refused(_("There is nothing in it yet."))
        if kit.afterwards_at is None or kit.afterwards_at > now():
            kit.afterwards_at = now()
            kit.save(update_fields=["afterwards_at"])
            audit.record(kit.event, access, "event.kit_afterwards")
            plan_mails(kit)
            plan_copies(kit)
    return kit


def new_link(*, access: Access, event: Event) -> EventKit:
    """Make the link anew: the one of before opens nothing any more. Raises NotAllowed."""
    with transaction.atomic():
        kit = held_kit(access, event)
        kit.link_number += 1
        kit.token_hash = hash_token(link_token(kit))
        kit.save(update_fields=["link_number", "token_hash"])
        audit.record(kit.event, access, "event.kit_link")
    return kit


def link_token(kit: EventKit) -> str:
    """The token of the link for whoever has it."""
    return derive_token("events.kit", f"{kit.uuid}:{kit.link_number}")


def held_kit(access: Access, event: Event) -> EventKit:
    """The kit for a change of it, with the event's row held. Raises NotAllowed; Refused if the event is
    cancelled or has no kit."""
    locked = hold(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    kit = kit_of(locked)
    if kit is None:
        raise Refused(_("Say first how the kit opens."))
    return kit


def note_opened(kit: EventKit, guest: PressGuest) -> None:
    """Count a journalist once. Who it was can be told only by somebody who holds the site's key."""
    mark = salted_hmac("events.kit_opened", f"{kit.uuid}:{guest.uuid}", algorithm="sha256").hexdigest()
    KitOpened.objects.bulk_create([KitOpened(kit=kit, print=mark)], ignore_conflicts=True)


def _begun(event: Event) -> EventKit:
    kit = EventKit(uuid=uuid7(), event=event, made_at=now())
    kit.token_hash = hash_token(link_token(kit))
    return kit


# --- items ---
# What stands in the kit of an event: put in, taken out, in an order.


MOST = 60
MOST_MINUTES = 1440
ASK_OTHERS = _("Ask everyone who can be recognised first, and say here that they agreed.")
GONE = _("This is not in the kit any more.")


@dataclass(frozen=True)
class Content:
    """What is put into a kit. `title` by language; `people`: speakers of the event who are seen or heard;
    `others_agree`: everyone else who can be recognised agreed too."""

    kind: KitKind
    phase: KitPhase
    title: dict[str, str] = field(default_factory=dict)
    draft: Draft | None = None
    file: StoredFile | None = None
    link: str = ""
    language: str = ""
    minutes: int | None = None
    digest: str = ""
    people: Collection[EventSpeaker] = ()
    others_agree: bool = False


def add_item(*, access: Access, event: Event, content: Content) -> KitItem:
    """Put a thing into the kit, at the end.

    Raises NotAllowed without the right to change the event; Refused in words for what may not be given out:
    words that nobody approved for the public, a file whose mark is narrower than public, a picture without a
    description or credit or of somebody who has not agreed, a file whose metadata cannot be removed, a
    quotation that its speaker has not approved.
    """
    if content.file is not None and may_change(access, event) and may_go_out(content.file):
        make_public_copy(content.file)  # takes seconds: before anything is locked
    with transaction.atomic():
        kit = held_kit(access, event)
        if items_of(kit).count() >= MOST:
            raise Refused(_("A kit holds at most 60 things."))
        if content.phase not in content.kind.phases:
            raise Refused(_("This is there after the event only."))
        _CHECKS[content.kind](access, kit, content)
        _check_people(kit, content)
        item = KitItem.objects.create(
            kit=kit,
            position=last_place(KitItem.objects.filter(kit=kit)),
            phase=content.phase,
            kind=content.kind,
            title={code: words.strip() for code, words in content.title.items() if words.strip()},
            draft=content.draft,
            file=content.file,
            link=content.link,
            language=content.language,
            minutes=content.minutes,
            digest=content.digest,
            people_count=len(content.people),
        )
        item.people.set(content.people)
        audit.record(kit.event, access, "event.kit_added", item=str(item.uuid), kind=content.kind.value)
        plan_mails(kit)
    return item


def take_out(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Take a thing out; it can come back to its place. Raises NotAllowed; Refused if it is gone."""
    return _set_removed(access, event, uuid, removed=True)


def bring_back(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Bring it back to its place; whether it is given out is judged anew."""
    return _set_removed(access, event, uuid, removed=False)


def step_item(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Change places with the neighbour above or below of the same phase; at the edge nothing happens."""
    with transaction.atomic():
        kit = held_kit(access, event)
        row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
        if row is None or not step(KitItem.objects.filter(kit=kit, phase=row.phase), uuid, down=down):
            raise Refused(GONE)


def _set_removed(access: Access, event: Event, uuid: UUID, *, removed: bool) -> KitItem:
    with transaction.atomic():
        kit = held_kit(access, event)
        row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
        if row is None:
            raise Refused(GONE)
        row.removed_at = now() if removed else None
        row.save(update_fields=["removed_at"])
        if not removed:
            plan_copies(kit)
        action = "event.kit_taken_out" if removed else "event.kit_brought_back"
        audit.record(kit.event, access, action, item=str(row.uuid))
    return row


def _check_text(access: Access, kit: EventKit, content: Content) -> None:
    offered = drafts_to_give(access, kit, content.phase)
    if content.draft is None or content.draft.pk not in {one.draft.pk for one in offered}:
        raise Refused(_("Only what is public, or becomes public before the kit opens, can be in it."))


def _check_file(access: Access, _kit: EventKit, content: Content) -> None:
    file = content.file
    if file is None or not files_to_give(access).filter(pk=file.pk).exists() or not may_go_out(file):
        raise Refused(_("Only files of this workspace that are marked Public can be in the kit."))
    if content.kind == KitKind.PHOTOGRAPH and not file.is_picture:
        raise Refused(_("This file is not a picture."))
    if file.is_picture and not (file.alt and file.credit):
        raise Refused(_("The picture has no description or no credit yet: write both beside the file."))
    if file.is_picture and not content.others_agree:
        raise Refused(ASK_OTHERS)
    _check_title(content, file.caption if file.is_picture else "")


def _check_link(_access: Access, _kit: EventKit, content: Content) -> None:
    _check_title(content)
    parts = urlsplit(content.link)
    if parts.scheme != "https" or not parts.netloc or not content.link.isprintable():
        raise Refused(_("Give an address that begins with https://."))
    if content.kind == KitKind.RECORDING and not content.others_agree:
        raise Refused(ASK_OTHERS)
    if content.minutes is not None and not 0 < content.minutes <= MOST_MINUTES:
        raise Refused(_("Say how long it is, in whole minutes."))


def _check_transcript(access: Access, kit: EventKit, content: Content) -> None:
    if (content.draft is None) == (content.file is None):
        raise Refused(_("Choose either a text or a file."))
    (_check_text if content.draft is not None else _check_file)(access, kit, content)


def _check_quotation(access: Access, kit: EventKit, content: Content) -> None:
    _check_text(access, kit, content)
    sayings = approved_sayings([content.draft.pk]) if content.draft is not None else {}
    if content.digest not in sayings:
        raise Refused(_("Only public quotations that their speakers approved can be in the kit."))


def _check_title(content: Content, otherwise: str = "") -> None:
    if not any(words.strip() for words in content.title.values()) and not otherwise:
        raise Refused(_("Give it a title in at least one language."))


def _check_people(kit: EventKit, content: Content) -> None:
    consent = content.kind.consent
    for one in content.people:
        if one.event_id != kit.event_id or not consent or not getattr(one, consent):
            raise Refused(_("Somebody of these speakers has not agreed to that."))


_CHECKS: dict[KitKind, Callable[[Access, EventKit, Content], None]] = {
    KitKind.TEXT: _check_text,
    KitKind.FILE: _check_file,
    KitKind.LINK: _check_link,
    KitKind.RECORDING: _check_link,
    KitKind.TRANSCRIPT: _check_transcript,
    KitKind.PHOTOGRAPH: _check_file,
    KitKind.QUOTATION: _check_quotation,
}
