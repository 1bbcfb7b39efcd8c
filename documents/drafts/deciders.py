"""Who may decide for an organisation: its representatives and alternates, and members with a mandate."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Now
from django.utils.functional import Promise

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Mandate, Membership, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.core.errors import Refused

APPROVING_ROLES = [MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE]


def open_mandates(user: User | None = None) -> QuerySet[Mandate]:
    """Return mandates valid now, by the database's clock, of active members."""
    return Mandate.objects.filter(
        membership__in=active_memberships(user),
        revoked_at=None,
        valid_from__lte=Now(),
        valid_until__gt=Now(),
    )


class OfOrganisation(Protocol):
    """A row for which an organisation decides: it is asked about a text, or about a question."""

    @property
    def organisation(self) -> Organisation: ...


def capacity_of(user: User, asked: OfOrganisation) -> str:
    """Return the person's capacity for the organisation: representative, alternate or mandate."""
    membership = active_memberships(user).filter(organisation=asked.organisation).first()
    return capacity_by(membership.role if membership is not None else None)


def capacity_by(role: str | None) -> str:
    return role if role is not None and role in APPROVING_ROLES else "mandate"


def approvers_of(organisation: Organisation, *, kind: str) -> list[User]:
    """Return everyone who may approve a text of this kind for the organisation now, each once."""
    return approvers_by_organisation([organisation.pk], kind=kind)[organisation.pk]


def approvers_by_organisation(organisations: Iterable[int], *, kind: str) -> defaultdict[int, list[User]]:
    """Return the approvers of many organisations, by primary key, in one query."""
    mandates = open_mandates().filter(Q(subject="") | Q(subject=kind), membership=OuterRef("pk"))
    members = active_memberships().filter(
        Q(role__in=APPROVING_ROLES) | Exists(mandates), organisation__in=set(organisations)
    )
    found: defaultdict[int, list[User]] = defaultdict(list)
    for membership in members.select_related("person"):
        found[membership.organisation_id].append(membership.person)
    return found


def representatives(organisation: Organisation) -> list[User]:
    """Return those to notify when somebody else approved for their organisation."""
    rows: QuerySet[Membership] = active_memberships().filter(
        organisation=organisation, role=MembershipRole.REPRESENTATIVE
    )
    return [membership.person for membership in rows.select_related("person")]


# --- deadlines ---
# Deadlines of what organisations are asked.


REMIND_BEFORE = datetime.timedelta(hours=24)


class DeadlinePassed(Refused):
    """Raised when the requested deadline is in the past."""


# --- guards ---
# Settings of a draft that something holds as they are.


class LockedSetting(Refused):
    """Something holds what was to be changed, for example an open round; `field` is its name, where the words
    belong."""

    def __init__(self, field: str, message: str | Promise, **params: object) -> None:
        self.field = field
        super().__init__(message, **params)
