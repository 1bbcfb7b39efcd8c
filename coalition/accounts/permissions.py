"""Who may do what with people and organisations."""

from coalition.accounts.enums import Listing, MembershipRole, OfficeKind
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.queries import active_memberships, holds_office


class NotAllowed(Exception):
    """The person may not do this at all. Views answer as if the thing did not exist."""


def is_secretariat(person: User) -> bool:
    return holds_office(person, OfficeKind.SECRETARIAT)


def belongs_to(person: User, organisation: Organisation) -> bool:
    return active_memberships(person).filter(organisation=organisation).exists()


def represents(person: User, organisation: Organisation) -> bool:
    """Representatives of an organisation that is neither frozen nor gone."""
    representing = active_memberships(person).filter(role=MembershipRole.REPRESENTATIVE)
    return representing.filter(organisation=organisation).exists()


def may_invite(person: User, organisation: Organisation, role: str) -> bool:
    """Its representatives invite anyone; the secretariat, which must begin somewhere, representatives."""
    if role == MembershipRole.REPRESENTATIVE and is_secretariat(person):
        return True
    return represents(person, organisation)


def may_end_membership(person: User, membership: Membership) -> bool:
    """Whoever leaves, or a representative of the organisation."""
    return membership.person_id == person.pk or represents(person, membership.organisation)


def may_edit_profile(person: User, organisation: Organisation) -> bool:
    return represents(person, organisation) or is_secretariat(person)


def may_set_listing(person: User, organisation: Organisation, listing: str) -> bool:
    """Its representatives as they like; the secretariat only stricter, since being named needs consent."""
    if represents(person, organisation):
        return True
    stricter = Listing.strictest(organisation.listing, listing) == listing
    return stricter and is_secretariat(person)


def may_give_office(person: User, kind: str, organisation: Organisation | None) -> bool:
    """The secretariat gives every office; representatives name the press officer of their organisation."""
    if is_secretariat(person):
        return True
    if kind != OfficeKind.PRESS_OFFICER or organisation is None:
        return False
    return represents(person, organisation)
