"""Things to test with. Each factory makes one valid thing with as little around it as possible."""

from collections.abc import Callable

import factory
from factory.django import DjangoModelFactory

from coalition.accounts.models import (
    Freeze,
    Language,
    Listing,
    Membership,
    MembershipRole,
    Office,
    OfficeKind,
    Organisation,
    OrganisationKind,
    User,
)
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Participation, Seat, Workspace
from documents.models import Draft, DraftText
from tests.recording import number, recorded

PASSWORD = "a-password-of-tests"


def numbered(make: Callable[[int], object]) -> factory.LazyFunction:
    """A value with a number that grows from row to row, so that names sort as rows were made."""
    return factory.LazyFunction(lambda: make(number()))


class Factory[Row](DjangoModelFactory):
    """A factory whose rows are recorded."""

    class Meta:
        abstract = True

    @classmethod
    def create(cls, **given: object) -> Row:
        return _created(cls, given)


@recorded
def _created(factory: type[Factory], given: dict[str, object]) -> object:
    return super(Factory, factory).create(**given)


class UserFactory(Factory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = numbered(lambda n: f"Person {n} Testova")
    email = numbered(lambda n: f"person{n}@tests.example")
    language = Language.EN
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(Factory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.NGO
    listing = Listing.PUBLIC
    name_kk = numbered(lambda n: f"Ұйым {n}")
    name_ru = numbered(lambda n: f"Организация {n}")
    name_en = numbered(lambda n: f"Organisation {n}")
    initials = numbered(lambda n: f"O{n}")
    hue = numbered(lambda n: n % 12 + 1)
    code = numbered(lambda n: f"T{n:05d}")
    slug = factory.LazyAttribute(lambda o: f"o-{o.code.lower()}" if o.listing == Listing.PUBLIC else None)


class MembershipFactory(Factory):
    class Meta:
        model = Membership

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = MembershipRole.MEMBER


class OfficeFactory(Factory):
    class Meta:
        model = Office

    person = factory.SubFactory(UserFactory)
    kind = OfficeKind.SECRETARIAT


class FreezeFactory(Factory):
    """A freeze that is only asked for; give `frozen_at` for one in force."""

    class Meta:
        model = Freeze

    organisation = factory.SubFactory(OrganisationFactory)
    reason = "A phone was lost"
    asked_by = factory.SubFactory(UserFactory)


class WorkspaceFactory(Factory):
    class Meta:
        model = Workspace

    title = numbered(lambda n: f"Working group {n}")


class ParticipationFactory(Factory):
    class Meta:
        model = Participation

    workspace = factory.SubFactory(WorkspaceFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class SeatFactory(Factory):
    """The bare row. `seat` below makes what a seat needs around it."""

    class Meta:
        model = Seat

    workspace = factory.SubFactory(WorkspaceFactory)
    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = SeatRole.OBSERVER


class DraftFactory(Factory):
    class Meta:
        model = Draft

    workspace = factory.SubFactory(WorkspaceFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    title = numbered(lambda n: f"Draft {n}")


class DraftTextFactory(Factory):
    class Meta:
        model = DraftText

    draft = factory.SubFactory(DraftFactory)
    language = Language.KK


@recorded
def seat(
    person: User | None = None,
    workspace: Workspace | None = None,
    role: SeatRole = SeatRole.OBSERVER,
    organisation: Organisation | None = None,
    *,
    in_step: bool = True,
) -> Seat:
    """A seat that counts: the person a member, the organisation taking part, guardian's rows in step.

    Not `in_step`: whoever takes many seats brings the rows in step after the last one, with `grants.sync`.
    """
    person = person or UserFactory()
    workspace = workspace or WorkspaceFactory()
    organisation = organisation or OrganisationFactory()
    if not Membership.objects.filter(person=person, organisation=organisation, ended_at=None).exists():
        MembershipFactory(person=person, organisation=organisation)
    if not Participation.objects.filter(
        workspace=workspace, organisation=organisation, ended_at=None
    ).exists():
        ParticipationFactory(workspace=workspace, organisation=organisation)
    row = SeatFactory(workspace=workspace, person=person, organisation=organisation, role=role)
    if in_step:
        sync_grants(workspace)
    return row
