"""Configure a guest book, write into it, moderate its entries, delete personal data of their authors."""

import datetime
import re
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.core.throttling import derive_token, hash_token, refuse_flood
from coalition.workspaces.permissions import Access
from events.core import audit as core_audit
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import event_to_change, lock_event, refuse_cancelled
from events.core.printed_codes import code_for
from events.core.queries import is_over_since
from events.core.summary import is_excerpt_of
from events.exhibitions.guest_book.models import BookMode, EntryState, GuestBook, GuestEntry
from events.exhibitions.guest_book.queries import planners_of
from events.exhibitions.works.models import Exhibition

ONLY_PLANNERS = _("Editors and coordinators keep the guest book.")
CODE_KIND = "guest_book"
DAYS_KEPT = 90  # after the event
DAYS_OPEN_AFTER_EVENT = 14  # visitors may still write from home this long after the last day


def set_guest_book(*, access: Access, event: Event, mode: BookMode, person: User) -> GuestBook:
    """Set the guest book's mode. `person`: looks after visitors who may need help.

    Raises NotAllowed; Refused if the event is not an exhibition, if it is cancelled (turning the book off
    stays possible), if the way to get help has not been described, or if `person` may not change the event.
    """
    with event_to_change(access, event, ONLY_PLANNERS, also_cancelled=True) as locked:
        if locked.kind != EventKind.EXHIBITION:
            raise Refused(_("Exhibitions have a guest book."))
        if mode == BookMode.OPEN:
            refuse_cancelled(locked)
            exhibition = Exhibition.objects.filter(event=locked).first()
            if exhibition is None or not exhibition.offers_help:
                raise Refused(_("Say first how visitors get help: it stands beside the form."))
        if not may_look_after(person, locked):
            raise Refused(_("This person does not prepare the event: choose another one."))
        row, fresh = GuestBook.objects.update_or_create(
            event=locked,
            defaults={"mode": mode, "person": person},
            create_defaults={"mode": mode, "person": person, "opened_at": now()},
        )
        row.event = locked
        code_for(CODE_KIND, locked.uuid)
        core_audit.record_event_action(locked, access, "event.guest_book_set", mode=mode, fresh=fresh)
    return row


def may_look_after(person: User | None, event: Event) -> bool:
    """Whether the person is an organiser of the event now."""
    seats = planners_of(event).filter(person=person)
    if event.restricted:
        seats = seats.filter(organisation__in=event.restricted_to.all())
    return person is not None and seats.exists()


def guest_book_closed_reason(book: GuestBook) -> str:
    """Return why the book is closed: "cancelled", "over" or "closed"; "" while it is open."""
    event = book.event
    if event.cancelled_at is not None:
        return "cancelled"
    if book.mode != BookMode.OPEN or not event.is_public:
        return "closed"
    late = now() - datetime.timedelta(days=DAYS_OPEN_AFTER_EVENT)
    return "over" if event.lasts_until is not None and event.lasts_until < late else ""


def forget_guests() -> int:
    """Delete entries that were not accepted, and names without consent to publication, a set time
    after the event. Return the number of rows."""
    rows = GuestEntry.objects.filter(is_over_since(DAYS_KEPT, "book__event__", "written_at"))
    named = rows.filter(~Q(name="", town="") & ~Q(may_show=True, may_name=True))
    return delete_in_batches(rows.exclude(state=EntryState.TAKEN)) + empty_in_batches(named, name="", town="")


OWN_ENTRY_PURPOSE = "events.guest_entry"
MAX_ENTRY_LENGTH = 600
# Control characters other than line breaks, and invisible bidirectional-text controls.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_GAPS = re.compile(r"\n{3,}")


def guest_entry_token(entry: GuestEntry) -> str:
    """Return the token of the visitor's own link; the database stores only its hash."""
    return derive_token(OWN_ENTRY_PURPOSE, entry.uuid)


def clean_entry_text(typed: str) -> str:
    """Normalise line breaks, drop invisible characters, allow at most one empty line in a row."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _GAPS.sub("\n\n", _UNREADABLE.sub("", lines)).strip()


def write_entry(*, book: GuestBook, mark: UUID, **fields: Any) -> GuestEntry:
    """Store a visitor's entry for moderation. The same `mark` sent twice yields one entry.

    Raises Refused if the book is closed; TooMany.
    """
    with transaction.atomic():
        event = lock_event(book.event)
        locked = GuestBook.objects.get(pk=book.pk)
        locked.event = event
        if guest_book_closed_reason(locked):
            raise Refused(_("Nobody can write into this guest book now."))
        rows = GuestEntry.objects.filter(book=locked)
        before = rows.filter(mark=mark).first()
        if before is not None:
            return before
        refuse_flood(rows)
        entry = GuestEntry(book=locked, mark=mark, written_at=now(), **fields)
        entry.token_hash = hash_token(guest_entry_token(entry))
        entry.save()
    return entry


def withdraw_entry(*, entry: GuestEntry) -> None:
    """Withdraw the visitor's entry: delete it at once, whatever its state."""
    with transaction.atomic():
        event = lock_event(entry.book.event)
        if GuestEntry.objects.filter(pk=entry.pk).delete()[0]:
            core_audit.record_guest_action(event, "event.guest_entry_withdrawn", entry=str(entry.uuid))


def decide_guest_entry(
    *, access: Access, entry: GuestEntry, state: EntryState, seen: EntryState, shown: str = ""
) -> GuestEntry:
    """Accept or reject an entry, return it to the queue, or flag that its author may need help.
    `seen`: the state displayed to the moderator; `shown`: the text with passages cut out.

    Raises NotAllowed; Refused if another moderator decided meanwhile, if the transition is not
    allowed, and if the text was changed by anything other than cuts.
    """
    with event_to_change(access, entry.book.event, ONLY_PLANNERS, also_cancelled=True) as event:
        locked = GuestEntry.objects.filter(pk=entry.pk).first()
        if locked is None:
            raise Refused(_("This entry is not there any more: its writer took it back."))
        if locked.state == state == seen:
            return locked
        if locked.state != seen or state not in seen.next_states:
            raise Refused(_("Somebody else decided meanwhile. Look at it as it is now."))
        if state == EntryState.TAKEN:
            excerpt = clean_entry_text(shown)
            locked.shown = "" if excerpt == locked.text else excerpt
            if locked.shown and not is_excerpt_of(locked.shown, locked.text):
                raise Refused(
                    _("Only whole passages can be cut out, each marked […]. No other word may change.")
                )
        locked.state, locked.decided_at, locked.cared_at = state, now(), None
        locked.save(update_fields=["state", "shown", "decided_at", "cared_at"])
        core_audit.record_event_action(
            event, access, "event.guest_entry_decided", entry=str(locked.uuid), state=state.value
        )
    return locked


def look_after(*, access: Access, entry: GuestEntry) -> None:
    """Mark the author as looked after, so the entry is no longer pending. Raises NotAllowed."""
    with event_to_change(access, entry.book.event, ONLY_PLANNERS, also_cancelled=True) as event:
        rows = GuestEntry.objects.filter(pk=entry.pk, state=EntryState.HELP, cared_at=None)
        if rows.update(cared_at=now()):
            core_audit.record_event_action(event, access, "event.guest_entry_cared", entry=str(entry.uuid))
