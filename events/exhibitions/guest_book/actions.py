"""Open, close and configure an exhibition's guest book; delete personal data of its authors."""

import datetime
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.core.throttling import refuse_flood
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.enums import EventKind
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import code_for
from events.core.queries import is_over_since
from events.core.summary import is_excerpt_of
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.queries import planners_of
from events.exhibitions.works.models import Exhibition

ONLY_PLANNERS = _("Editors and coordinators keep the guest book.")
CODE_KIND = "guest_book"
DAYS_KEPT = 90  # after the event
DAYS_OPEN_AFTER_EVENT = 14  # visitors may still write from home this long after the last day


def set_guest_book(*, access: Access, event: Event, mode: BookMode, person: User) -> GuestBook:
    """Set the guest book's mode. `person`: looks after visitors who may need help.

    Raises NotAllowed; Refused if the event is not an exhibition, if it is cancelled (turning the
    book off stays possible), if the way to get help has not been described, or if `person` may not
    change the event.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        if locked.kind != EventKind.EXHIBITION:
            raise Refused(_("Exhibitions have a guest book."))
        if mode == BookMode.OPEN:
            refuse_cancelled(locked)
            if not has_way_to_help(locked):
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
        core_audit.record_event_action(locked, access, "event.guest_book_set", mode=mode.value, fresh=fresh)
    return row


def has_way_to_help(event: Event) -> bool:
    found = Exhibition.objects.filter(event=event).first()
    return found is not None and bool(found.help_words or found.help_phone)


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


# --- entries ---
# Guest book entries: writing and withdrawal by visitors, decisions of moderators.


OWN_ENTRY_PURPOSE = "events.guest_entry"
MAX_ENTRY_LENGTH = 600
# Control characters other than line breaks, and invisible bidirectional-text controls.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class GuestEntryInput:
    """A visitor's submission. `mark`: the idempotency key issued with the form."""

    mark: UUID
    text: str
    language: Language
    name: str = ""
    town: str = ""
    may_show: bool = False
    may_name: bool = False


def guest_entry_token(entry: GuestEntry) -> str:
    """Return the token of the visitor's own link; the database stores only its hash."""
    return derive_token(OWN_ENTRY_PURPOSE, entry.uuid)


def clean_entry_text(typed: str) -> str:
    """Normalise line breaks, drop invisible characters, allow at most one empty line in a row."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _GAPS.sub("\n\n", _UNREADABLE.sub("", lines)).strip()


def write_entry(*, book: GuestBook, writing: GuestEntryInput) -> GuestEntry:
    """Store a visitor's entry for moderation. The same form sent twice yields one entry.

    Raises Refused if the book is closed or the text is empty or too long; TooMany.
    """
    text = clean_entry_text(writing.text)
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > MAX_ENTRY_LENGTH:
        raise Refused(_("An entry has at most 600 characters."))
    with transaction.atomic():
        held = _lock_guest_book(book)
        if guest_book_closed_reason(held):
            raise Refused(_("Nobody can write into this guest book now."))
        rows = GuestEntry.objects.filter(book=held)
        before = rows.filter(mark=writing.mark).first()
        if before is not None:
            return before
        refuse_flood(rows)
        uuid = uuid7()
        return GuestEntry.objects.create(
            uuid=uuid,
            book=held,
            mark=writing.mark,
            text=text,
            language=writing.language,
            name=writing.name.strip(),
            town=writing.town.strip(),
            may_show=writing.may_show,
            may_name=writing.may_show and writing.may_name,
            token_hash=hash_token(derive_token(OWN_ENTRY_PURPOSE, uuid)),
            written_at=now(),
        )


def withdraw_entry(*, entry: GuestEntry) -> None:
    """Withdraw the visitor's entry: delete it at once, whatever its state."""
    with transaction.atomic():
        event = lock_event(entry.book.event)
        if GuestEntry.objects.filter(pk=entry.pk).delete()[0]:
            log.record_audit(
                "event.guest_entry_withdrawn",
                actor=None,
                target_kind="event",
                target=event.uuid,
                workspace=event.workspace.uuid,
                entry=str(entry.uuid),
            )


def decide_guest_entry(
    *, access: Access, entry: GuestEntry, state: EntryState, seen: EntryState, shown: str = ""
) -> GuestEntry:
    """Accept or reject an entry, return it to the queue, or flag that its author may need help.
    `seen`: the state displayed to the moderator; `shown`: the text with passages cut out.

    Raises NotAllowed; Refused if another moderator decided meanwhile, if the transition is not
    allowed, and if the text was changed by anything other than cuts.
    """
    with transaction.atomic():
        event = lock_event(entry.book.event)
        require_that(may_change(access, event), ONLY_PLANNERS)
        locked = GuestEntry.objects.filter(pk=entry.pk).first()
        if locked is None:
            raise Refused(_("This entry is not there any more: its writer took it back."))
        if locked.state == state == seen:
            return locked
        if locked.state != seen or state not in seen.next_states:
            raise Refused(_("Somebody else decided meanwhile. Look at it as it is now."))
        if state == EntryState.TAKEN:
            locked.shown = _check_excerpt(locked, shown)
        locked.state, locked.decided_at, locked.cared_at = state, now(), None
        locked.save(update_fields=["state", "shown", "decided_at", "cared_at"])
        core_audit.record_event_action(
            event, access, "event.guest_entry_decided", entry=str(locked.uuid), state=state.value
        )
    return locked


def look_after(*, access: Access, entry: GuestEntry) -> None:
    """Mark the author as looked after, so the entry is no longer pending. Raises NotAllowed."""
    with transaction.atomic():
        event = lock_event(entry.book.event)
        require_that(may_change(access, event), ONLY_PLANNERS)
        rows = GuestEntry.objects.filter(pk=entry.pk, state=EntryState.HELP, cared_at=None)
        if rows.update(cared_at=now()):
            core_audit.record_event_action(event, access, "event.guest_entry_cared", entry=str(entry.uuid))


def _check_excerpt(entry: GuestEntry, shown: str) -> str:
    words = clean_entry_text(shown)
    if not words or words == entry.text:
        return ""
    if not is_excerpt_of(words, entry.text):
        raise Refused(_("Only whole passages can be cut out, each marked […]. No other word may change."))
    return words


def _lock_guest_book(book: GuestBook) -> GuestBook:
    event = lock_event(book.event)
    held = GuestBook.objects.get(pk=book.pk)
    held.event = event
    return held
