"""Queries for publications, names under them, embargoes, outlets and their people."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from coalition.accounts.models import Language, Listing, MembershipRole, OfficeKind, Organisation, User
from coalition.accounts.naming import PUBLIC, OrganisationMark, display_mark_for, may_see_name
from coalition.accounts.queries import active_memberships, active_offices
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.prepared import Prepared
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import active_seats, own_seats, workspaces_for
from documents.approval.models import ApprovalRound
from documents.contacts.models import Contact
from documents.drafts.access import sheet_address_of
from documents.drafts.models import (
    SHOWN_STATES,
    UPCOMING_STATES,
    Draft,
    EmbargoAct,
    PublicationState,
    RoundState,
)
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS
from documents.drafts.queries import drafts_for, frozen_since, with_texts
from documents.publication.models import (
    EmbargoAccess,
    EmbargoFeed,
    OrganisationLogo,
    Publication,
    PublicationName,
    PublicationQuerySet,
    PublicationText,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def drafts_in_work(user: object) -> QuerySet[Draft]:
    """Return drafts for the dashboard: readable, neither they nor their workspace archived; newest first.

    With `in_approval` (a round is open) and `published` (public now).
    """
    rows = drafts_for(user).filter(archived_at=None, workspace__archived_at=None)
    rounds = ApprovalRound.objects.filter(draft=OuterRef("pk"), state=RoundState.OPEN)
    public = Publication.objects.filter(draft=OuterRef("pk"), state=PublicationState.PUBLIC)
    return (
        with_texts(rows)
        .annotate(in_approval=Exists(rounds), published=Exists(public))
        .order_by("-changed_at")
    )


def logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """Return the permitted logo, for the organisation's own people."""
    return OrganisationLogo.objects.filter(organisation=organisation).first()


def public_logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """Return the public logo: of an organisation that is named in public and has not left."""
    rows = OrganisationLogo.objects.filter(organisation__listing=Listing.PUBLIC, organisation__left_at=None)
    return rows.filter(organisation=organisation).first()


def public_publications() -> PublicationQuerySet:
    """Return what is or was public, newest first: of withdrawn ones only note and hashes are displayed."""
    return Publication.objects.filter(state__in=SHOWN_STATES).order_by("-number")


def locked_publications() -> QuerySet[Publication]:
    """Return publications with their rounds, to be locked."""
    rows = Publication.objects.select_for_update(of=("self",))
    return rows.select_related("round__draft__workspace")


class ChainAnnotations(TypedDict):
    """Annotation: the publication whose certificate verifies the chain link; the number of
    signatories of the earlier text only, before the correction."""

    previous_uuid: UUID | None
    earlier_only: int


class EarlierOnly(TypedDict):
    """Annotation of a publication's text: the number of signatories of the earlier text only."""

    earlier_only: int


type AnnotatedPublication = WithAnnotations[Publication, ChainAnnotations]
type AnnotatedPublicationText = WithAnnotations[PublicationText, EarlierOnly]


def publications_for_sheets() -> QuerySet[AnnotatedPublication]:
    """Return `public_publications` with everything a certificate displays, in three queries
    whatever their number. Includes removed names, to be counted: `public_and_other_names` leaves them out.
    """
    names = PublicationName.objects.select_related("organisation")
    before = Publication.objects.filter(number=OuterRef("number") - 1)
    return (
        public_publications()
        .annotate(previous_uuid=Subquery(before.values("uuid")[:1]), earlier_only=_earlier_only())
        .select_related("replaces", "replaced_by", "taken_off")
        .with_texts()
        .prefetch_related(Prefetch("names", queryset=names))
    )


def public_and_other_names(publication: Publication) -> tuple[list[PublicationName], list[PublicationName]]:
    """Return the names that everyone may read, and the others. Neither order discloses anything
    about the others."""
    named: list[PublicationName] = []
    others: list[PublicationName] = []
    for name in publication.names.all():
        if name.taken_off_at is not None:
            continue
        (named if may_see_name(PUBLIC, name.organisation, name.listing) else others).append(name)
    return sorted(named, key=lambda name: name.organisation.name_in(Language.KK)), others


