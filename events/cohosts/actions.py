"""Hosting together: an organisation is asked, and answers for itself."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.permissions import require_that
from events.core import audit
from events.core import notifications as core_notifications
from events.core.enums import Consent
from events.core.locking import hold, refuse_cancelled
from events.core.models import CoHost, Event
from events.core.permissions import may_answer_for, may_change

_STANDING = {Consent.ASKED, Consent.CONSENTED}


def ask_co_hosts(*, access: Access, event: Event, organisations: Iterable[Organisation]) -> list[CoHost]:
    """Ask organisations of the workspace to host together; those asked already are left alone.

    Nobody is named as co-host before it consented. Raises NotAllowed without the right, Refused in words
    if the event is cancelled, or if an organisation is the planning one, does not take part, or may not
    see the event.
    """
    asked = []
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        for organisation in organisations:
            _check(locked, organisation)
            row = CoHost.objects.filter(event=locked, organisation=organisation).first()
            if row is not None and row.state in _STANDING:
                continue
            row = row or CoHost(event=locked, organisation=organisation)
            row.state, row.asked_by, row.asked_at = Consent.ASKED, access.user, now()
            row.decided_by, row.decided_at = None, None
            row.save()
            asked.append(row)
            _tell(locked, access, "co_host_asked", row)
            core_notifications.asked(locked, organisation, by=access)
    return asked


def answer_co_host(*, user: User, co_host: CoHost, consents: bool) -> CoHost:
    """Consent or decline for the organisation that was asked; from consent on it is named as organiser.

    Raises NotAllowed unless the person represents it, Refused if it is no longer asked.
    """
    require_that(may_answer_for(user, co_host.organisation))
    with transaction.atomic():
        event = hold(co_host.event)
        row = _hold(co_host)
        refuse_cancelled(event)
        if row.state != Consent.ASKED:
            raise Refused(_("Your organisation is not asked any more."))
        word = Consent.CONSENTED if consents else Consent.DECLINED
        _decide(row, user, word)
        _tell(event, audit.Representative(user, row.organisation), f"co_host_{word}", row)
    return row


def leave_hosting(*, user: User, co_host: CoHost) -> CoHost:
    """Take the organisation's consent back: it is no longer named. Also of a cancelled event.

    Raises NotAllowed unless the person represents it, Refused if it has not consented.
    """
    require_that(may_answer_for(user, co_host.organisation))
    with transaction.atomic():
        event = hold(co_host.event)
        row = _hold(co_host)
        if row.state != Consent.CONSENTED:
            raise Refused(_("Your organisation does not host this event."))
        _decide(row, user, Consent.WITHDRAWN)
        _tell(event, audit.Representative(user, row.organisation), "co_host_left", row)
    return row


def take_back(*, access: Access, co_host: CoHost) -> CoHost:
    """Take a request back, or no longer host together. Taking it back twice is one.

    Raises NotAllowed without the right to change the event.
    """
    with transaction.atomic():
        event = hold(co_host.event)
        row = _hold(co_host)
        require_that(may_change(access, event))
        if row.state not in _STANDING:
            return row
        _decide(row, access.user, Consent.WITHDRAWN)
        _tell(event, access, "co_host_taken_back", row)
    return row


def _check(event: Event, organisation: Organisation) -> None:
    if organisation.pk == event.organisation_id:
        raise Refused(_("The organisation that plans the event hosts it anyway."))
    there = participants(event.workspace).filter(pk=organisation.pk, left_at=None).exists()
    listed = not event.restricted or event.restricted_to.filter(pk=organisation.pk).exists()
    if not there or not listed:
        raise Refused(_("Ask organisations that take part in this workspace and may see the event."))


def _hold(co_host: CoHost) -> CoHost:
    rows = CoHost.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=co_host.pk)


def _decide(row: CoHost, user: User, state: Consent) -> None:
    row.state, row.decided_by, row.decided_at = state, user, now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _tell(event: Event, author: audit.Author, word: str, row: CoHost) -> None:
    """Organisers are no time, place or state: SEQUENCE stays."""
    audit.changed(event, author, f"event.{word}", kind=word, about=str(row.organisation.uuid))
