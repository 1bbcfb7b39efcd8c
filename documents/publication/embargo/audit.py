"""Audit of embargoes, and mails to people of outlets, which contain none of the text."""

import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from coalition.audit import log
from coalition.core.clock import now
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from documents.contacts.models import Contact
from documents.publication.models import EmbargoAccess, Publication
from documents.publication.queries import accesses_that_count, contacts_with, sheet_address

_URGENT = frozenset(
    {"embargo_moved", "embargo_late", "embargo_put_off", "embargo_lifted"}
)  # sent within a minute
_IN_CALENDAR = frozenset(
    {"embargo_moved", "embargo_put_off", "embargo_lifted", "taken_text_corrected", "taken_text_withdrawn"}
)
LIFT_KIND = "documents.lift_embargo"  # due job: the moment of a publication


def embargo_mail_key(embargo: EmbargoAccess) -> str:
    """Return the prefix of the keys of the mails about one access."""
    return f"embargo:{embargo.uuid}:"


def feed_mail_key(contact: UUID) -> str:
    """Return the prefix of the keys of the mails with the URL of a contact's calendar."""
    return f"embargo-feed:{contact}:"


def record_embargo_audit(access: Access, embargo: EmbargoAccess, action: str) -> None:
    """Write the audit entry, without names of an outlet or its people."""
    draft = embargo.publication.round.draft
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="publication",
        target=embargo.publication.uuid,
        workspace=draft.workspace.uuid,
        embargo=str(embargo.uuid),
    )


def mail_embargo_link(embargo: EmbargoAccess, contact: Contact, token: str, *, agreed: bool) -> None:
    """Mail the link: to the terms, or, after agreement in a call, to the text."""
    at = embargo.publication.scheduled_at
    assert at is not None  # noqa: S101  only what is scheduled is offered
    outbox.queue_mail(
        key=f"{embargo_mail_key(embargo)}{embargo.token_hash[:16]}",
        template="documents/embargo_agreed" if agreed else "documents/embargo_asked",
        language=contact.language,
        address=contact.address,
        context={
            "name": contact.name,
            "until": _moment_for_contact(at, contact),
            "button_url": absolute_url(reverse("embargo", args=[token])),
        },
    )


def notify_agreed_contacts(publication: Publication, what: str, *, once: str) -> None:
    """Notify everyone of an outlet who agreed and was not revoked; `what` names the mail:
    `embargo_moved`, `embargo_late`, `embargo_put_off`, `embargo_lifted`, `names_changed`,
    `taken_text_corrected`, `taken_text_withdrawn`. In the caller's transaction; the worker sends
    the mail on its next poll, urgent ones first.
    """
    if what in _IN_CALENDAR:
        publication.calendar_sequence += 1  # the entries have changed
        publication.calendar_changed_at = now()
        publication.save(update_fields=["calendar_sequence", "calendar_changed_at"])
    rows = accesses_that_count().filter(publication=publication, agreed_at__isnull=False)
    accesses = list(rows.order_by("pk"))
    contacts = contacts_with(one.contact for one in accesses)
    for one in accesses:
        contact = contacts.get(one.contact)
        if contact is not None and contact.removed_at is None:
            context: dict[str, Any] = {"name": contact.name}
            if what == "embargo_moved" and publication.scheduled_at is not None:
                context["until"] = _moment_for_contact(publication.scheduled_at, contact)
            if what in {"embargo_lifted", "names_changed", "taken_text_corrected", "taken_text_withdrawn"}:
                context["button_url"] = absolute_url(sheet_address(publication, contact.language))
            outbox.queue_mail(
                key=f"{embargo_mail_key(one)}{what}:{once}",
                template=f"documents/{what}",
                language=contact.language,
                address=contact.address,
                context=context,
                urgent=what in _URGENT,
            )


def _moment_for_contact(at: datetime.datetime, contact: Contact) -> str:
    with override(contact.language):
        return moment_with_time_zone(at)
