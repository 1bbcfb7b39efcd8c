"""Queries of people and organisations."""

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import FETCH_PEERS, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from coalition.accounts.models import (
    Freeze,
    Invitation,
    Language,
    Listing,
    Mandate,
    Membership,
    MembershipRequest,
    MembershipRole,
    Office,
    OfficeKind,
    Organisation,
    OrganisationKind,
    RequestState,
    User,
    Vouch,
)
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def frozen_organisations() -> QuerySet[Freeze]:
    """Return freezes in force, as a subquery over organisations."""
    return Freeze.objects.filter(frozen_at__isnull=False, thawed_at=None)


def active_memberships(user: User | None = None) -> QuerySet[Membership]:
    """Return active memberships: open, of active people, in organisations neither frozen nor gone."""
    rows = _active_memberships_query()
    return rows.filter(person=user) if user is not None else rows.all()


@cache
def _active_memberships_query() -> QuerySet[Membership]:
    """Build the queryset once, as a base of most lists. Never evaluate it: it would cache its rows."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    return Membership.objects.filter(
        ~Exists(frozen), ended_at=None, person__is_active=True, organisation__left_at=None
    )


def active_offices(user: User | None = None) -> QuerySet[Office]:
    rows = Office.objects.filter(ended_at=None, person__is_active=True)
    return rows.filter(person=user) if user is not None else rows


def people_with_access() -> QuerySet[User]:
    """Return active people with an active membership or an office.

    A superuser may sign in too (and, without a seat, reads nothing).
    """
    member = active_memberships().filter(person=OuterRef("pk"))
    serves = active_offices().filter(person=OuterRef("pk"))
    return User.objects.filter(Q(is_superuser=True) | Exists(member) | Exists(serves), is_active=True)


def has_access(user: User) -> bool:
    return people_with_access().filter(pk=user.pk).exists()


def get_person_with_access(pk: int) -> User | None:
    """Return the person if they have access: one query, run on every request of a session."""
    return people_with_access().filter(pk=pk).first()


class SecretariatAnnotation(TypedDict):
    """Annotation of a membership: whether its person is in the secretariat too."""

    is_secretariat: bool


type OwnMembership = WithAnnotations[Membership, SecretariatAnnotation]


def memberships_for_request(user: User) -> QuerySet[OwnMembership]:
    """Return the person's active memberships, with their data for every page of the member area."""
    serves = active_offices(user).filter(kind=OfficeKind.SECRETARIAT)
    return active_memberships(user).annotate(is_secretariat=Exists(serves)).select_related("organisation")


def representatives_of(organisation: Organisation) -> QuerySet[Membership]:
    return (
        active_memberships()
        .filter(organisation=organisation, role=MembershipRole.REPRESENTATIVE)
        .select_related("person")
    )


def organisations_represented_by(user: User) -> QuerySet[Organisation]:
    """Return organisations, neither frozen nor gone, that the person represents."""
    held = active_memberships(user).filter(role=MembershipRole.REPRESENTATIVE)
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by("pk")


def public_organisations() -> QuerySet[Organisation]:
    return Organisation.objects.filter(listing=Listing.PUBLIC, left_at=None)


def with_names_in(
    organisations: QuerySet[Organisation], language: str, *others: str
) -> QuerySet[Organisation]:
    """Return the organisations with what `naming` needs to name them in one language, and the fields
    `others`. Each loaded text is decrypted: names in other languages are loaded only for organisations
    without one in this language, in one query for all of them."""
    read = [f"name_{code}" for code in Language.values if code == language or language not in Language.values]
    return organisations.only("listing", "code", *read, *others).fetch_mode(FETCH_PEERS)


def description_in(language: str) -> Coalesce:
    """Return an expression for the description in the language or a fallback; only one is decrypted."""
    order = [language, *(code for code in Language.values if code != language)]
    texts = [NullIf(f"description_{code}", Value("")) for code in order]
    return Coalesce(*texts, Value(""), output_field=SealedTextField())


def count_unnamed_organisations() -> int:
    """Return the number of organisations that are not named publicly."""
    return Organisation.objects.filter(left_at=None).exclude(listing=Listing.PUBLIC).count()


def mail_address_for(person: UUID) -> str | None:
    """Return the person's current mail address; None if they have no access any more."""
    user = User.objects.filter(uuid=person).first()
    return user.email if user is not None and has_access(user) else None


def account_for_address(address: str) -> User | None:
    """Return the account with this sign-in address or verified further address."""
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user").first()
    owner = User.objects.filter(email__iexact=address).first()
    return owner or (proved.user if proved is not None else None)


def frozen_pks() -> set[int]:
    return set(frozen_organisations().values_list("organisation_id", flat=True))


def is_frozen(organisation: Organisation) -> bool:
    return frozen_organisations().filter(organisation=organisation).exists()


def invitations_of(organisation: Organisation) -> QuerySet[Invitation]:
    """Return every invitation into an organisation, newest first."""
    return Invitation.objects.filter(organisation=organisation).select_related("organisation", "invited_by")


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    rows = invitations_of(organisation)
    return rows.filter(accepted_at=None, revoked_at=None, expires_at__gt=now())


