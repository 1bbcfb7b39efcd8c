"""Who takes part: organisations, people, what they may do for them."""

import datetime
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Model

from coalition.accounts.domain.create_organisation import create_organisation
from coalition.accounts.domain.mandates import give_mandate
from coalition.accounts.domain.offices import give_office
from coalition.accounts.enums import Language, Listing, MembershipRole
from coalition.accounts.models import Membership, Organisation, User
from coalition.core.clock import now
from demo.load import Demo, Record
from demo.personas import PASSWORD
from home.models import DemoThing

SECRETARIAT = "secretariat@demo.example"


@dataclass
class Cast:
    """What was seeded so far, by the data's own ids."""

    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)


def remember(thing: Model) -> None:
    """Note that the demo made this, for the day it is taken away."""
    DemoThing.objects.create(thing=thing)


def gather(demo: Demo) -> Cast:
    """Create people and organisations, and bring them together."""
    cast = Cast()
    password = make_password(PASSWORD)  # one hash for all: thirty would take seconds
    for record in demo.people:
        cast.people[record["email"]] = _person(record, password)
    for record in demo.people:
        if any(office["kind"] == "secretariat" for office in record.get("offices", ())):
            give_office(by=None, person=cast.people[record["email"]], kind="secretariat")
    for record in demo.organisations:
        cast.organisations[record["id"]] = _organisation(record, by=cast.people[SECRETARIAT])
    for record in demo.people:
        _memberships(record, cast)
    for record in demo.people:
        _offices(record, cast)
    _mandates(demo, cast)
    return cast


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
    remember(organisation)
    return organisation


def _memberships(record: Record, cast: Cast) -> None:
    for membership in record.get("memberships", ()):
        Membership.objects.create(
            person=cast.people[record["email"]],
            organisation=cast.organisations[membership["organisation"]],
            role=membership["role"],
        )


def _offices(record: Record, cast: Cast) -> None:
    for office in record.get("offices", ()):
        organisation = cast.organisations.get(office.get("organisation", ""))
        give_office(
            by=None, person=cast.people[record["email"]], kind=office["kind"], organisation=organisation
        )


def _mandates(demo: Demo, cast: Cast) -> None:
    """Given last: a representative has to be there to give them."""
    given = [
        (record, membership)
        for record in demo.people
        for membership in record.get("memberships", ())
        if "mandate" in membership
    ]
    for record, membership in given:
        row = Membership.objects.get(
            person=cast.people[record["email"]], organisation=cast.organisations[membership["organisation"]]
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
