"""Opening the guest book of an exhibition, closing it, and forgetting who wrote."""

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
from events.core import audit
from events.core.enums import EventKind
from events.core.excerpts import is_cut_of
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import code_for
from events.core.queries import is_over_since
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.queries import planners_of
from events.exhibitions.works.models import Exhibition

ONLY_PLANNERS = _("Editors and coordinators keep the guest book.")
CODE_KIND = "guest_book"
DAYS_KEPT = 90  # after the event
DAYS_AFTER = 14  # how long after the last day visitors still write, at home


def set_guest_book(*, access: Access, event: Event, mode: BookMode, person: User) -> GuestBook:
    """Open the book, close it, or turn it off. `person`: who looks after visitors that may need help.

    Raises NotAllowed; Refused for what is no exhibition, for a cancelled one (it can still be turned off),
    before anybody said how visitors get help, and for a person who may not change the event.
    """
    with transaction.atomic():
        locked = hold(event)
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
        audit.record(locked, access, "event.guest_book_set", mode=mode.value, fresh=fresh)
    return row


def has_way_to_help(event: Event) -> bool:
    found = Exhibition.objects.filter(event=event).first()
    return found is not None and bool(found.help_words or found.help_phone)


def may_look_after(person: User | None, event: Event) -> bool:
    """Whether the person plans the event now."""
    seats = planners_of(event).filter(person=person)
    if event.restricted:
        seats = seats.filter(organisation__in=event.restricted_to.all())
    return person is not None and seats.exists()


def why_closed(book: GuestBook) -> str:
    """Why nobody can write now: "cancelled", "over", "closed"; "" while it is open."""
    event = book.event
    if event.cancelled_at is not None:
        return "cancelled"
    if book.mode != BookMode.OPEN or not event.is_public:
        return "closed"
    late = now() - datetime.timedelta(days=DAYS_AFTER)
    return "over" if event.lasts_until is not None and event.lasts_until < late else ""


def forget_guests() -> int:
    """A while after the event: delete what was not taken in, and names that are not for the public. Returns
    how many rows."""
    rows = GuestEntry.objects.filter(is_over_since(DAYS_KEPT, "book__event__", "written_at"))
    named = rows.filter(~Q(name="", town="") & ~Q(may_show=True, may_name=True))
    return delete_in_batches(rows.exclude(state=EntryState.TAKEN)) + empty_in_batches(named, name="", town="")


# --- entries ---
# What visitors write into a guest book, take back again, and what moderators say of it.


OWN = "events.guest_entry"
LONGEST = 600
# Control characters but the line break, and invisible ones that turn the direction of writing.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Writing:
    """What a visitor sends. `mark`: the id that the form gave it."""

    mark: UUID
    text: str
    language: Language
    name: str = ""
    town: str = ""
    may_show: bool = False
    may_name: bool = False


def token_of(entry: GuestEntry) -> str:
    """The token of the visitor's own link; the database has its hash only."""
    return derive_token(OWN, entry.uuid)


def clean(typed: str) -> str:
    """Line breaks of one kind, nothing invisible, at most one empty line at a time."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _GAPS.sub("\n\n", _UNREADABLE.sub("", lines)).strip()


def write_entry(*, book: GuestBook, writing: Writing) -> GuestEntry:
    """Keep what a visitor wrote; it waits for a moderator. The same form sent twice is one entry.

    Raises Refused if the book is closed, for no words or too many; TooMany.
    """
    text = clean(writing.text)
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("An entry has at most 600 characters."))
    with transaction.atomic():
        held = _held(book)
        if why_closed(held):
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
            token_hash=hash_token(derive_token(OWN, uuid)),
            written_at=now(),
        )


def withdraw_entry(*, entry: GuestEntry) -> None:
    """The visitor takes it back: it is deleted at once, wherever it stood."""
    with transaction.atomic():
        event = hold(entry.book.event)
        if GuestEntry.objects.filter(pk=entry.pk).delete()[0]:
            log.record_audit(
                "event.guest_entry_withdrawn",
                actor=None,
                target_kind="event",
                target=event.uuid,
                workspace=event.workspace.uuid,
                entry=str(entry.uuid),
            )


def decide(
    *, access: Access, entry: GuestEntry, state: EntryState, seen: EntryState, shown: str = ""
) -> GuestEntry:
    """Take an entry in, do not, put it back to those that wait, or mark that its writer may need help.
    `seen`: the state that the moderator had before them; `shown`: the words with passages cut out.

    Raises NotAllowed; Refused if somebody else decided meanwhile, for what it cannot become, and if anything
    but cuts was changed in the words.
    """
    with transaction.atomic():
        event = hold(entry.book.event)
        require_that(may_change(access, event), ONLY_PLANNERS)
        locked = GuestEntry.objects.filter(pk=entry.pk).first()
        if locked is None:
            raise Refused(_("This entry is not there any more: its writer took it back."))
        if locked.state == state == seen:
            return locked
        if locked.state != seen or state not in seen.next_states:
            raise Refused(_("Somebody else decided meanwhile. Look at it as it is now."))
        if state == EntryState.TAKEN:
            locked.shown = _cut(locked, shown)
        locked.state, locked.decided_at, locked.cared_at = state, now(), None
        locked.save(update_fields=["state", "shown", "decided_at", "cared_at"])
        audit.record(event, access, "event.guest_entry_decided", entry=str(locked.uuid), state=state.value)
    return locked


def look_after(*, access: Access, entry: GuestEntry) -> None:
    """Say that one looks after the writer: it waits for nobody any more. Raises NotAllowed."""
    with transaction.atomic():
        event = hold(entry.book.event)
        require_that(may_change(access, event), ONLY_PLANNERS)
        rows = GuestEntry.objects.filter(pk=entry.pk, state=EntryState.HELP, cared_at=None)
        if rows.update(cared_at=now()):
            audit.record(event, access, "event.guest_entry_cared", entry=str(entry.uuid))


def _cut(entry: GuestEntry, shown: str) -> str:
    words = clean(shown)
    if not words or words == entry.text:
        return ""
    if not is_cut_of(words, entry.text):
        raise Refused(_("Only whole passages can be cut out, each marked […]. No other word may change."))
    return words


def _held(book: GuestBook) -> GuestBook:
    event = hold(book.event)
    held = GuestBook.objects.get(pk=book.pk)
    held.event = event
    return held
