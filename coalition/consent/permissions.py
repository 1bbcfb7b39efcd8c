"""Who may do what with consent.

Only the caseworker of a record reads it. A representative of the centre sees codes and states, and hands
records over. Nobody else, not even the secretariat, sees that a record exists.
"""

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import NotAllowed, represents
from coalition.accounts.queries import active_memberships
from coalition.consent.enums import ConsentRoleKind
from coalition.consent.models import ConsentRecord, active_roles


def is_caseworker(person: User, organisation: Organisation) -> bool:
    return _holds(person, organisation, ConsentRoleKind.CASEWORKER)


def is_lawyer(person: User, organisation: Organisation) -> bool:
    return _holds(person, organisation, ConsentRoleKind.LAWYER)


def may_keep_record(person: User, consent: ConsentRecord) -> bool:
    """Whether the person is the record's caseworker, and still holds the role."""
    return consent.caseworker_id == person.pk and is_caseworker(person, consent.organisation)


def may_hand_over(person: User, consent: ConsentRecord) -> bool:
    """Whether the person may give the record to another caseworker: its caseworker, or a representative of
    the centre once nobody keeps it."""
    kept = consent.caseworker is not None and is_caseworker(consent.caseworker, consent.organisation)
    if kept:
        return consent.caseworker_id == person.pk
    return represents(person, consent.organisation)


def may_manage_roles(person: User, organisation: Organisation) -> bool:
    return represents(person, organisation)


def may_be_given_role(person: User, organisation: Organisation) -> bool:
    return active_memberships(person).filter(organisation=organisation).exists()


def require_that(allowed: bool) -> None:
    """Raise NotAllowed (404) otherwise."""
    if not allowed:
        raise NotAllowed


def caseworker_needs_second_factor(person: User) -> bool:
    """Whether the person can read records of consent. One query."""
    return active_roles(ConsentRoleKind.CASEWORKER).filter(person=person).exists()


def _holds(person: User, organisation: Organisation, kind: ConsentRoleKind) -> bool:
    return active_roles(kind).filter(person=person, organisation=organisation).exists()
