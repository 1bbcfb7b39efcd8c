"""Opening the guest book of an exhibition, closing it, and forgetting who wrote."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete, empty
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.enums import EventKind
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.permissions import may_change, require_that
from events.core.printed_codes import code_for
from events.core.queries.past import is_over_since
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
    return delete(rows.exclude(state=EntryState.TAKEN)) + empty(named, name="", town="")
