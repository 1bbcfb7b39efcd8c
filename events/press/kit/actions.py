"""Jobs that make metadata-free copies of kit files whose copy is missing.

A file is cleaned when it is added to a kit. Copies are missing for files older than that rule and
for files that arrived in another way.
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
from events.core import audit as core_audit
from events.core.enums import EventState, PressState
from events.core.locking import lock_event, next_position, refuse_cancelled, swap_with_neighbour
from events.core.models import Event, EventSpeaker, PressGuest
from events.core.permissions import may_change
from events.press.kit.enums import KitKind, KitPhase, KitWay
from events.press.kit.models import EventKit, KitItem, KitOpened
from events.press.kit.notifications import schedule_kit_mails
from events.press.kit.queries import (
    approved_quotations_by_digest,
    files_for_kit,
    files_without_copy,
    kit_items_of,
    kit_of,
    may_release_file,
    texts_for_kit,
)

CLEAN_KIT_FILE = "events.clean_kit_file"  # the key is the file's UUID: one cleaning of a file at a time
CLEANING_INTERVAL = datetime.timedelta(minutes=2)  # leaves room for other jobs between two cleanings
COPY_CHECK_INTERVAL = datetime.timedelta(hours=6)


def plan_copies(kit: EventKit) -> None:
    """Schedule the missing copies of a kit's files, in the caller's transaction."""
    _schedule_file_copies(files_without_copy(kit))


def plan_missing_copies() -> None:
    """Recurring job, first run at a worker's start: schedule every missing copy of kit files."""
    _schedule_file_copies(files_without_copy())


def make_file_copy(key: str, _payload: dict[str, Any]) -> None:
    """Job: make the copy of the file with this UUID. If the file itself is the cause of a failure,
    the reason is stored with it; every other failure raises CleaningFailed, for a retry."""
    file = StoredFile.objects.filter(uuid=UUID(key), deleted_at=None).first()
    if file is None:
        return
    try:
        make_public_copy(file)
    except Refused:
        if not file.not_cleaned:
            raise


def _schedule_file_copies(files: Iterable[StoredFile]) -> None:
    """Schedule them one after another; scheduled jobs stay unchanged."""
    missing = {str(file.uuid) for file in files if not has_public_bytes(file)}
    fresh = sorted(missing - scheduler.planned_keys(kind=CLEAN_KIT_FILE))
    start = now()
    scheduler.schedule_all(
        {(CLEAN_KIT_FILE, key): start + number * CLEANING_INTERVAL for number, key in enumerate(fresh)}
    )


# --- settings ---
# The kit of an event: when it opens, and its link.


ONLY_PLANNERS = _("Editors and coordinators make the kit.")


@dataclass(frozen=True)
class KitTerms:
    """Opening times of a kit, as aware moments. `opens_at` and `on_page` apply only if the kit
    opens at a moment. Without `afterwards_at` the part for afterwards is opened manually."""

    way: KitWay
    opens_at: datetime.datetime | None = None
    on_page: bool = False
    afterwards_at: datetime.datetime | None = None


def set_kit(*, access: Access, event: Event, terms: KitTerms) -> EventKit:
    """Create the kit, or change when it opens; its items stay.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, if a moment
    is missing, or if the part for afterwards would open before the event.
    """
    by_moment = terms.way == KitWay.MOMENT
    if by_moment and terms.opens_at is None:
        raise Refused(_("Say when it opens."))
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if terms.afterwards_at is not None and terms.afterwards_at < locked.starts_at:
            raise Refused(_("What is for afterwards opens after the event has begun."))
        kit = kit_of(locked)
        fresh = kit is None
        kit = kit or _new_kit(locked)
        kit.way = terms.way
        kit.opens_at = terms.opens_at if by_moment else None
        kit.on_page = terms.on_page and by_moment
        kit.afterwards_at = terms.afterwards_at
        kit.starts_at = locked.starts_at
        kit.save()
        core_audit.record_event_action(locked, access, "event.kit_begun" if fresh else "event.kit_terms")
        schedule_kit_mails(kit)
        plan_copies(kit)
    return kit


def open_afterwards(*, access: Access, event: Event) -> EventKit:
    """Open the part for afterwards now and notify everyone confirmed, once.

    Raises NotAllowed; Refused before the event began, for a cancelled one, and if the part is
    empty.
    """
    with transaction.atomic():
        kit = lock_kit(access, event)
        if kit.event.starts_at > now():
            raise Refused(_("The event has not begun yet."))
        if not kit_items_of(kit).filter(phase=KitPhase.AFTERWARDS).exists():
            raise Refused(_("There is nothing in it yet."))
        if kit.afterwards_at is None or kit.afterwards_at > now():
            kit.afterwards_at = now()
            kit.save(update_fields=["afterwards_at"])
            core_audit.record_event_action(kit.event, access, "event.kit_afterwards")
            schedule_kit_mails(kit)
            plan_copies(kit)
    return kit


