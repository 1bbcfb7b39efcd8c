"""Visibility of media contacts: people to the organisation that brought them, outlets to others."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import refusal_text
from coalition.jobs import scheduler
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.permissions import Access
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoWay, PublicationState
from documents.publication.embargo.audit import LIFT_KIND
from documents.publication.embargo.models import EmbargoFeed
from documents.publication.embargo.queries import (
    AnnotatedAccess,
    accesses_of,
    contacts_with,
    feeds_of_contacts,
)
from documents.publication.models import Publication

LATE_AFTER = datetime.timedelta(minutes=1)  # a worker polls every second, and may be busy


def is_late(publication: Publication) -> bool:
    """Whether its moment has passed while it is still only scheduled, by the database's clock."""
    at = publication.scheduled_at
    return publication.state == PublicationState.SCHEDULED and at is not None and now() - at > LATE_AFTER


def lateness_sentence(publication: Publication) -> str:
    """Return since when it is late, the number of attempts, the next attempt, and what refuses it
    if anything does; empty if it is not late."""
    at = publication.scheduled_at
    if at is None or not is_late(publication):
        return ""
    since = moment_with_time_zone(at)
    work = scheduler.get_open_work(kind=LIFT_KIND, key=str(publication.uuid))
    if work is None or not work.attempts:
        return _(
            "Late since %(since)s, and not tried yet: "
            "the program that publishes at this moment is not running."
        ) % {"since": since}
    words = ngettext(
        "Late since %(since)s, because of a fault on our side. Tried %(count)d time, next at %(next)s.",
        "Late since %(since)s, because of a fault on our side. Tried %(count)d times, next at %(next)s.",
        work.attempts,
    ) % {"since": since, "count": work.attempts, "next": moment_with_time_zone(work.next_attempt_at)}
    if work.refusal is None:
        return words
    return " ".join([words, _("What prevents it: %(reason)s") % {"reason": refusal_text(work.refusal)}])


@dataclass(frozen=True)
class ContactAccessRow:
    """One of our own media contacts as displayed. `shape` is the state's form and colour;
    `calendar` describes the URL of their calendar, if any; `is_there`: not removed."""

    uuid: UUID
    name: str
    outlet: str
    phone: str
    state: str
    shape: str
    note: str
    downloads: int
    opened: str
    is_open: bool
    has_agreed: bool
    calendar: str
    is_there: bool


@dataclass(frozen=True)
class ReaderCount:
    """The number of an outlet's people who read in a language."""

    name: str
    count: int


@dataclass(frozen=True)
class OtherOutlet:
    """An outlet that another organisation brought: its people are visible only to that
    organisation."""

    outlet: UUID
    name: str
    languages: list[ReaderCount]


def contact_access_rows(
    publication: Publication, access: Access, *, agreed: bool = False
) -> tuple[list[ContactAccessRow], list[OtherOutlet]]:
    """Return everyone whom the organisation of `access` asked, and outlets asked by others and not
    revoked; `agreed`: only those who agreed. Three queries."""
    accesses = list(accesses_of(publication))
    contacts = contacts_with(one.contact for one in accesses)
    ours = [one for one in accesses if one.organisation_id == access.organisation.pk]
    feeds = feeds_of_contacts(one.contact for one in ours)
    theirs = [
        contacts[one.contact]
        for one in accesses
        if one.organisation_id != access.organisation.pk
        and one.contact in contacts
        and one.revoked_at is None
        and not (agreed and one.agreed_at is None)
    ]
    return [
        _contact_access_row(one, contacts.get(one.contact), feeds.get(one.contact)) for one in ours
    ], _other_outlets(theirs)


def _other_outlets(contacts: Iterable[Contact]) -> list[OtherOutlet]:
    """Return outlets in the order in which they were asked, languages in the usual order."""
    outlets = {one.outlet.uuid: one.outlet.name for one in contacts}
    counts = Counter((one.outlet.uuid, one.language) for one in contacts)
    return [
        OtherOutlet(
            outlet=uuid,
            name=name,
            languages=[
                ReaderCount(str(code.label), counts[uuid, code]) for code in Language if counts[uuid, code]
            ],
        )
        for uuid, name in outlets.items()
    ]


def _contact_access_row(
    one: AnnotatedAccess, contact: Contact | None, feed: EmbargoFeed | None
) -> ContactAccessRow:
    there = contact if contact is not None and contact.removed_at is None else None
    state, shape, note = _("Asked, has not agreed"), "unopened", ""
    if one.revoked_at is not None:
        state, shape = _("Taken back"), "objects"
    elif one.agreed_at is not None:
        state, shape = _("Agreed to the embargo"), "approved"
        note = f"{EmbargoWay(one.agreed_way).label}, {moment_with_time_zone(one.agreed_at)}"
    return ContactAccessRow(
        uuid=one.uuid,
        name=there.name if there else _("A contact that was removed"),
        outlet=there.outlet.name if there else "",
        phone=there.phone if there else "",
        state=state,
        shape=shape,
        note=note,
        downloads=one.downloads,
        opened=moment_with_time_zone(one.last_use) if one.last_use else "",
        is_open=one.revoked_at is None,
        has_agreed=one.agreed_at is not None,
        calendar=_calendar_sentence(feed),
        is_there=there is not None,
    )


def _calendar_sentence(feed: EmbargoFeed | None) -> str:
    if feed is None:
        return ""
    if feed.last_used_at is None:
        return _("Has the address of their calendar, not asked for yet")
    return _("Calendar last asked for: %(when)s") % {"when": moment_with_time_zone(feed.last_used_at)}
