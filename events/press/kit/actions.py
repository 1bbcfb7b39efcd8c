"""Kit of an event: metadata-free copies of its files, opening times, items.

A file is cleaned when it is added to a kit; older files, and those that arrived otherwise, lack a copy.
"""

import datetime
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import derive_token, hash_token
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.public_copy import has_public_bytes, make_public_copy
from documents.models import StoredFile
from events.core import audit as core_audit
from events.core.enums import EventState, PressState
from events.core.models import Event, EventSpeaker, PressGuest
from events.core.permissions import (
    lock_event,
    may_change,
    next_position,
    refuse_cancelled,
    swap_with_neighbour,
)
from events.press.kit import queries
from events.press.kit.models import EventKit, KitItem, KitKind, KitOpened, KitPhase, KitWay, opening_print
from events.press.kit.notifications import schedule_kit_mails

CLEAN_KIT_FILE = "events.clean_kit_file"  # the key is the file's UUID: one cleaning of a file at a time
CLEANING_INTERVAL = datetime.timedelta(minutes=2)  # leaves room for other jobs between two cleanings
COPY_CHECK_INTERVAL = datetime.timedelta(hours=6)


def plan_copies(kit: EventKit | None = None) -> None:
    """Schedule the missing copies of this kit's files, or of all kits, one after another.

    In the caller's transaction; also a recurring job, first run at a worker's start. Scheduled jobs stay.
    """
    missing = {str(file.uuid) for file in queries.files_without_copy(kit) if not has_public_bytes(file)}
    fresh = sorted(missing - scheduler.planned_keys(kind=CLEAN_KIT_FILE))
    start = now()
    scheduler.schedule_all(
        {(CLEAN_KIT_FILE, key): start + number * CLEANING_INTERVAL for number, key in enumerate(fresh)}
    )


def make_file_copy(key: str, _payload: dict[str, Any]) -> None:
    """Job: make the copy of the file with this UUID. A fault of the file is stored with it; any other failure
    raises CleaningFailed, for a retry."""
    file = StoredFile.objects.filter(uuid=UUID(key), deleted_at=None).first()
    if file is None:
        return
    try:
        make_public_copy(file)
    except Refused:
        if not file.not_cleaned:
            raise


ONLY_PLANNERS = _("Editors and coordinators make the kit.")


def set_kit(
    *,
    access: Access,
    event: Event,
    way: str,
    opens_at: datetime.datetime | None = None,
    on_page: bool = False,
    afterwards_at: datetime.datetime | None = None,
) -> EventKit:
    """Create the kit, or change when it opens; its items stay.

    The moments are aware; `opens_at` and `on_page` apply only if the kit opens at a moment. Without
    `afterwards_at` the part for afterwards is opened manually. Raises NotAllowed without the right to
    change the event; Refused if it is cancelled, or if the part for afterwards would open before the event.
    """
    by_moment = way == KitWay.MOMENT
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if afterwards_at is not None and afterwards_at < locked.starts_at:
            raise Refused(_("What is for afterwards opens after the event has begun."))
        kit = queries.kit_of(locked)
        fresh = kit is None
        if kit is None:
            kit = EventKit(event=locked, made_at=now())
            kit.token_hash = hash_token(kit_link_token(kit))
        kit.way = way
        kit.opens_at = opens_at if by_moment else None
        kit.on_page = on_page and by_moment
        kit.afterwards_at = afterwards_at
        kit.starts_at = locked.starts_at
        kit.save()
        core_audit.record_event_action(locked, access, "event.kit_begun" if fresh else "event.kit_terms")
        schedule_kit_mails(kit)
        plan_copies(kit)
    return kit


