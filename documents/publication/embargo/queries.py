"""Embargoes: what is planned, who reads it, outlets and their people. The only place where they come from."""

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
from documents.drafts.permissions import GUESTS
from documents.drafts.queries import drafts_for
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import AHEAD

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


PUT_OFF_KEPT = datetime.timedelta(days=60)  # in calendars, as events that are cancelled
PAST_KEPT = datetime.timedelta(days=366)
_INSIDE = [mark for mark, asked in GUESTS.items() if asked is None]  # nobody from outside reads it


def planned_for(user: object) -> QuerySet[Publication]:
    """What is planned or scheduled, of drafts that the person may read."""
    rows = Publication.objects.filter(state__in=AHEAD, draft__in=drafts_for(user))
    return rows.select_related("draft__workspace", "round", "organisation", "published_by")


def scheduled_for(user: object) -> QuerySet[Publication]:
    """The same, with a moment that is still to come, the nearest first."""
    return planned_for(user).filter(state=PublicationState.SCHEDULED).order_by("scheduled_at")


def lifts_to_come() -> dict[str, datetime.datetime]:
    """The moments of everything that is scheduled, by the publication's UUID: a worker lifts each."""
    rows = Publication.objects.filter(state=PublicationState.SCHEDULED, scheduled_at__isnull=False)
    return {str(uuid): at for uuid, at in rows.values_list("uuid", "scheduled_at") if at is not None}


def may_be_scheduled_for(user: User) -> QuerySet[Publication]:
    """What is scheduled where the person has a seat, whether they may read it or not."""
    seated = active_seats(user).values("workspace")
    return Publication.objects.filter(state=PublicationState.SCHEDULED, draft__workspace__in=seated)


def contacts_with(uuids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Contacts that something refers to, by UUID; one query."""
    rows = Contact.objects.filter(uuid__in=list(uuids)).select_related("outlet")
    return {row.uuid: row for row in rows}


def accesses_that_count() -> QuerySet[EmbargoAccess]:
    """Accesses that were not taken back, by an organisation that has not left, was not frozen since and has
    somebody who answers for them (`_answered_for`), of a text whose workspace works and, until it is public,
    whose mark lets somebody from outside read it.

    Whether the text is to be read now is told by the state of the publication alone: it becomes public by due
    work with the database's clock, and no page compares clocks.
    """
    frozen_since = Freeze.objects.filter(
        organisation=OuterRef("organisation"), frozen_at__gte=OuterRef("asked_at")
    )
    inside = Q(publication__state__in=AHEAD, publication__draft__handling__in=_INSIDE)
    return EmbargoAccess.objects.filter(
        _answered_for(),
        ~Exists(frozen_since),
        ~inside,
        organisation__left_at=None,
        revoked_at=None,
        publication__draft__archived_at=None,
        publication__draft__workspace__archived_at=None,
    )


def _answered_for() -> Q:
    """Whether whoever asked could ask now, with the right to publish in the workspace; or, if they went, the
    organisation has a press officer or a representative who answers for what they began."""
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
    """The access to which an address belongs, if it counts now; None for every other address alike."""
    rows = accesses_that_count().filter(token_hash=hash_token(token))
    rows = rows.exclude(publication__state=PublicationState.PLANNED)  # put off: nothing is to be had
    return rows.select_related("publication__draft__workspace", "publication__round").first()


def embargo_feed_of_token(token: str) -> tuple[EmbargoFeed, Contact] | None:
    """The calendar to which an address belongs and whose it is; None for every other address alike: never
    made, ended, of a contact that was removed, made before its organisation was frozen, or of one that left
    or has nobody any more who answers for an access of this contact."""
    frozen_since = Freeze.objects.filter(
        organisation=OuterRef("organisation"), frozen_at__gte=OuterRef("made_at")
    )
    answered = EmbargoAccess.objects.filter(
        _answered_for(), contact=OuterRef("contact"), organisation=OuterRef("organisation")
    )
    feeds = EmbargoFeed.objects.filter(~Exists(frozen_since), Exists(answered), organisation__left_at=None)
    feed = feeds.filter(token_hash=hash_token(token), ended_at=None).first()
    contact = contacts_with([feed.contact]).get(feed.contact) if feed else None
    if feed is None or contact is None or contact.removed_at is not None:
        return None
    return feed, contact


def feeds_of_contacts(contacts: Iterable[UUID]) -> dict[UUID, EmbargoFeed]:
    """The calendar that each of these people has, by contact; one query."""
    rows = EmbargoFeed.objects.filter(contact__in=list(contacts), ended_at=None)
    return {row.contact: row for row in rows}


def embargoes_told(contact: Contact) -> QuerySet[EmbargoAccess]:
    """What the calendar of a person holds: what they agreed to and was not taken back, also for a year after
    it became public, and for 60 days after it was put off. Three queries whatever their number."""
    put_off = Q(
        publication__state=PublicationState.PLANNED,
        publication__calendar_changed_at__lt=now() - PUT_OFF_KEPT,
    )
    long_ago = Q(publication__published_at__lt=now() - PAST_KEPT)
    rows = accesses_that_count().filter(contact=contact.uuid, agreed_at__isnull=False)
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = rows.exclude(put_off).exclude(long_ago).select_related("publication__replaced_by")
    return rows.prefetch_related(Prefetch("publication__texts", queryset=texts)).order_by("pk")


class Uses(TypedDict):
    """Of an access: how often a file was taken, and the moment of the last use of any kind."""

    downloads: int
    last_use: datetime.datetime | None


type UsedAccess = WithAnnotations[EmbargoAccess, Uses]


def accesses_of(publication: Publication) -> QuerySet[UsedAccess]:
    """Every access to a publication, with `downloads` and `last_use`; one query."""
    rows = EmbargoAccess.objects.filter(publication=publication).select_related("asked_by", "recorded_by")
    return rows.annotate(
        downloads=Count("uses", filter=Q(uses__act=EmbargoAct.DOWNLOADED)), last_use=Max("uses__at")
    ).order_by("pk")


def agreed_accesses(publication: Publication) -> QuerySet[EmbargoAccess]:
    """Who agreed to the embargo of this publication and was not taken back."""
    return accesses_that_count().filter(publication=publication, agreed_at__isnull=False).order_by("pk")
