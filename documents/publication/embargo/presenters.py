"""Who of the media is shown to whom: people to the organisation that brought them, to others their outlet."""

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
from documents.publication.embargo.audit import LIFT
from documents.publication.embargo.models import EmbargoFeed
from documents.publication.embargo.queries import UsedAccess, accesses_of, contacts_with, feeds_of_contacts
from documents.publication.models import Publication

GRACE = datetime.timedelta(minutes=1)  # a worker looks every second, and may have other work in hand


def is_late(publication: Publication) -> bool:
    """Whether its moment has passed and it is still only scheduled, by the database's clock."""
    at = publication.scheduled_at
    return publication.state == PublicationState.SCHEDULED and at is not None and now() - at > GRACE


def lateness_words(publication: Publication) -> str:
    """Return since when it is late, how often it was tried, when it is tried next, and what refuses it if
    anything does; empty if it is not late."""
    at = publication.scheduled_at
    if at is None or not is_late(publication):
        return ""
    since = moment_with_time_zone(at)
    work = scheduler.get_open_work(kind=LIFT, key=str(publication.uuid))
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
class Row:
    """One of our own people of outlets as the page shows them. `shape` is the state's form and colour;
    `calendar` says what is known of the address of their calendar, if any; `is_there`: not removed."""

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
class OfLanguage:
    """How many people of an outlet read in a language."""

    name: str
    count: int


@dataclass(frozen=True)
class Others:
    """An outlet that another organisation brought: its people stay with that organisation."""

    outlet: UUID
    name: str
    languages: list[OfLanguage]


def rows_of(
    publication: Publication, access: Access, *, agreed: bool = False
) -> tuple[list[Row], list[Others]]:
    """Everyone whom the organisation of `access` asked, and outlets whom others asked and did not take
    back; `agreed`: of those only who agreed. Three queries."""
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
    return [_row(one, contacts.get(one.contact), feeds.get(one.contact)) for one in ours], _others(theirs)


def _others(contacts: Iterable[Contact]) -> list[Others]:
    """Outlets in the order in which they were asked, languages as everywhere."""
    outlets = {one.outlet.uuid: one.outlet.name for one in contacts}
    counts = Counter((one.outlet.uuid, one.language) for one in contacts)
    return [
        Others(
            outlet=uuid,
            name=name,
            languages=[
                OfLanguage(str(code.label), counts[uuid, code]) for code in Language if counts[uuid, code]
            ],
        )
        for uuid, name in outlets.items()
    ]


def _row(one: UsedAccess, contact: Contact | None, feed: EmbargoFeed | None) -> Row:
    there = contact if contact is not None and contact.removed_at is None else None
    state, shape, note = _("Asked, has not agreed"), "unopened", ""
    if one.revoked_at is not None:
        state, shape = _("Taken back"), "objects"
    elif one.agreed_at is not None:
        state, shape = _("Agreed to the embargo"), "approved"
        note = f"{EmbargoWay(one.agreed_way).label}, {moment_with_time_zone(one.agreed_at)}"
    return Row(
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
        calendar=_calendar_words(feed),
        is_there=there is not None,
    )


def _calendar_words(feed: EmbargoFeed | None) -> str:
    if feed is None:
        return ""
    if feed.last_used_at is None:
        return _("Has the address of their calendar, not asked for yet")
    return _("Calendar last asked for: %(when)s") % {"when": moment_with_time_zone(feed.last_used_at)}