def signatory_marks(publication: Publication) -> list[OrganisationMark]:
    """Return the square marks of those who may be named."""
    return [
        display_mark_for(PUBLIC, name.organisation, listing=name.listing)
        for name in public_and_other_names(publication)[0]
    ]


def _earlier_only(publication: str = "") -> Coalesce:
    """`publication`: lookup prefix from the row to its publication, `publication__`."""
    here = PublicationName.objects.filter(
        publication=OuterRef(OuterRef(f"{publication}pk")), organisation=OuterRef("organisation")
    )
    earlier = PublicationName.objects.filter(
        ~Exists(here),
        publication__draft=OuterRef(f"{publication}draft"),
        publication__number__lt=OuterRef(f"{publication}number"),
        publication__state=PublicationState.PUBLIC,
        taken_off_at=None,
    )
    one = earlier.order_by().annotate(all_of_them=F("organisation") * 0).values("all_of_them")
    counted = one.annotate(found=Count("organisation", distinct=True)).values("found")
    return Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0)


def publication_texts(publication: Publication) -> list[AnnotatedPublicationText]:
    """Return the text of each language with its version. `earlier_only`: the number of signatories
    of the corrected text that are not signatories of this one. One query."""
    read = _TEXTS if publication.replaces_id is None else _TEXTS_AND_EARLIER
    return read(publication=publication.pk)


def _publication_texts(publication: int) -> QuerySet[PublicationText]:
    texts = PublicationText.objects.filter(publication=publication).select_related("version")
    return texts.only("language", "slug", "hash", "version__number", "version__canonical")


_TEXTS: Prepared[AnnotatedPublicationText] = Prepared(
    lambda publication: _publication_texts(publication).annotate(earlier_only=Value(0))
)

_TEXTS_AND_EARLIER: Prepared[AnnotatedPublicationText] = Prepared(
    lambda publication: _publication_texts(publication).annotate(earlier_only=_earlier_only("publication__"))
)


def signatories_of_correction(publication: Publication) -> frozenset[int] | None:
    """Return primary keys of the signatories of the correction; None if there is none."""
    rows = Publication.objects.filter(
        draft=publication.draft_id,
        number__gt=publication.number,
        state=PublicationState.PUBLIC,
        replaced_by=None,
    )
    newest = rows.first()
    if newest is None:
        return None
    return frozenset(newest.names.filter(taken_off_at=None).values_list("organisation", flat=True))


def publications_for(user: object, workspace: Workspace | None = None) -> QuerySet[Publication]:
    """Return publications of the person's workspaces, observers included: they are public anyway.

    With their texts, in two queries. The person may be unable to read the drafts: display no working title.
    """
    rows = Publication.objects.filter(state__in=SHOWN_STATES, draft__workspace__in=workspaces_for(user))
    rows = rows.select_related("draft__workspace", "round", "published_by", "organisation", "withdrawn_by")
    rows = rows.select_related("replaces", "replaced_by").with_texts()
    return rows.filter(draft__workspace=workspace) if workspace is not None else rows


def names_of_organisation(organisation: Organisation) -> QuerySet[PublicationName]:
    """Return public texts of which the organisation is a signatory now, newest first, with their titles.

    Of a corrected text the correction, or with `corrected` the earlier one if the organisation is a signatory
    of that only; of a withdrawn one its certificate. The caller has checked that the person may see it. Two
    queries.
    """
    texts = PublicationText.objects.select_related("version").order_by("id")
    newer = PublicationName.objects.filter(
        publication__draft=OuterRef("publication__draft"),
        publication__number__gt=OuterRef("publication__number"),
        organisation=organisation,
        taken_off_at=None,
    )
    rows = PublicationName.objects.filter(
        ~Exists(newer), organisation=organisation, taken_off_at=None, publication__state__in=SHOWN_STATES
    )
    rows = rows.annotate(corrected=Exists(Publication.objects.filter(replaces=OuterRef("publication"))))
    rows = rows.select_related("publication", "organisation")
    return rows.prefetch_related(Prefetch("publication__texts", queryset=texts)).order_by(
        "-publication__number"
    )


def may_await_decision(user: User) -> QuerySet[Publication]:
    """Return public texts whose rule is no longer met, where the person coordinates, whether they
    may read the draft or not."""
    led = own_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    rows = Publication.objects.filter(state=PublicationState.PUBLIC, draft__workspace__in=led)
    return rows.exclude(awaiting_since=None)


