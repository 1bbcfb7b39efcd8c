"""Queries for embargoes: planned publications, accesses, outlets and their people."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet

from coalition.accounts.enums import MembershipRole, OfficeKind
from coalition.accounts.models import Freeze, User
from coalition.accounts.queries import active_memberships, active_offices
from coalition.core.clock import now
from coalition.core.tokens import hash_token
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.queries import active_seats
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoAct, PublicationState
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS
from documents.drafts.queries import drafts_for
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import UPCOMING_STATES

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


UNSCHEDULED_SHOWN_FOR = datetime.timedelta(days=60)  # kept in calendars as cancelled events
PAST_SHOWN_FOR = datetime.timedelta(days=366)
_INTERNAL_MARKS = [
    mark for mark, asked in GUEST_LINK_REQUIREMENTS.items() if asked is None
]  # not readable from outside


def planned_for(user: object) -> QuerySet[Publication]:
    """Return planned or scheduled publications of drafts that the person may read."""
    rows = Publication.objects.filter(state__in=UPCOMING_STATES, draft__in=drafts_for(user))
    return rows.select_related("draft__workspace", "round", "organisation", "published_by")


def scheduled_for(user: object) -> QuerySet[Publication]:
    """Return those of `planned_for` with a future moment, nearest first."""
    return planned_for(user).filter(state=PublicationState.SCHEDULED).order_by("scheduled_at")


def upcoming_lifts() -> dict[str, datetime.datetime]:
    """Return the moments of all scheduled publications, by UUID, for a worker to lift."""
    rows = Publication.objects.filter(state=PublicationState.SCHEDULED, scheduled_at__isnull=False)
    return {str(uuid): at for uuid, at in rows.values_list("uuid", "scheduled_at") if at is not None}


def may_be_scheduled_for(user: User) -> QuerySet[Publication]:
    """Return scheduled publications where the person has a seat, readable or not."""
    seated = active_seats(user).values("workspace")
    return Publication.objects.filter(state=PublicationState.SCHEDULED, draft__workspace__in=seated)


def contacts_with(uuids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Return referenced contacts by UUID; one query."""
    rows = Contact.objects.filter(uuid__in=list(uuids)).select_related("outlet")
    return {row.uuid: row for row in rows}


def accesses_that_count() -> QuerySet[EmbargoAccess]:
    """Return accesses that were not revoked, by an organisation that has not left, was not frozen
    since and has somebody responsible for them (`_offerer_still_may`), of a text whose workspace is
    active and, until it is public, whose handling mark lets somebody from outside read it.

    Whether the text is readable now depends only on the publication's state: a job publishes it by
    the database's clock, and no page compares clocks.
    """
    frozen_since = Freeze.objects.filter(
        organisation=OuterRef("organisation"), frozen_at__gte=OuterRef("asked_at")
    )
    inside = Q(publication__state__in=UPCOMING_STATES, publication__draft__handling__in=_INTERNAL_MARKS)
    return EmbargoAccess.objects.filter(
        _offerer_still_may(),
        ~Exists(frozen_since),
        ~inside,
        organisation__left_at=None,
        revoked_at=None,
        publication__draft__archived_at=None,
        publication__draft__workspace__archived_at=None,
    )


def _offerer_still_may() -> Q:
    """Return the condition that the requester could ask now, with the right to publish in the
    workspace; or, if they left, that the organisation has a press officer or representative to take
    over."""
    there = OuterRef("organisation")
    maker = active_seats().filter(
        person=OuterRef("asked_by"),
        organisation=there,
        workspace=OuterRef("publication__draft__workspace"),
        role__in=[role for role in SeatRole if Right.PUBLISH in RIGHTS[role]],
    )
    head = active_memberships().filter(organisation=there, role=MembershipRole.REPRESENTATIVE)
    press = active_offices().filter(organisation=there, kind=OfficeKind.PRESS_OFFICER)
    return Q(Exists(maker)) | Q(Exists(head)) | Q(Exists(press))


def access_of_token(token: str) -> EmbargoAccess | None:
    """Return the access of a URL, if it is valid now; None for every other URL alike."""
    rows = accesses_that_count().filter(token_hash=hash_token(token))
    rows = rows.exclude(publication__state=PublicationState.PLANNED)  # cancelled: nothing is accessible
    return rows.select_related("publication__draft__workspace", "publication__round").first()


def embargo_feed_of_token(token: str) -> tuple[EmbargoFeed, Contact] | None:
    """Return the calendar of a URL and its contact; None for every other URL alike: never made,
    ended, of a removed contact, made before its organisation was frozen, or of one that left or has
    nobody responsible any more for an access of this contact."""
    frozen_since = Freeze.objects.filter(
        organisation=OuterRef("organisation"), frozen_at__gte=OuterRef("made_at")
    )
    answered = EmbargoAccess.objects.filter(
        _offerer_still_may(), contact=OuterRef("contact"), organisation=OuterRef("organisation")
    )
    feeds = EmbargoFeed.objects.filter(~Exists(frozen_since), Exists(answered), organisation__left_at=None)
    feed = feeds.filter(token_hash=hash_token(token), ended_at=None).first()
    contact = contacts_with([feed.contact]).get(feed.contact) if feed else None
    if feed is None or contact is None or contact.removed_at is not None:
        return None
    return feed, contact


def feeds_of_contacts(contacts: Iterable[UUID]) -> dict[UUID, EmbargoFeed]:
    """Return the calendar of each of these people, by contact; one query."""
    rows = EmbargoFeed.objects.filter(contact__in=list(contacts), ended_at=None)
    return {row.contact: row for row in rows}


def embargoes_in_calendar(contact: Contact) -> QuerySet[EmbargoAccess]:
    """Return the content of a person's calendar: accesses agreed to and not revoked, also for a
    year after publication, and for 60 days after cancellation. Three queries whatever their
    number."""
    put_off = Q(
        publication__state=PublicationState.PLANNED,
        publication__calendar_changed_at__lt=now() - UNSCHEDULED_SHOWN_FOR,
    )
    long_ago = Q(publication__published_at__lt=now() - PAST_SHOWN_FOR)
    rows = accesses_that_count().filter(contact=contact.uuid, agreed_at__isnull=False)
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = rows.exclude(put_off).exclude(long_ago).select_related("publication__replaced_by")
    return rows.prefetch_related(Prefetch("publication__texts", queryset=texts)).order_by("pk")


class AccessUses(TypedDict):
    """Annotation of an access: number of file downloads, and the moment of the last use of any
    kind."""

    downloads: int
    last_use: datetime.datetime | None


type AnnotatedAccess = WithAnnotations[EmbargoAccess, AccessUses]


def accesses_of(publication: Publication) -> QuerySet[AnnotatedAccess]:
    """Return every access to a publication, with `downloads` and `last_use`; one query."""
    rows = EmbargoAccess.objects.filter(publication=publication).select_related("asked_by", "recorded_by")
    return rows.annotate(
        downloads=Count("uses", filter=Q(uses__act=EmbargoAct.DOWNLOADED)), last_use=Max("uses__at")
    ).order_by("pk")


def agreed_accesses(publication: Publication) -> QuerySet[EmbargoAccess]:
    """Return accesses whose person agreed to this publication's embargo and was not revoked."""
    return accesses_that_count().filter(publication=publication, agreed_at__isnull=False).order_by("pk")