def renew_kit_link(*, access: Access, event: Event) -> EventKit:
    """Create a new link; the previous one stops working. Raises NotAllowed."""
    with transaction.atomic():
        kit = lock_kit(access, event)
        kit.link_number += 1
        kit.token_hash = hash_token(kit_link_token(kit))
        kit.save(update_fields=["link_number", "token_hash"])
        core_audit.record_event_action(kit.event, access, "event.kit_link")
    return kit


def kit_link_token(kit: EventKit) -> str:
    """Return the token of the kit's link."""
    return derive_token("events.kit", f"{kit.uuid}:{kit.link_number}")


def lock_kit(access: Access, event: Event) -> EventKit:
    """Return the kit for a change, with the event's row locked. Raises NotAllowed; Refused if the
    event is cancelled or has no kit."""
    locked = lock_event(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    kit = kit_of(locked)
    if kit is None:
        raise Refused(_("Say first how the kit opens."))
    return kit


def record_kit_opened(kit: EventKit, guest: PressGuest) -> None:
    """Count a journalist once. The stored hash identifies them only to a holder of the site's
    key."""
    mark = salted_hmac("events.kit_opened", f"{kit.uuid}:{guest.uuid}", algorithm="sha256").hexdigest()
    KitOpened.objects.bulk_create([KitOpened(kit=kit, print=mark)], ignore_conflicts=True)


def _new_kit(event: Event) -> EventKit:
    kit = EventKit(uuid=uuid7(), event=event, made_at=now())
    kit.token_hash = hash_token(kit_link_token(kit))
    return kit


# --- items ---
# The items of an event's kit: added, removed, ordered.


MAX_ITEMS = 60
MOST_MINUTES = 1440
ASK_OTHERS = _("Ask everyone who can be recognised first, and say here that they agreed.")
ITEM_GONE = _("This is not in the kit any more.")


@dataclass(frozen=True)
class KitItemInput:
    """New item. `title` by language; `people`: the event's speakers who are seen or heard in it;
    `others_agree`: everyone else who is recognisable agreed too."""

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


def add_kit_item(*, access: Access, event: Event, content: KitItemInput) -> KitItem:
    """Add an item at the end of the kit.

    Raises NotAllowed without the right to change the event; Refused with a reason for an item that
    may not be published: a text that is not approved for the public, a file with a handling mark
    narrower than public, a picture without a description or credit or of somebody without consent,
    a file whose metadata cannot be removed, a quotation that its speaker has not approved.
    """
    if content.file is not None and may_change(access, event) and may_release_file(content.file):
        make_public_copy(content.file)  # takes seconds: before any row is locked
    with transaction.atomic():
        kit = lock_kit(access, event)
        if kit_items_of(kit).count() >= MAX_ITEMS:
            raise Refused(_("A kit holds at most 60 things."))
        if content.phase not in content.kind.phases:
            raise Refused(_("This is there after the event only."))
        _CHECKS[content.kind](access, kit, content)
        _check_people(kit, content)
        item = KitItem.objects.create(
            kit=kit,
            position=next_position(KitItem.objects.filter(kit=kit)),
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
        core_audit.record_event_action(
            kit.event, access, "event.kit_added", item=str(item.uuid), kind=content.kind.value
        )
        schedule_kit_mails(kit)
    return item


def remove_kit_item(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Archive an item; it can be restored to its place. Raises NotAllowed; Refused if it is
    gone."""
    return _set_removed(access, event, uuid, removed=True)


def restore_kit_item(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Restore an item to its place; whether it may be published is evaluated again."""
    return _set_removed(access, event, uuid, removed=False)


def step_kit_item(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Swap an item with its neighbour of the same phase; at either end nothing happens."""
    with transaction.atomic():
        kit = lock_kit(access, event)
        row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
        if row is None or not swap_with_neighbour(
            KitItem.objects.filter(kit=kit, phase=row.phase), uuid, down=down
        ):
            raise Refused(ITEM_GONE)


def _set_removed(access: Access, event: Event, uuid: UUID, *, removed: bool) -> KitItem:
    with transaction.atomic():
        kit = lock_kit(access, event)
        row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
        if row is None:
            raise Refused(ITEM_GONE)
        row.removed_at = now() if removed else None
        row.save(update_fields=["removed_at"])
        if not removed:
            plan_copies(kit)
        action = "event.kit_taken_out" if removed else "event.kit_brought_back"
        core_audit.record_event_action(kit.event, access, action, item=str(row.uuid))
    return row


def _check_text(access: Access, kit: EventKit, content: KitItemInput) -> None:
    offered = texts_for_kit(access, kit, content.phase)
    if content.draft is None or content.draft.pk not in {one.draft.pk for one in offered}:
        raise Refused(_("Only what is public, or becomes public before the kit opens, can be in it."))


def _check_file(access: Access, _kit: EventKit, content: KitItemInput) -> None:
    file = content.file
    if file is None or not files_for_kit(access).filter(pk=file.pk).exists() or not may_release_file(file):
        raise Refused(_("Only files of this workspace that are marked Public can be in the kit."))
    if content.kind == KitKind.PHOTOGRAPH and not file.is_picture:
        raise Refused(_("This file is not a picture."))
    if file.is_picture and not (file.alt and file.credit):
        raise Refused(_("The picture has no description or no credit yet: write both beside the file."))
    if file.is_picture and not content.others_agree:
        raise Refused(ASK_OTHERS)
    _check_title(content, file.caption if file.is_picture else "")


def _check_link(_access: Access, _kit: EventKit, content: KitItemInput) -> None:
    _check_title(content)
    parts = urlsplit(content.link)
    if parts.scheme != "https" or not parts.netloc or not content.link.isprintable():
        raise Refused(_("Give an address that begins with https://."))
    if content.kind == KitKind.RECORDING and not content.others_agree:
        raise Refused(ASK_OTHERS)
    if content.minutes is not None and not 0 < content.minutes <= MOST_MINUTES:
        raise Refused(_("Say how long it is, in whole minutes."))


def _check_transcript(access: Access, kit: EventKit, content: KitItemInput) -> None:
    if (content.draft is None) == (content.file is None):
        raise Refused(_("Choose either a text or a file."))
    (_check_text if content.draft is not None else _check_file)(access, kit, content)


def _check_quotation(access: Access, kit: EventKit, content: KitItemInput) -> None:
    _check_text(access, kit, content)
    sayings = approved_quotations_by_digest([content.draft.pk]) if content.draft is not None else {}
    if content.digest not in sayings:
        raise Refused(_("Only public quotations that their speakers approved can be in the kit."))


def _check_title(content: KitItemInput, otherwise: str = "") -> None:
    if not any(words.strip() for words in content.title.values()) and not otherwise:
        raise Refused(_("Give it a title in at least one language."))


def _check_people(kit: EventKit, content: KitItemInput) -> None:
    consent = content.kind.consent
    for one in content.people:
        if one.event_id != kit.event_id or not consent or not getattr(one, consent):
            raise Refused(_("Somebody of these speakers has not agreed to that."))


_CHECKS: dict[KitKind, Callable[[Access, EventKit, KitItemInput], None]] = {
    KitKind.TEXT: _check_text,
    KitKind.FILE: _check_file,
    KitKind.LINK: _check_link,
    KitKind.RECORDING: _check_link,
    KitKind.TRANSCRIPT: _check_transcript,
    KitKind.PHOTOGRAPH: _check_file,
    KitKind.QUOTATION: _check_quotation,
}


# --- opening ---
# When a kit is open, and for whom. No I/O.
#
# | | by the link or the public page | confirmed journalists | those who came |
# |---|---|---|---|
# | at the event, by a moment | from the moment | from the moment | from the moment |
# | at the event, on check-in | never | no | yes, unless it is undone |
# | afterwards | from its moment, if the event's part has one | from its moment | from its moment |
#
# Nothing is open if the event is cancelled or not public.


def open_phases(kit: EventKit, *, guest: PressGuest | None, moment: datetime.datetime) -> frozenset[KitPhase]:
    """Return the phases open at `moment` (aware) to a journalist of this event, or (None) by the
    link."""
    if kit.event.state == EventState.CANCELLED or not kit.event.is_public:
        return frozenset()
    if guest is not None and guest.state != PressState.CONFIRMED:
        return frozenset()
    return frozenset(phase for phase in KitPhase if _is_open(kit, phase, guest, moment))


def _is_open(kit: EventKit, phase: KitPhase, guest: PressGuest | None, moment: datetime.datetime) -> bool:
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        return guest is not None and guest.came_at is not None
    if guest is None and kit.way == KitWay.CHECK_IN:
        return False
    opens = kit.moment_of(phase)
    return opens is not None and opens <= moment


def is_on_public_page(kit: EventKit) -> bool:
    """Whether the event's public page links to the kit."""
    return kit.on_page and kit.way == KitWay.MOMENT and kit.event.is_public
