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
from documents.drafts.addresses import sheet_address_of
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models import Draft
from documents.drafts.queries import drafts_for, with_texts
from documents.publication.models import OrganisationLogo, Publication, PublicationName, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def drafts_in_work(user: object) -> QuerySet[Draft]:
    """Drafts on the desk: readable, not archived, of workspaces that are not archived; newest first.

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
# Logos of organisations: the only place where they come from.


def logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """What the organisation permits to be shown, for its own people."""
    return OrganisationLogo.objects.filter(organisation=organisation).first()


def public_logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """What everyone may see: of an organisation that is named in public and has not left."""
    rows = OrganisationLogo.objects.filter(organisation__listing=Listing.PUBLIC, organisation__left_at=None)
    return rows.filter(organisation=organisation).first()


# --- publications ---
# Lists of publications: the only place where they come from.


SHOWN = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]
AHEAD = [PublicationState.PLANNED, PublicationState.SCHEDULED]


def public_publications() -> QuerySet[Publication]:
    """What is or was public, newest first: of withdrawn ones only the note and the hashes are shown."""
    return Publication.objects.filter(state__in=SHOWN).order_by("-number")


class Beside(TypedDict):
    """Of a publication: whose sheet is read to check the link of the chain; how many organisations stand
    under what it corrected and not under it."""

    previous_uuid: UUID | None
    earlier_only: int


class EarlierOnly(TypedDict):
    """The same of a text of a publication."""

    earlier_only: int


type WithAll = WithAnnotations[Publication, Beside]
type TextWithEarlier = WithAnnotations[PublicationText, EarlierOnly]


def publications_with_all() -> QuerySet[WithAll]:
    """The same with everything a sheet shows, in three queries whatever their number. Names that were
    taken off are among them, to be counted: `sheet.names_of` leaves them out.
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
    """`publication` leads from the row to its publication: `publication__`."""
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


def texts_of(publication: Publication) -> list[TextWithEarlier]:
    """The text of each language with its version. `earlier_only`: how many organisations stand under what the
    publication corrected and not under it. One query."""
    read = _TEXTS if publication.replaces_id is None else _TEXTS_AND_EARLIER
    return read(publication=publication.pk)


def _texts(publication: int) -> QuerySet[PublicationText]:
    return PublicationText.objects.filter(publication=publication).select_related("version")


_TEXTS: Prepared[TextWithEarlier] = Prepared(
    lambda publication: _texts(publication).annotate(earlier_only=Value(0))
)
_TEXTS_AND_EARLIER: Prepared[TextWithEarlier] = Prepared(
    lambda publication: _texts(publication).annotate(earlier_only=_earlier_only("publication__"))
)


def under_what_corrects(publication: Publication) -> frozenset[int] | None:
    """Primary keys of the organisations under the text that took its place; None if none has."""
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


def names_under_public(draft: Draft) -> list[PublicationName]:
    """Who stands under the text of the draft that is public now; none if nothing is."""
    public = newest_public_of(draft)
    if public is None:
        return []
    return list(public.names.filter(taken_off_at=None).select_related("organisation").order_by("pk"))


def publications_for(user: object, workspace: Workspace | None = None) -> QuerySet[Publication]:
    """Publications of the person's workspaces, observers included: they are public anyway.

    With their texts, in two queries. Drafts behind them may not be for the person: show no working title.
    """
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = Publication.objects.filter(state__in=SHOWN, draft__workspace__in=workspaces_for(user))
    rows = rows.select_related("draft__workspace", "round", "published_by", "organisation", "withdrawn_by")
    rows = rows.select_related("replaces", "replaced_by")
    rows = rows.prefetch_related(Prefetch("texts", queryset=texts))
    return rows.filter(draft__workspace=workspace) if workspace is not None else rows


class Corrected(TypedDict):
    """Of a name: whether other words took the place of those it stands under."""

    corrected: bool


type NameUnder = WithAnnotations[PublicationName, Corrected]


def texts_under_the_name_of(organisation: Organisation) -> QuerySet[NameUnder]:
    """Public texts under which the organisation stands now, newest first, each with its words' titles.

    Of a text that was corrected the corrected one, or with `corrected` the earlier one, where the
    organisation stands under that alone; of one that was withdrawn its sheet. The caller has asked that the
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
        ~Exists(newer), organisation=organisation, taken_off_at=None, publication__state__in=SHOWN
    )
    rows = rows.annotate(corrected=Exists(Publication.objects.filter(replaces=OuterRef("publication"))))
    rows = rows.select_related("publication", "organisation")
    return rows.prefetch_related(Prefetch("publication__texts", queryset=texts)).order_by(
        "-publication__number"
    )


def may_await_decision(user: User) -> QuerySet[Publication]:
    """Public texts whose rule holds no more, where the person coordinates, whether they may read the draft or
    not."""
    led = active_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    rows = Publication.objects.filter(state=PublicationState.PUBLIC, draft__workspace__in=led)
    return rows.exclude(awaiting_since=None)


def awaiting_decision(user: object) -> QuerySet[Publication]:
    """Public texts whose rule holds no more, of workspaces that the person coordinates; two queries."""
    if not isinstance(user, User):
        return Publication.objects.none()
    seats = active_seats(user).filter(role=SeatRole.COORDINATOR, workspace=OuterRef("draft__workspace"))
    rows = publications_for(user).filter(
        Exists(seats), state=PublicationState.PUBLIC, draft__in=drafts_for(user)
    )
    return rows.exclude(awaiting_since=None).order_by("awaiting_since")


def newest_public_of(draft: Draft) -> Publication | None:
    """The publication of the draft that is public now: the one a correction replaces."""
    return Publication.objects.filter(_public_of(draft)).order_by("-number").first()


def _public_of(draft: Draft) -> Q:
    return Q(draft=draft, state=PublicationState.PUBLIC, replaced_by=None)


def newest_shown(drafts: Iterable[int]) -> dict[int, Publication]:
    """Draft (primary key) → the last of its publications that is or was public, with its texts: what is read
    of it now, or that it was withdrawn. Two queries."""
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = public_publications().filter(draft__in=list(drafts)).order_by("number")
    return {row.draft_id: row for row in rows.prefetch_related(Prefetch("texts", queryset=texts))}


def planned_of(round_: ApprovalRound, *, lock: bool = False) -> Publication | None:
    """What is planned to become public from this round and is not yet. `lock`: for the transaction."""
    rows = Publication.objects.filter(_planned_of(round_))
    return (rows.select_for_update(of=("self",)) if lock else rows).order_by("-pk").first()


def _planned_of(round_: ApprovalRound) -> Q:
    return Q(round=round_, state__in=AHEAD)


def planned_and_public(round_: ApprovalRound) -> tuple[Publication | None, Publication | None]:
    """`planned_of` the round and `newest_public_of` its draft, which is loaded, in one query."""
    rows = Publication.objects.filter(_planned_of(round_) | _public_of(round_.draft))
    found = list(rows.order_by("-number", "-pk"))
    planned = [one for one in found if one.state in AHEAD]
    public = [one for one in found if one.state not in AHEAD]
    return next(iter(planned), None), next(iter(public), None)


def sheet_address(publication: Publication, language: str | None = None) -> str:
    """The address of the public sheet, without the host."""
    return sheet_address_of(publication.uuid, language)
