"""Organisations and people with their memberships, offices and mandates."""

import datetime
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Model

from coalition.accounts.actions.memberships import give_mandate, give_office
from coalition.accounts.actions.organisations import create_organisation
from coalition.accounts.models import Language, Listing, Membership, MembershipRole, Organisation, User
from coalition.core.clock import now
from demo.load import Demo, Record
from demo.personas import PASSWORD
from home.models import DemoThing

SECRETARIAT = "secretariat@demo.example"


@dataclass
class Accounts:
    """The people and organisations seeded so far, by the data's own ids."""

    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)


def mark_as_demo(thing: Model) -> None:
    """Record that an object belongs to the demo, so that removal finds it."""
    DemoThing.objects.create(thing=thing)


def create_accounts(demo: Demo) -> Accounts:
    """Create people and organisations, and connect them."""
    accounts = Accounts()
    password = make_password(PASSWORD)  # one hash for all: thirty would take seconds
    for record in demo.people:
        accounts.people[record["email"]] = _person(record, password)
    for record in demo.people:
        if any(office["kind"] == "secretariat" for office in record.get("offices", ())):
            give_office(by=None, person=accounts.people[record["email"]], kind="secretariat")
    for record in demo.organisations:
        accounts.organisations[record["id"]] = _organisation(record, by=accounts.people[SECRETARIAT])
    for record in demo.people:
        _memberships(record, accounts)
    for record in demo.people:
        _offices(record, accounts)
    _mandates(demo, accounts)
    return accounts


def _person(record: Record, password: str) -> User:
    person = User.objects.create(
        email=record["email"],
        name=record["name"],
        language=record["language"],
        phone=record.get("phone", ""),
        password=password,
        is_demo=True,
        is_staff=record.get("superuser", False),
        is_superuser=record.get("superuser", False),
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _organisation(record: Record, *, by: User) -> Organisation:
    words = {
        f"{field}_{language}": record[field][language]
        for field in ("name", "description")
        for language in Language.values
    }
    plain = {
        field: record[field] for field in ("kind", "listing", "regions", "languages", "reads", "initials")
    }
    organisation = create_organisation(by=by, **words, **plain)
    organisation.hue = record["hue"]
    if organisation.listing == Listing.PUBLIC:
        organisation.slug = record["id"]
    organisation.save(update_fields=["hue", "slug"])
    mark_as_demo(organisation)
    return organisation


def _memberships(record: Record, accounts: Accounts) -> None:
    for membership in record.get("memberships", ()):
        Membership.objects.create(
            person=accounts.people[record["email"]],
            organisation=accounts.organisations[membership["organisation"]],
            role=membership["role"],
        )


def _offices(record: Record, accounts: Accounts) -> None:
    for office in record.get("offices", ()):
        organisation = accounts.organisations.get(office.get("organisation", ""))
        give_office(
            by=None, person=accounts.people[record["email"]], kind=office["kind"], organisation=organisation
        )


def _mandates(demo: Demo, accounts: Accounts) -> None:
    """Give mandates last: a representative must exist to give them."""
    given = [
        (record, membership)
        for record in demo.people
        for membership in record.get("memberships", ())
        if "mandate" in membership
    ]
    for record, membership in given:
        row = Membership.objects.get(
            person=accounts.people[record["email"]],
            organisation=accounts.organisations[membership["organisation"]],
        )
        head = row.organisation.memberships.filter(role=MembershipRole.REPRESENTATIVE).first()
        if head is None:
            raise LookupError(membership["organisation"])
        give_mandate(
            by=head.person,
            membership=row,
            subject=membership["mandate"].get("subject", ""),
            valid_from=now(),
            valid_until=now() + datetime.timedelta(days=membership["mandate"]["days"]),
        )
