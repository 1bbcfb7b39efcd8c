"""Permission rules for people and organisations."""

from django.http import Http404

from coalition.accounts.models import Listing, Membership, MembershipRole, OfficeKind, Organisation, User
from coalition.accounts.queries import active_memberships, active_offices


class NotAllowed(Http404):
    """The person may not do this at all: the answer is 404, as if there were nothing."""


def is_secretariat(person: User) -> bool:
    return active_offices(person).filter(kind=OfficeKind.SECRETARIAT).exists()


def belongs_to(person: User, organisation: Organisation) -> bool:
    return active_memberships(person).filter(organisation=organisation).exists()


def represents(person: User, organisation: Organisation) -> bool:
    """Whether the person is a representative of the organisation, which is neither frozen nor gone."""
    representing = active_memberships(person).filter(role=MembershipRole.REPRESENTATIVE)
    return representing.filter(organisation=organisation).exists()


def may_invite(person: User, organisation: Organisation, role: str) -> bool:
    """Whether the person may invite: representatives anyone, the secretariat only representatives."""
    if role == MembershipRole.REPRESENTATIVE and is_secretariat(person):
        return True
    return represents(person, organisation)


def may_end_membership(person: User, membership: Membership) -> bool:
    """Whether the person may end it: the member or a representative of the organisation."""
    return membership.person_id == person.pk or represents(person, membership.organisation)


def may_edit_profile(person: User, organisation: Organisation) -> bool:
    return represents(person, organisation) or is_secretariat(person)


def may_set_listing(person: User, organisation: Organisation, listing: str) -> bool:
    """Whether the person may set it: representatives any, the secretariat only stricter (consent)."""
    if represents(person, organisation):
        return True
    stricter = Listing.strictest(organisation.listing, listing) == listing
    return stricter and is_secretariat(person)


def may_give_office(person: User, kind: str, organisation: Organisation | None) -> bool:
    """Whether the person may give it: the secretariat any, representatives their press officer."""
    if is_secretariat(person):
        return True
    if kind != OfficeKind.PRESS_OFFICER or organisation is None:
        return False
    return represents(person, organisation)
