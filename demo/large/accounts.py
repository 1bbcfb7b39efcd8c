"""Organisations and people of the large demo, generated from their number."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from coalition.accounts.actions.organisations import create_organisation
from coalition.accounts.models import Language, Listing, Membership, MembershipRole, Organisation, User
from demo.large.wording import lead, region_name, region_of, wording
from demo.personas import PASSWORD
from demo.seed.accounts import SECRETARIAT, mark_as_demo
from documents.agreement.actions import accept_agreement
from documents.agreement.queries import current_agreement

ROLES = (MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE)  # of the first people; others are members
BATCH = 500


@dataclass(frozen=True)
class Team:
    """An organisation with its people, the representative first."""

    organisation: Organisation
    people: list[User]


def create_teams(*, organisations: int, people: int) -> list[Team]:
    """Create organisations and people, and accept the agreement for each organisation.

    Every organisation gets a representative while there are people.
    """
    secretariat = User.objects.get(email=SECRETARIAT)
    made = [_organisation(number, by=secretariat) for number in range(organisations)]
    teams = [Team(organisation, []) for organisation in made]
    for number, person in enumerate(_people(people)):
        teams[number % len(teams)].people.append(person)
    Membership.objects.bulk_create(
        [
            Membership(person=person, organisation=one.organisation, role=_role(place))
            for one in teams
            for place, person in enumerate(one.people)
        ],
        batch_size=BATCH,
    )
    _accept(teams)
    return teams


def _organisation(number: int, *, by: User) -> Organisation:
    names, words = wording()["organisation"], {}
    kind = number % len(names["kinds"])
    for language in Language.values:
        words[f"name_{language}"] = f"{names[language][kind]}, {region_name(number, language)}"
        words[f"description_{language}"] = lead(number, language)
    organisation = create_organisation(
        by=by,
        kind=names["kinds"][kind],
        listing=_listing(number),
        regions=[region_of(number)],
        languages=["kk", "ru"],
        reads=["kk", "ru", "en"][: 2 + number % 2],
        **words,
    )
    mark_as_demo(organisation)
    return organisation


def _listing(number: int) -> Listing:
    if number % 20 == 19:
        return Listing.CONFIDENTIAL
    return Listing.WITHHELD if number % 8 == 7 else Listing.PUBLIC


def _role(place: int) -> MembershipRole:
    return ROLES[place] if place < len(ROLES) else MembershipRole.MEMBER


def _people(number: int) -> list[User]:
    """Create accounts that sign in with the demo's password, from n0001@demo.example on."""
    password = make_password(PASSWORD)
    given, family = wording()["people"]["given"], wording()["people"]["family"]
    rows = User.objects.bulk_create(
        [
            User(
                email=f"n{one:04d}@demo.example",
                name=f"{given[one % len(given)]} {family[one // len(given) % len(family)]}",
                language=Language.values[one % 3],
                password=password,
                is_demo=True,
            )
            for one in range(1, number + 1)
        ],
        batch_size=BATCH,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in rows],
        batch_size=BATCH,
    )
    return rows


def _accept(teams: list[Team]) -> None:
    """Accept the agreement; otherwise nobody of these organisations gets into a workspace."""
    agreement = current_agreement()
    for one in teams:
        if agreement is not None and one.people:
            accept_agreement(agreement=agreement, organisation=one.organisation, person=one.people[0])
