"""Queries on the coalition's agreement and its acceptances."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.enums import Language, MembershipRole
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.queries import active_memberships
from documents.agreement.models import Acceptance, Agreement
from documents.drafts.enums import PublicationState
from documents.publication.models import Publication, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def open_editions() -> QuerySet[Agreement]:
    """Return the editions that have not been ended, newest first."""
    return Agreement.objects.filter(ended_at=None).order_by("-number")


def current_agreement() -> Agreement | None:
    """Return the newest edition that has not been ended; None if the coalition has no agreement."""
    return open_editions().select_related("publication").first()


def _unaccepted(organisation: str, *, required: bool) -> Exists:
    """Return the condition that an edition requires an acceptance the organisation has not given.

    `organisation`: name of an outer field. `required`: only editions that block access now;
    otherwise also those that will.
    """
    given = Acceptance.objects.filter(
        organisation=OuterRef(OuterRef(organisation)),
        agreement__number__gte=OuterRef("number"),
        agreement__ended_at=None,
    )
    asking = Agreement.objects.filter(~Exists(given), ended_at=None)
    asking = asking.filter(is_required=True) if required else asking.filter(asks_from__isnull=False)
    return Exists(asking)


def has_accepted() -> Q:
    """Return the seat condition that its organisation has accepted what is required. No query of
    its own."""
    return ~Q(_unaccepted("organisation", required=True))


def organisations_asked(*, required: bool) -> QuerySet[Organisation]:
    """Return the coalition's organisations that have yet to accept."""
    return Organisation.objects.filter(_unaccepted("pk", required=required), left_at=None)


class ShutOut(TypedDict):
    """Annotation of a membership: whether access is blocked for the organisation's people now."""

    is_shut_out: bool


type Unaccepting = WithAnnotations[Membership, ShutOut]


def unaccepting_memberships(user: User, *, required: bool) -> QuerySet[Unaccepting]:
    """Return the person's memberships in organisations that have yet to accept: one query."""
    rows = active_memberships(user).filter(_unaccepted("organisation", required=required))
    rows = rows.annotate(is_shut_out=_unaccepted("organisation", required=True))
    return rows.select_related("organisation").order_by("pk")


def own_memberships(user: User) -> QuerySet[Membership]:
    """Return the memberships for which the person may view the agreement."""
    return active_memberships(user).select_related("organisation").order_by("pk")


def representing(user: User, organisation: Organisation) -> bool:
    rows = active_memberships(user).filter(role=MembershipRole.REPRESENTATIVE)
    return rows.filter(organisation=organisation).exists()


def people_in(organisations: QuerySet[Organisation]) -> list[User]:
    """Return everyone who belongs to one of these organisations now, each once."""
    members = Membership.objects.filter(organisation__in=organisations, ended_at=None)
    return list(User.objects.filter(memberships__in=members).distinct())


def representatives_in(organisations: QuerySet[Organisation]) -> list[User]:
    """Return the representatives of these organisations, each once."""
    members = active_memberships().filter(role=MembershipRole.REPRESENTATIVE, organisation__in=organisations)
    return list(User.objects.filter(memberships__in=members).distinct())


def accepting_people(organisations: Iterable[Organisation]) -> dict[int, list[User]]:
    """Return the people who can accept for each organisation, by its primary key: one query."""
    found: dict[int, list[User]] = {one.pk: [] for one in organisations}
    members = active_memberships().filter(role=MembershipRole.REPRESENTATIVE, organisation__in=list(found))
    for row in members.select_related("person").order_by("person__name", "pk"):
        found[row.organisation_id].append(row.person)
    return found


def agreement_texts(agreement: Agreement) -> dict[str, PublicationText]:
    """Return the texts of an edition by language, Kazakh first: one query."""
    rows = PublicationText.objects.filter(publication=agreement.publication_id).select_related("version")
    return {row.language: row for row in sorted(rows, key=lambda row: Language.values.index(row.language))}


def acceptances_by_organisation(
    agreement: Agreement, organisations: list[Organisation]
) -> dict[int, Acceptance]:
    """Return the newest acceptance of an open edition by organisation: one query."""
    rows = Acceptance.objects.filter(
        organisation__in=organisations, agreement__ended_at=None, agreement__number__lte=agreement.number
    )
    rows = rows.select_related("agreement", "person").order_by("agreement__number")
    return {row.organisation_id: row for row in rows}


def possible_agreements() -> QuerySet[Publication]:
    """Return the public texts in all languages of the coalition: candidates for the agreement."""
    rows = Publication.objects.filter(state=PublicationState.PUBLIC, replaced_by=None)
    for language in Language.values:
        there = PublicationText.objects.filter(publication=OuterRef("pk"), language=language)
        rows = rows.filter(Exists(there))
    return rows.prefetch_related("texts__version").order_by("-number")