def pending_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Return invitations to be answered or sent again: open, or expired without a newer one to the
    same address."""
    newer = Invitation.objects.filter(
        organisation=OuterRef("organisation"), email=OuterRef("email"), pk__gt=OuterRef("pk")
    )
    rows = invitations_of(organisation).filter(accepted_at=None, revoked_at=None)
    return rows.filter(Q(expires_at__gt=now()) | ~Exists(newer))


def invitation_by_token(token_hash: str) -> Invitation | None:
    """Return the invitation of a token, in whatever state."""
    return Invitation.objects.filter(token_hash=token_hash).select_related("organisation").first()


def secretariat_invitations() -> QuerySet[Invitation]:
    """Return invitations of representatives: the others concern only an organisation and its people."""
    rows = Invitation.objects.filter(role=MembershipRole.REPRESENTATIVE, organisation__left_at=None)
    return rows.select_related("organisation", "invited_by")


def coalition_offices() -> QuerySet[Office]:
    """Return offices for the whole coalition; press officers concern only their organisation."""
    rows = active_offices().exclude(kind=OfficeKind.PRESS_OFFICER)
    return rows.select_related("person").order_by("kind", "person__name")


def press_officers_of(organisation: Organisation) -> QuerySet[Office]:
    return active_offices().filter(kind=OfficeKind.PRESS_OFFICER, organisation=organisation)


def people_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return current members of an organisation, by name; also while it is frozen."""
    rows = Membership.objects.filter(organisation=organisation, ended_at=None, person__is_active=True)
    return rows.select_related("person", "organisation").order_by("person__name")


def current_mandates() -> QuerySet[Mandate]:
    """Return current and future mandates."""
    rows = Mandate.objects.filter(revoked_at=None, valid_until__gt=now())
    return rows.select_related("membership__person", "membership__organisation")


def memberships_for_profile(user: User) -> QuerySet[Membership]:
    """Return the person's own memberships for their own page, in frozen organisations too."""
    rows = Membership.objects.filter(person=user, ended_at=None, organisation__left_at=None)
    return rows.select_related("organisation")


def approves_for_an_organisation(user: User) -> bool:
    """Whether the person has an office, or a role or mandate to approve for organisations; 1 query."""
    memberships = active_memberships().filter(person=OuterRef("pk"))
    speaking = memberships.filter(role__in=[MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE])
    mandated = current_mandates().filter(membership__in=active_memberships(user))
    offices = active_offices().filter(person=OuterRef("pk"))
    rows = User.objects.filter(Exists(speaking) | Exists(mandated) | Exists(offices), pk=user.pk)
    return rows.exists()


def organisations() -> QuerySet[Organisation]:
    """Return every organisation, for the secretariat; display names only by `display_name_for`."""
    return Organisation.objects.filter(left_at=None).order_by("pk")


def organisations_with(uuids: Collection[UUID | str]) -> dict[UUID, Organisation]:
    """Return organisations by UUID, including those that have left; one query."""
    return {row.uuid: row for row in Organisation.objects.filter(uuid__in=uuids)}


def people_with(uuids: Collection[UUID | str]) -> dict[UUID, User]:
    """Return people by UUID, with or without access; one query."""
    return {row.uuid: row for row in User.objects.filter(uuid__in=uuids)}


def demo_people() -> QuerySet[User]:
    """Return accounts of the demo; production refuses to start while there are any."""
    return User.objects.filter(is_demo=True).order_by("pk")


class VouchCountAnnotation(TypedDict):
    vouch_count: int


type RequestWithVouches = WithAnnotations[MembershipRequest, VouchCountAnnotation]

VOUCHES_NEEDED = 2  # vouching organisations


def requests_with_vouches() -> QuerySet[RequestWithVouches]:
    """Return confirmed requests, newest first, with `vouch_count`: for the secretariat."""
    rows = MembershipRequest.objects.exclude(state=RequestState.UNCONFIRMED)
    return rows.annotate(vouch_count=Count("vouches")).order_by("-pk")


def open_requests() -> QuerySet[RequestWithVouches]:
    """Return requests that await vouchers or a decision."""
    return requests_with_vouches().filter(state=RequestState.OPEN)


def vouching_memberships(user: User) -> QuerySet[Membership]:
    """Return memberships as representative that let the person vouch; media partners may not."""
    rows = active_memberships(user).filter(role=MembershipRole.REPRESENTATIVE)
    return rows.exclude(organisation__kind=OrganisationKind.MEDIA_PARTNER).select_related("organisation")


def requests_to_vouch_for(user: User) -> QuerySet[MembershipRequest]:
    """Return open requests short of vouchers for which neither the person nor their organisations
    vouch; none for a person who cannot vouch."""
    speaks = vouching_memberships(user)
    enough = MembershipRequest.objects.annotate(count=Count("vouches")).filter(count__gte=VOUCHES_NEEDED)
    own = Vouch.objects.filter(request=OuterRef("pk")).filter(
        Q(organisation__in=speaks.values("organisation")) | Q(person=user)
    )
    rows = MembershipRequest.objects.filter(Exists(speaks), ~Exists(own), state=RequestState.OPEN)
    return rows.exclude(pk__in=enough.values("pk"))
