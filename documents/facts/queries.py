"""Facts and their history, and who keeps them: the only place where they come from."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats
from documents.approval.models import RoundText
from documents.checklist.subject import Registered
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models import DraftText
from documents.drafts.queries import drafts_for
from documents.facts.content import run_of, version_named
from documents.facts.enums import FactTopic
from documents.facts.models import Fact, FactEntry, FactUse, FactVersion
from documents.publication.models import Publication, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


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


# --- uses ---
# Where facts are used: in texts as they stand, in what is put to approval, in what is public.


class Stands(TypedDict):
    """Of a use: in what is put to approval; in what is public."""

    is_put: bool
    is_public: bool


type StandingUse = WithAnnotations[FactUse, Stands]


def versions_with(uuids: Iterable[UUID]) -> QuerySet[FactVersion]:
    """Versions that texts name, with their facts and words."""
    rows = FactVersion.objects.filter(uuid__in=list(uuids))
    return rows.select_related("fact__current").prefetch_related("words", "fact__current__words")


def uses_in_texts(fact: Fact) -> QuerySet[FactUse]:
    """Texts of drafts in work that hold the fact now. Not for showing: see `texts_using`."""
    uses = FactUse.objects.filter(fact_version__fact=fact, text__draft__archived_at=None)
    return uses.select_related("fact_version", "text__draft__workspace").order_by("pk")


def texts_using(user: object, fact: Fact) -> QuerySet[FactUse]:
    """The same, of drafts that the person may read: of nothing else even the number is told."""
    return uses_in_texts(fact).filter(text__draft__in=drafts_for(user).order_by().values("pk"))


def put_using(fact: Fact) -> QuerySet[RoundText]:
    """Versions in open rounds that hold the fact, with `fact_version`. Not for showing."""
    return _with_version(RoundText.objects.filter(round__state=RoundState.OPEN), fact)


def published_using(fact: Fact) -> QuerySet[PublicationText]:
    """Public texts that hold the fact, with `fact_version`, without those that a correction replaced."""
    public = PublicationText.objects.filter(
        publication__state=PublicationState.PUBLIC, publication__replaced_by=None
    )
    return _with_version(public, fact)


def _with_version[T: (RoundText, PublicationText)](rows: QuerySet[T], fact: Fact) -> QuerySet[T]:
    uses = FactUse.objects.filter(fact_version__fact=fact, version=OuterRef("version"))
    return rows.filter(Exists(uses)).annotate(
        fact_version=uses.order_by("fact_version").values("fact_version")[:1]
    )


def older_in(text: DraftText) -> list[StandingUse]:
    """Facts that are used in other words than the register has now, or that are out of use: in the text as it
    stands, in what of it is put to approval, in what of it is public."""
    put = RoundText.objects.filter(version__text=text, round__state=RoundState.OPEN)
    public = PublicationText.objects.filter(
        version__text=text, publication__state=PublicationState.PUBLIC, publication__replaced_by=None
    )
    uses = FactUse.objects.filter(
        Q(text=text) | Q(version__in=put.values("version")) | Q(version__in=public.values("version"))
    ).annotate(
        is_put=Exists(put.filter(version=OuterRef("version"))),
        is_public=Exists(public.filter(version=OuterRef("version"))),
    )
    older = uses.exclude(fact_version=F("fact_version__fact__current"), fact_version__fact__retired_at=None)
    rows = older.select_related("fact_version__fact__current").order_by("pk")
    return list(rows.prefetch_related("fact_version__words", "fact_version__fact__current__words"))


def public_versions() -> QuerySet[FactVersion]:
    """Versions whose words are public, since a public text holds them; a replaced one's too."""
    public = PublicationText.objects.filter(publication__state=PublicationState.PUBLIC)
    uses = FactUse.objects.filter(fact_version=OuterRef("pk"), version__in=public.values("version"))
    return FactVersion.objects.filter(Exists(uses))


def publications_using(fact: Fact) -> QuerySet[Publication]:
    """Public texts, of which everyone may know, newest first."""
    rows = Publication.objects.filter(texts__in=published_using(fact).values("pk")).distinct()
    return rows.order_by("-number")


def registered(ids: Iterable[str], language: str) -> Mapping[str, Registered]:
    """By the id that the text holds; without what is of no register or not said in the language. Asks the
    database only if there is one."""
    named = {uuid: one for one in ids if (uuid := version_named(one)) is not None}
    if not named:
        return {}
    found: dict[str, Registered] = {}
    for version in versions_with(named):
        words = next((one for one in version.words.all() if one.language == language), None)
        if words is not None:
            run, fact = run_of(version, words), version.fact
            newest = fact.current_id == version.pk and fact.retired_at is None
            found[named[version.uuid]] = Registered(run["words"], run["source"], newest)
    return found


# --- external uses ---
# Where facts stand that this layer does not know: pages of the public site, told by a higher layer.


@dataclass(frozen=True)
class Place:
    """A public page that shows a fact, and in which language."""

    title: str
    url: str
    language: str


type PlacesOf = Callable[[Fact], Iterable[Place]]

_places: list[PlacesOf] = []


def register_places(places_of: PlacesOf) -> None:
    """Say on which public pages a fact stands (from `AppConfig.ready()`)."""
    _places[:] = [places_of]


def places_of(fact: Fact) -> list[Place]:
    """The public pages that show the fact, of which everyone may know."""
    return [place for one in _places for place in one(fact)]
