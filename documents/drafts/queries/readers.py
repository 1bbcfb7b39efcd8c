"""Who reads a draft or file: asked by everything that tells people of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from coalition.accounts.models import Organisation, User
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import seats_in
from documents.drafts.enums import Handling
from documents.drafts.models.draft import Draft
from documents.drafts.queries.drafts import READING_ROLES
from documents.files.models import StoredFile


@dataclass(frozen=True)
class Limits:
    """To whom a thing is limited within those who may see drafts in its workspace. None: no limit."""

    organisations: list[Organisation] | None = None
    people: list[User] | None = None


def limits_of(thing: Draft | StoredFile) -> Limits:
    """What list and mark say together."""
    organisations = list(thing.restricted_to.all()) if thing.restricted else None
    if thing.handling == Handling.ORGANISATION:
        organisations = [thing.organisation]
    people = list(thing.named_people.all()) if thing.handling == Handling.NAMED_PEOPLE else None
    return Limits(organisations, people)


def seats_reading(thing: Draft | StoredFile) -> QuerySet[Seat]:
    """Seats by which the thing is read now, with person and organisation: who may be written to about it."""
    limits = limits_of(thing)
    rows = seats_in(thing.workspace).filter(role__in=READING_ROLES)
    if limits.organisations is not None:
        rows = rows.filter(organisation__in=limits.organisations)
    if limits.people is not None:
        rows = rows.filter(person__in=limits.people)
    return rows


def people_of(seats: Iterable[Seat]) -> list[User]:
    """The people who hold these seats, each once."""
    return list({seat.person_id: seat.person for seat in seats}.values())


def who_may_be_named(thing: Draft | StoredFile) -> QuerySet[Seat]:
    """Seats whose people can be named as readers: one a person, of the organisations that the list admits."""
    rows = seats_in(thing.workspace).filter(role__in=READING_ROLES)
    if thing.pk and thing.restricted:
        admitted: Any = thing.restricted_to.all()
        rows = rows.filter(organisation__in=admitted)
    return one_a_person(rows)


def one_a_person(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Of somebody with several seats the oldest."""
    older = seats.filter(person=OuterRef("person"), pk__lt=OuterRef("pk"))
    return seats.filter(~Exists(older)).order_by("person__name", "pk")
