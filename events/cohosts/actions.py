"""Co-hosting: organisations are asked, and each answers for itself."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.enums import Consent
from events.core.models import CoHost, Event
from events.core.permissions import lock_event, may_answer_for, may_change, refuse_cancelled

_ACTIVE_CONSENTS = {Consent.ASKED, Consent.CONSENTED}


def ask_co_hosts(*, access: Access, event: Event, organisations: Iterable[Organisation]) -> list[CoHost]:
    """Ask organisations of the workspace to co-host; skip those already asked. None is named before it
    consents.

    Raises NotAllowed; Refused if the event is cancelled, or if an organisation is the planning one, does not
    take part, or may not see the event.
    """
    asked = []
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        for organisation in organisations:
            if organisation.pk == locked.organisation_id:
                raise Refused(_("The organisation that plans the event hosts it anyway."))
            there = participants(locked.workspace).filter(pk=organisation.pk, left_at=None).exists()
            listed = not locked.restricted or locked.restricted_to.filter(pk=organisation.pk).exists()
            if not there or not listed:
                raise Refused(_("Ask organisations that take part in this workspace and may see the event."))
            row = CoHost.objects.filter(event=locked, organisation=organisation).first()
            if row is not None and row.state in _ACTIVE_CONSENTS:
                continue
            row = row or CoHost(event=locked, organisation=organisation)
            row.state, row.asked_by, row.asked_at = Consent.ASKED, access.user, now()
            row.decided_by, row.decided_at = None, None
            row.save()
            asked.append(row)
            _save_co_host_change(locked, access, "co_host_asked", row)
            core_audit.notify_hosting_asked(locked, organisation, by=access)
    return asked


def answer_co_host(*, user: User, co_host: CoHost, consents: bool) -> CoHost:
    """Consent or decline for the organisation that was asked; with consent it is named as organiser.

    Raises NotAllowed unless the person represents it, Refused if it is no longer asked.
    """
    require_that(may_answer_for(user, co_host.organisation))
    with transaction.atomic():
        event = lock_event(co_host.event)
        row = _lock_co_host(co_host)
        refuse_cancelled(event)
        if row.state != Consent.ASKED:
            raise Refused(_("Your organisation is not asked any more."))
        word = Consent.CONSENTED if consents else Consent.DECLINED
        author = core_audit.Representative(user, row.organisation)
        _save_decision(event, author, row, word, f"co_host_{word}")
    return row


def leave_hosting(*, user: User, co_host: CoHost) -> CoHost:
    """Withdraw the organisation's consent, also for a cancelled event; it is no longer named.

    Raises NotAllowed unless the person represents it, Refused if it has not consented.
    """
    require_that(may_answer_for(user, co_host.organisation))
    with transaction.atomic():
        event = lock_event(co_host.event)
        row = _lock_co_host(co_host)
        if row.state != Consent.CONSENTED:
            raise Refused(_("Your organisation does not host this event."))
        author = core_audit.Representative(user, row.organisation)
        _save_decision(event, author, row, Consent.WITHDRAWN, "co_host_left")
    return row


def remove_co_host(*, access: Access, co_host: CoHost) -> CoHost:
    """Withdraw a request, or end co-hosting. Idempotent. Raises NotAllowed."""
    with transaction.atomic():
        event = lock_event(co_host.event)
        row = _lock_co_host(co_host)
        require_that(may_change(access, event))
        if row.state not in _ACTIVE_CONSENTS:
            return row
        _save_decision(event, access, row, Consent.WITHDRAWN, "co_host_taken_back")
    return row


def _lock_co_host(co_host: CoHost) -> CoHost:
    rows = CoHost.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=co_host.pk)


def _save_decision(
    event: Event, author: core_audit.ChangeAuthor, row: CoHost, state: Consent, word: str
) -> None:
    row.state, row.decided_by, row.decided_at = state, author.user, now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    _save_co_host_change(event, author, word, row)


def _save_co_host_change(event: Event, author: core_audit.ChangeAuthor, word: str, row: CoHost) -> None:
    """Record and notify. SEQUENCE stays: organisers are not time, place or state."""
    core_audit.save_event_change(event, author, f"event.{word}", kind=word, about=str(row.organisation.uuid))
