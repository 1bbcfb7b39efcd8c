"""Lists of people and organisations: the only place where they come from."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from coalition.partners.enums import Listing, MembershipRole, OfficeKind
from coalition.partners.models import Freeze, Membership, Office, Organisation, User


def frozen_organisations() -> QuerySet[Freeze]:
    """Freezes in force, as a subquery over organisations."""
    return Freeze.objects.filter(frozen_at__isnull=False, thawed_at=None)


def active_memberships(user: User | None = None) -> QuerySet[Membership]:
    """Memberships that count now: open, of an active person, in an organisation that is not frozen or gone."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    rows = Membership.objects.filter(
        ~Exists(frozen), ended_at=None, person__is_active=True, organisation__left_at=None
    )
    return rows.filter(person=user) if user is not None else rows


def active_offices(user: User | None = None) -> QuerySet[Office]:
    """Offices that count now."""
    rows = Office.objects.filter(ended_at=None, person__is_active=True)
    return rows.filter(person=user) if user is not None else rows


def holds_office(user: User, kind: OfficeKind) -> bool:
    return active_offices(user).filter(kind=kind).exists()


def may_enter(user: User) -> bool:
    """Whether the person still has any business here: a membership that counts, or an office.

    A superuser may sign in too (and, without a seat, reads nothing).
    """
    return user.is_active and (
        user.is_superuser or active_memberships(user).exists() or active_offices(user).exists()
    )


def representatives_of(organisation: Organisation) -> QuerySet[Membership]:
    return (
        active_memberships()
        .filter(organisation=organisation, role=MembershipRole.REPRESENTATIVE)
        .select_related("person")
    )


def public_organisations() -> QuerySet[Organisation]:
    """Partners that may be named to everyone."""
    return Organisation.objects.filter(listing=Listing.PUBLIC, left_at=None)


def unnamed_count() -> int:
    """How many partners take part without being named."""
    return Organisation.objects.filter(left_at=None).exclude(listing=Listing.PUBLIC).count()


def mail_address_of(person: UUID) -> str | None:
    """Where mail to the person goes now; None if the person has no access any more."""
    user = User.objects.filter(uuid=person).first()
    return user.email if user is not None and may_enter(user) else None