def awaiting_decision(user: User) -> QuerySet[Publication]:
    """Return those of `may_await_decision` whose draft the person may read; two queries."""
    rows = publications_for(user).filter(
        pk__in=may_await_decision(user).values("pk"), draft__in=drafts_for(user)
    )
    return rows.order_by("awaiting_since")


def newest_visible_by_draft(drafts: Iterable[int]) -> dict[int, Publication]:
    """Return draft (primary key) → the last of its publications that is or was public, with its
    texts. Two queries."""
    rows = public_publications().filter(draft__in=list(drafts)).order_by("number").with_texts()
    return {row.draft_id: row for row in rows}


def planned_of(round_: ApprovalRound, *, lock: bool = False) -> Publication | None:
    """Return the round's planned publication that is not yet public. `lock`: lock the row."""
    rows = Publication.objects.filter(round=round_, state__in=UPCOMING_STATES)
    return (rows.select_for_update(of=("self",)) if lock else rows).order_by("-pk").first()


def sheet_address(publication: Publication, language: str | None = None) -> str:
    """Return the URL of the public certificate, without the host."""
    return sheet_address_of(publication.uuid, language)


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
    seated = own_seats(user).values("workspace")
    return Publication.objects.filter(state=PublicationState.SCHEDULED, draft__workspace__in=seated)


def contacts_with(uuids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Return referenced contacts by UUID; one query."""
    rows = Contact.objects.filter(uuid__in=list(uuids)).select_related("outlet")
    return {row.uuid: row for row in rows}


def contact_with(uuid: UUID) -> Contact | None:
    """Return a referenced contact; None if they were removed."""
    return Contact.objects.filter(uuid=uuid, removed_at=None).select_related("outlet").first()


def accesses_that_count() -> QuerySet[EmbargoAccess]:
    """Return accesses that were not revoked, by an organisation that has not left, was not frozen
    since and has somebody responsible for them (`_offerer_still_may`), of a text whose workspace is
    active and, until it is public, whose handling mark lets somebody from outside read it.

    Whether the text is readable now depends only on the publication's state: a job publishes it by
    the database's clock, and no page compares clocks.
    """
    inside = Q(publication__state__in=UPCOMING_STATES, publication__draft__handling__in=_INTERNAL_MARKS)
    return EmbargoAccess.objects.filter(
        _offerer_still_may(),
        ~frozen_since("asked_at"),
        ~inside,
        organisation__left_at=None,
        revoked_at=None,
        publication__draft__archived_at=None,
        publication__draft__workspace__archived_at=None,
    )


def _offerer_still_may() -> Q:
    """Return the condition that the requester could ask now, with the right to publish in the workspace; or,
    if they left, that the organisation has a press officer or representative to take over."""
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
    answered = EmbargoAccess.objects.filter(
        _offerer_still_may(), contact=OuterRef("contact"), organisation=OuterRef("organisation")
    )
    feeds = EmbargoFeed.objects.filter(~frozen_since("made_at"), Exists(answered), organisation__left_at=None)
    feed = feeds.filter(token_hash=hash_token(token), ended_at=None).first()
    contact = contact_with(feed.contact) if feed else None
    return (feed, contact) if feed and contact else None


def embargoes_in_calendar(contact: Contact) -> QuerySet[EmbargoAccess]:
    """Return the content of a person's calendar: accesses agreed to and not revoked, also for a year after
    publication, and for 60 days after cancellation. Three queries whatever their number."""
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
    """Annotation of an access: number of file downloads, and the moment of the last use of any kind."""

    downloads: int
    last_use: datetime.datetime | None


type AnnotatedAccess = WithAnnotations[EmbargoAccess, AccessUses]


def accesses_of(publication: Publication) -> QuerySet[AnnotatedAccess]:
    """Return every access to a publication, with `downloads` and `last_use`; one query."""
    rows = EmbargoAccess.objects.filter(publication=publication).select_related("asked_by", "recorded_by")
    return rows.annotate(
        downloads=Count("uses", filter=Q(uses__act=EmbargoAct.DOWNLOADED)), last_use=Max("uses__at")
    ).order_by("pk")
