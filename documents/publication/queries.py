"""Handling mark and list as conditions: who may know of a thing, of those who may see drafts there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation, User
from coalition.prepared import Prepared
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.approval.models import ApprovalRound
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models import Draft
from documents.drafts.queries import drafts_for, with_texts
from documents.drafts.token_links import sheet_address_of
from documents.publication.models import OrganisationLogo, Publication, PublicationName, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def drafts_in_work(user: object) -> QuerySet[Draft]:
    """Return drafts for the dashboard: readable, neither they nor their workspace archived; newest
    first.

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


# --- queries ---
# Queries for organisations' logos.


def logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """Return the permitted logo, for the organisation's own people."""
    return OrganisationLogo.objects.filter(organisation=organisation).first()


def public_logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """Return the public logo: of an organisation that is named in public and has not left."""
    rows = OrganisationLogo.objects.filter(organisation__listing=Listing.PUBLIC, organisation__left_at=None)
    return rows.filter(organisation=organisation).first()


# --- publications ---
# Lists of publications.


SHOWN_STATES = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]
UPCOMING_STATES = [PublicationState.PLANNED, PublicationState.SCHEDULED]


def public_publications() -> QuerySet[Publication]:
    """Return what is or was public, newest first: of withdrawn ones only note and hashes are
    displayed."""
    return Publication.objects.filter(state__in=SHOWN_STATES).order_by("-number")


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
    whatever their number. Includes removed names, to be counted: `sheet.names_of` leaves them out.
    """
    names = PublicationName.objects.select_related("organisation").order_by("id")
    texts = PublicationText.objects.select_related("version").order_by("id")
    before = Publication.objects.filter(number=OuterRef("number") - 1)
    return (
        public_publications()
        .annotate(previous_uuid=Subquery(before.values("uuid")[:1]), earlier_only=_earlier_only())
        .select_related("replaces", "replaced_by", "taken_off")
        .prefetch_related(Prefetch("texts", queryset=texts), Prefetch("names", queryset=names))
    )


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
    return PublicationText.objects.filter(publication=publication).select_related("version")


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


def signatory_names_of_draft(draft: Draft) -> list[PublicationName]:
    """Return the signatories of the draft's current publication; empty without one."""
    public = newest_public_of(draft)
    if public is None:
        return []
    return list(public.names.filter(taken_off_at=None).select_related("organisation").order_by("pk"))


def publications_for(user: object, workspace: Workspace | None = None) -> QuerySet[Publication]:
    """Return publications of the person's workspaces, observers included: they are public anyway.

    With their texts, in two queries. The person may be unable to read the drafts: display no
    working title.
    """
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = Publication.objects.filter(state__in=SHOWN_STATES, draft__workspace__in=workspaces_for(user))
    rows = rows.select_related("draft__workspace", "round", "published_by", "organisation", "withdrawn_by")
    rows = rows.select_related("replaces", "replaced_by")
    rows = rows.prefetch_related(Prefetch("texts", queryset=texts))
    return rows.filter(draft__workspace=workspace) if workspace is not None else rows


class Corrected(TypedDict):
    """Annotation of a name: whether its text was replaced by a correction."""

    corrected: bool


type NameUnder = WithAnnotations[PublicationName, Corrected]


def names_of_organisation(organisation: Organisation) -> QuerySet[NameUnder]:
    """Return public texts of which the organisation is a signatory now, newest first, with their
    titles.

    Of a corrected text the correction, or with `corrected` the earlier one if the organisation is a
    signatory of that only; of a withdrawn one its certificate. The caller has checked that the
    person may see it. Two queries.
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
    led = active_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    rows = Publication.objects.filter(state=PublicationState.PUBLIC, draft__workspace__in=led)
    return rows.exclude(awaiting_since=None)


def awaiting_decision(user: object) -> QuerySet[Publication]:
    """Return public texts whose rule is no longer met, of workspaces that the person coordinates;
    two queries."""
    if not isinstance(user, User):
        return Publication.objects.none()
    seats = active_seats(user).filter(role=SeatRole.COORDINATOR, workspace=OuterRef("draft__workspace"))
    rows = publications_for(user).filter(
        Exists(seats), state=PublicationState.PUBLIC, draft__in=drafts_for(user)
    )
    return rows.exclude(awaiting_since=None).order_by("awaiting_since")


def newest_public_of(draft: Draft) -> Publication | None:
    """Return the draft's current publication, which a correction would replace."""
    return Publication.objects.filter(_public_of(draft)).order_by("-number").first()


def _public_of(draft: Draft) -> Q:
    return Q(draft=draft, state=PublicationState.PUBLIC, replaced_by=None)


def newest_visible_by_draft(drafts: Iterable[int]) -> dict[int, Publication]:
    """Return draft (primary key) → the last of its publications that is or was public, with its
    texts. Two queries."""
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = public_publications().filter(draft__in=list(drafts)).order_by("number")
    return {row.draft_id: row for row in rows.prefetch_related(Prefetch("texts", queryset=texts))}


def planned_of(round_: ApprovalRound, *, lock: bool = False) -> Publication | None:
    """Return the round's planned publication that is not yet public. `lock`: lock the row."""
    rows = Publication.objects.filter(_planned_of(round_))
    return (rows.select_for_update(of=("self",)) if lock else rows).order_by("-pk").first()


def _planned_of(round_: ApprovalRound) -> Q:
    return Q(round=round_, state__in=UPCOMING_STATES)


def planned_and_public(round_: ApprovalRound) -> tuple[Publication | None, Publication | None]:
    """Return `planned_of` the round and `newest_public_of` its draft, which is loaded, in one
    query."""
    rows = Publication.objects.filter(_planned_of(round_) | _public_of(round_.draft))
    found = list(rows.order_by("-number", "-pk"))
    planned = [one for one in found if one.state in UPCOMING_STATES]
    public = [one for one in found if one.state not in UPCOMING_STATES]
    return next(iter(planned), None), next(iter(public), None)


def sheet_address(publication: Publication, language: str | None = None) -> str:
    """Return the URL of the public certificate, without the host."""
    return sheet_address_of(publication.uuid, language)