def open_afterwards(*, access: Access, event: Event) -> EventKit:
    """Open the part for afterwards now and notify everyone confirmed, once.

    Raises NotAllowed; Refused before the event began, if it is cancelled, and if the part is empty.
    """
    with transaction.atomic():
        kit = lock_kit(access, event)
        if kit.event.starts_at > now():
            raise Refused(_("The event has not begun yet."))
        if not queries.kit_items_of(kit).filter(phase=KitPhase.AFTERWARDS).exists():
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
    """Lock the event's row; return its kit. Raises NotAllowed; Refused if cancelled or without a kit."""
    locked = lock_event(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    kit = queries.kit_of(locked)
    if kit is None:
        raise Refused(_("Say first how the kit opens."))
    return kit


def record_kit_opened(kit: EventKit, guest: PressGuest) -> None:
    """Count a journalist once, by a hash that only a holder of the site's key can compute."""
    mark = opening_print(kit, guest)
    KitOpened.objects.bulk_create([KitOpened(kit=kit, print=mark)], ignore_conflicts=True)


MAX_ITEMS = 60
ITEM_GONE = _("This is not in the kit any more.")


def add_kit_item(
    *,
    access: Access,
    event: Event,
    people: Collection[EventSpeaker] = (),
    others_agree: bool = False,
    **fields: Any,
) -> KitItem:
    """Add an item at the end of the kit. `fields`: of KitItem; `people`: the event's speakers who are seen
    or heard in it; `others_agree`: everyone else who is recognisable agreed too.

    Raises NotAllowed without the right to change the event; Refused with a reason for an item that
    may not be published: a text that is not approved for the public, a file with a handling mark
    narrower than public, a picture without a description or credit or of somebody without consent,
    a file whose metadata cannot be removed, a quotation that its speaker has not approved.
    """
    item = KitItem(people_count=len(people), **fields)
    if item.file is not None and may_change(access, event) and queries.may_release_file(item.file):
        make_public_copy(item.file)  # takes seconds: before any row is locked
    with transaction.atomic():
        item.kit = kit = lock_kit(access, event)
        if queries.kit_items_of(kit).count() >= MAX_ITEMS:
            raise Refused(_("A kit holds at most 60 things."))
        kind = KitKind(item.kind)
        if item.phase not in kind.phases:
            raise Refused(_("This is there after the event only."))
        _check_item(access, item)
        shows_people = kind == KitKind.RECORDING or (item.file is not None and item.file.is_picture)
        if shows_people and not others_agree:
            raise Refused(_("Ask everyone who can be recognised first, and say here that they agreed."))
        for one in people:
            if one.event_id != kit.event_id or not kind.consent or not getattr(one, kind.consent):
                raise Refused(_("Somebody of these speakers has not agreed to that."))
        item.position = next_position(KitItem.objects.filter(kit=kit))
        item.save()
        item.people.set(people)
        core_audit.record_event_action(
            kit.event, access, "event.kit_added", item=str(item.uuid), kind=kind.value
        )
        schedule_kit_mails(kit)
    return item


def remove_kit_item(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Archive an item; it can be restored. Raises NotAllowed; Refused if it is gone."""
    return _set_removed(access, event, uuid, removed=True)


def restore_kit_item(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Restore an item to its place; whether it may be published is evaluated again."""
    return _set_removed(access, event, uuid, removed=False)


def step_kit_item(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Swap an item with its neighbour of the same phase; at either end nothing happens."""
    with transaction.atomic():
        _kit, row = _lock_item(access, event, uuid)
        rows = KitItem.objects.filter(kit=row.kit, phase=row.phase)
        if not swap_with_neighbour(rows, uuid, down=down):
            raise Refused(ITEM_GONE)


def _set_removed(access: Access, event: Event, uuid: UUID, *, removed: bool) -> KitItem:
    with transaction.atomic():
        kit, row = _lock_item(access, event, uuid)
        row.removed_at = now() if removed else None
        row.save(update_fields=["removed_at"])
        if not removed:
            plan_copies(kit)
        action = "event.kit_taken_out" if removed else "event.kit_brought_back"
        core_audit.record_event_action(kit.event, access, action, item=str(row.uuid))
    return row


def _lock_item(access: Access, event: Event, uuid: UUID) -> tuple[EventKit, KitItem]:
    kit = lock_kit(access, event)
    row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
    if row is None:
        raise Refused(ITEM_GONE)
    return kit, row


def _check_item(access: Access, item: KitItem) -> None:
    """Raise Refused for an item that may not be published."""
    kind = KitKind(item.kind)
    if kind == KitKind.TRANSCRIPT and (item.draft_id is None) == (item.file is None):
        raise Refused(_("Choose either a text or a file."))
    if kind in {KitKind.LINK, KitKind.RECORDING}:
        _check_link(item)
    elif kind in {KitKind.FILE, KitKind.PHOTOGRAPH} or (kind == KitKind.TRANSCRIPT and item.file is not None):
        _check_file(access, item)
    else:
        _check_text(access, item)


def _check_text(access: Access, item: KitItem) -> None:
    offered = queries.texts_for_kit(access, item.kit, KitPhase(item.phase))
    if item.draft_id is None or item.draft_id not in {one.draft.pk for one in offered}:
        raise Refused(_("Only what is public, or becomes public before the kit opens, can be in it."))
    if item.kind == KitKind.QUOTATION and item.digest not in queries.approved_quotations_by_digest(
        [item.draft_id]
    ):
        raise Refused(_("Only public quotations that their speakers approved can be in the kit."))


def _check_file(access: Access, item: KitItem) -> None:
    file = item.file
    if (
        file is None
        or not queries.files_for_kit(access).filter(pk=file.pk).exists()
        or not queries.may_release_file(file)
    ):
        raise Refused(_("Only files of this workspace that are marked Public can be in the kit."))
    if item.kind == KitKind.PHOTOGRAPH and not file.is_picture:
        raise Refused(_("This file is not a picture."))
    if file.is_picture and not (file.alt and file.credit):
        raise Refused(_("The picture has no description or no credit yet: write both beside the file."))
    _check_title(item, file.caption if file.is_picture else "")


def _check_link(item: KitItem) -> None:
    _check_title(item)
    parts = urlsplit(item.link)
    if parts.scheme != "https" or not parts.netloc or not item.link.isprintable():
        raise Refused(_("Give an address that begins with https://."))


def _check_title(item: KitItem, otherwise: str = "") -> None:
    if not any(words.strip() for words in item.title.values()) and not otherwise:
        raise Refused(_("Give it a title in at least one language."))


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
    """Return the phases open at `moment` (aware) to a journalist of this event, or (None) by the link."""
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
