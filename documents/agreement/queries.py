"""The coalition's agreement: versions, acceptances, admission."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import Language, Membership, MembershipRole, Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import active_memberships
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.dashboard import only_if
from coalition.workspaces.seat_conditions import MissingRequirement
from documents.agreement.models import Acceptance, Agreement
from documents.drafts.models import PublicationState
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
    `organisation`: name of an outer field. `required`: only editions that block access now; else also those
    that will."""
    acceptances = Acceptance.objects.filter(
        organisation=OuterRef(OuterRef(organisation)),
        agreement__number__gte=OuterRef("number"),
        agreement__ended_at=None,
    )
    editions = Agreement.objects.filter(~Exists(acceptances), ended_at=None)
    editions = editions.filter(is_required=True) if required else editions.filter(asks_from__isnull=False)
    return Exists(editions)


def has_accepted() -> Q:
    """Return the seat condition that its organisation has accepted what is required. No query of its own."""
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


def people_in(organisations: QuerySet[Organisation]) -> list[User]:
    """Return everyone who belongs to one of these organisations now, each once."""
    members = Membership.objects.filter(organisation__in=organisations, ended_at=None)
    return list(User.objects.filter(memberships__in=members).distinct())


def representatives_in(organisations: QuerySet[Organisation]) -> list[User]:
    """Return the representatives of these organisations, each once."""
    members = active_memberships().filter(role=MembershipRole.REPRESENTATIVE, organisation__in=organisations)
    return list(User.objects.filter(memberships__in=members).distinct())


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
        translation = PublicationText.objects.filter(publication=OuterRef("pk"), language=language)
        rows = rows.filter(Exists(translation))
    return rows.prefetch_related("texts__version").order_by("-number")


def agreement_page_for(person: User) -> str:
    """Return the agreement's page for a person whose organisation has yet to accept."""
    is_blocked = unaccepting_memberships(person, required=True).exists()
    return reverse("documents:agreement") if is_blocked else ""


@only_if(partial(unaccepting_memberships, required=False))
def missing_acceptances(user: User, viewer: Viewer) -> Iterable[MissingRequirement]:
    """Yield what an organisation has yet to accept, and who can: one query, or three."""
    rows = list(unaccepting_memberships(user, required=False))
    edition = current_agreement() if rows else None
    if edition is None:
        return
    representatives: dict[int, list[User]] = defaultdict(list)
    members = active_memberships().filter(
        role=MembershipRole.REPRESENTATIVE, organisation__in=[row.organisation_id for row in rows]
    )
    for row in members.select_related("person").order_by("person__name", "pk"):
        representatives[row.organisation_id].append(row.person)
    for row in rows:
        others = [one.name for one in representatives[row.organisation_id] if one.pk != user.pk]
        accepts, is_blocked = row.role == MembershipRole.REPRESENTATIVE, row.is_shut_out
        params = {"names": ", ".join(others)}
        if accepts:
            who = _("You can accept it; so can: %(names)s.") % params if others else _("You can accept it.")
        elif others:
            who = _("These people can accept it: %(names)s.") % params
        else:
            who = _("It has no representative at the moment. Ask the secretariat.")
        name = display_name_for(viewer, row.organisation)
        about: dict[str, object] = {"organisation": name, "number": edition.number}
        if is_blocked or edition.asks_from is None:
            words = _(
                "%(organisation)s has not accepted edition %(number)d of the coalition agreement. Its people"
                " get into their workspaces as soon as a representative accepts it."
            )
        else:
            about["when"] = moment_with_time_zone(edition.asks_from)
            words = _(
                "%(organisation)s has not accepted edition %(number)d of the coalition agreement. From"
                " %(when)s its people get into their workspaces only if a representative has accepted it."
            )
        yield MissingRequirement(
            title=_("The coalition agreement is not accepted"),
            words=words % about,
            who=who,
            url=reverse("documents:agreement"),
            action=_("Read and accept") if accepts else _("Read the agreement"),
            can_do=accepts,
            shuts_out=is_blocked,
            due=edition.asks_from,
        )
