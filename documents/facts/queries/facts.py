"""Facts and their history, and who keeps them: the only place where they come from."""

import datetime

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats
from documents.facts.enums import FactTopic
from documents.facts.models import Fact, FactEntry, FactVersion

SUBJECT = "fact"  # of notifications
KEEPING_ROLES = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]


def today() -> datetime.date:
    """The coalition's day."""
    return timezone.localdate(now())


def reads_facts(user: object) -> bool:
    """Whoever holds a seat in any workspace."""
    return isinstance(user, User) and user.is_active and active_seats(user).exists()


def keeping_seats(user: User) -> QuerySet[Seat]:
    """Seats by which facts are written down: editors' and coordinators', in workspaces in work."""
    seats = active_seats(user).filter(role__in=KEEPING_ROLES, workspace__archived_at=None)
    return seats.select_related("person", "organisation", "workspace").order_by("pk")


def keeping_seat(user: User, fact: Fact) -> Seat | None:
    """The seat in whose name the person changes the fact: of its owner, else one in which they coordinate."""
    seats = list(keeping_seats(user))
    own = (seat for seat in seats if seat.organisation_id == fact.owner_id)
    return next(own, next((seat for seat in seats if seat.role == SeatRole.COORDINATOR), None))


def keepers_of(owner: Organisation) -> list[Seat]:
    """Seats of those who keep the owner's facts; where it has none, those who coordinate anywhere."""
    seats = active_seats().filter(role__in=KEEPING_ROLES, workspace__archived_at=None)
    rows = seats.select_related("person", "organisation", "workspace").order_by("pk")
    return list(rows.filter(organisation=owner)) or list(rows.filter(role=SeatRole.COORDINATOR))


def with_words(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    """The same facts with their owner and what they say, in two queries more whatever their number."""
    versions = FactVersion.objects.prefetch_related("words")
    return facts.select_related("owner").prefetch_related(
        Prefetch("current", queryset=versions), Prefetch("checked", queryset=versions)
    )


def facts_for(user: object) -> QuerySet[Fact]:
    """Facts of the coalition; none for who holds no seat."""
    return Fact.objects.all() if reads_facts(user) else Fact.objects.none()


def filtered(
    facts: QuerySet[Fact],
    *,
    words: str = "",
    topic: str = "",
    owner: str = "",
    due: bool = False,
    retired: bool = False,
) -> QuerySet[Fact]:
    """Facts that hold each of the words, the newest first. `owner`: a UUID; `due`: those that wait for a
    check."""
    facts = facts.filter(retired_at__isnull=not retired)
    for word in words.lower().replace("ё", "е").split()[:8]:
        facts = facts.filter(search__contains=word)
    if topic in FactTopic.values:
        facts = facts.filter(topic=topic)
    if owner:
        facts = facts.filter(owner__uuid=owner)
    if due:
        facts = facts.filter(waits_for_check())
    return facts.order_by("-pk")


def waits_for_check() -> Q:
    """Its day has come, or nobody but its writer has looked at what it says now."""
    return Q(next_check__lte=today()) | Q(checked=None) | ~Q(checked=F("current"))


def owners_of(facts: QuerySet[Fact]) -> QuerySet[Organisation]:
    """Organisations that keep one of them."""
    return Organisation.objects.filter(pk__in=facts.order_by().values("owner")).order_by("pk")


def facts_to_check(user: User) -> QuerySet[Fact]:
    """In use, waiting for a check that this person may make: of organisations for which they keep facts. What
    the person wrote themselves waits for others."""
    own = keeping_seats(user).values("organisation")
    day, unchecked = Q(next_check__lte=today()), Q(checked=None) | ~Q(checked=F("current"))
    mine = Q(current__written_by=user) & unchecked
    return Fact.objects.filter(day | unchecked, owner__in=own, retired_at=None).exclude(mine)


def entries_of(fact: Fact) -> QuerySet[FactEntry]:
    """The history of a fact the caller may read, newest first."""
    rows = fact.entries.select_related("person", "organisation", "version")
    return rows.prefetch_related("version__words").order_by("-id")


def versions_of(fact: Fact) -> QuerySet[FactVersion]:
    return fact.versions.prefetch_related("words").order_by("-number")


def facts_due() -> QuerySet[Fact]:
    """Facts in use whose day has come, with their owners. Not for showing."""
    return (
        Fact.objects.filter(next_check__lte=today(), retired_at=None).select_related("owner").order_by("pk")
    )
