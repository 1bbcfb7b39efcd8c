"""Queries for facts, their history and their maintainers."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats, own_seats
from documents.approval.models import RoundText
from documents.checklist.lines import RegisteredFact
from documents.drafts.models import DraftText, PublicationState, RoundState
from documents.drafts.queries import drafts_for
from documents.facts.models import Fact, FactEntry, FactTopic, FactUse, FactVersion, fact_run, words_in
from documents.publication.models import Publication, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


SUBJECT = "fact"  # of notifications
UNCHECKED = Q(checked=None) | ~Q(checked=F("current"))  # as Fact.is_unchecked
FACT_EDITING_ROLES = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]


def local_today() -> datetime.date:
    """Return the coalition's date."""
    return timezone.localdate(now())


def may_read_facts(user: object) -> bool:
    """Whether the person holds a seat in any workspace."""
    return isinstance(user, User) and user.is_active and own_seats(user).exists()


def fact_editing_seats(user: User) -> QuerySet[Seat]:
    """Return seats that may create facts: editors and coordinators, in active workspaces."""
    seats = own_seats(user).filter(role__in=FACT_EDITING_ROLES, workspace__archived_at=None)
    return seats.select_related("person", "organisation", "workspace").order_by("pk")


def fact_editing_seat(user: User, fact: Fact) -> Seat | None:
    """Return the seat by which the person may change the fact: of its owner, or a coordinator's."""
    seats = list(fact_editing_seats(user))
    own = (seat for seat in seats if seat.organisation_id == fact.owner_id)
    return next(own, next((seat for seat in seats if seat.role == SeatRole.COORDINATOR), None))


def fact_editor_seats(owner: Organisation) -> list[Seat]:
    """Return seats of the owner's maintainers; if it has none, of all coordinators."""
    seats = active_seats().filter(role__in=FACT_EDITING_ROLES, workspace__archived_at=None)
    rows = seats.select_related("person", "organisation", "workspace").order_by("pk")
    return list(rows.filter(organisation=owner)) or list(rows.filter(role=SeatRole.COORDINATOR))


def prefetch_fact_words(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    """Return the same facts with owner and words, in two more queries whatever their number."""
    versions = FactVersion.objects.prefetch_related("words")
    return facts.select_related("owner").prefetch_related(
        Prefetch("current", queryset=versions), Prefetch("checked", queryset=versions)
    )


def facts_for(user: object) -> QuerySet[Fact]:
    """Return the coalition's facts; none for people without a seat."""
    return Fact.objects.all() if may_read_facts(user) else Fact.objects.none()


def filter_facts(
    facts: QuerySet[Fact],
    *,
    words: str = "",
    topic: str = "",
    owner: str = "",
    due: bool = False,
    retired: bool = False,
) -> QuerySet[Fact]:
    """Return facts that contain each of the words, newest first.
    `owner`: a UUID; `due`: those waiting for a check."""
    facts = facts.filter(retired_at__isnull=not retired)
    for word in words.lower().replace("ё", "е").split()[:8]:
        facts = facts.filter(search__contains=word)
    if topic in FactTopic.values:
        facts = facts.filter(topic=topic)
    if owner:
        facts = facts.filter(owner__uuid=owner)
    if due:
        facts = facts.filter(Q(next_check__lte=local_today()) | UNCHECKED)
    return facts.order_by("-pk")


def owners_of(facts: QuerySet[Fact]) -> QuerySet[Organisation]:
    """Return organisations that maintain one of them."""
    return Organisation.objects.filter(pk__in=facts.order_by().values("owner")).order_by("pk")


def facts_to_check(user: User) -> QuerySet[Fact]:
    """Return active facts waiting for a check that this person may make: of organisations whose
    facts they maintain, without words they wrote themselves."""
    own = fact_editing_seats(user).values("organisation")
    due = Q(next_check__lte=local_today()) | UNCHECKED
    own_words = Q(current__written_by=user) & UNCHECKED
    return Fact.objects.filter(due, owner__in=own, retired_at=None).exclude(own_words)


def entries_of(fact: Fact) -> QuerySet[FactEntry]:
    """Return the history of a fact the caller may read, newest first."""
    return fact.entries.select_related("person", "organisation", "version").order_by("-id")


def facts_due() -> QuerySet[Fact]:
    """Return active facts whose check is due, with their owners. Not for display."""
    return (
        Fact.objects.filter(next_check__lte=local_today(), retired_at=None)
        .select_related("owner")
        .order_by("pk")
    )


class UseState(TypedDict):
    """Flags of a use: in a text in approval; in a public text."""

    is_put: bool
    is_public: bool


type StandingUse = WithAnnotations[FactUse, UseState]


def uses_in_texts(fact: Fact) -> QuerySet[FactUse]:
    """Return uses in current texts of drafts in work. Not for display: see `texts_using`."""
    uses = FactUse.objects.filter(fact_version__fact=fact, text__draft__archived_at=None)
    return uses.select_related("fact_version", "text__draft__workspace").order_by("pk")


def texts_using(user: object, fact: Fact) -> QuerySet[FactUse]:
    """Return the same for drafts that the person may read; others are not even counted."""
    return uses_in_texts(fact).filter(text__draft__in=drafts_for(user).order_by().values("pk"))


def round_texts_using(fact: Fact) -> QuerySet[RoundText]:
    """Return versions in open rounds that use the fact. Not for display."""
    uses = FactUse.objects.filter(fact_version__fact=fact, version=OuterRef("version"))
    return RoundText.objects.filter(Exists(uses), round__state=RoundState.OPEN)


def published_using(fact: Fact) -> QuerySet[PublicationText]:
    """Return public texts that use the fact, except corrected ones."""
    uses = FactUse.objects.filter(fact_version__fact=fact, version=OuterRef("version"))
    return PublicationText.objects.filter(
        Exists(uses), publication__state=PublicationState.PUBLIC, publication__replaced_by=None
    )


def outdated_uses_in(text: DraftText) -> list[StandingUse]:
    """Return uses of outdated or retired facts: in the current text, in its version in approval, in
    its public version."""
    in_round = RoundText.objects.filter(version__text=text, round__state=RoundState.OPEN)
    public = PublicationText.objects.filter(
        version__text=text, publication__state=PublicationState.PUBLIC, publication__replaced_by=None
    )
    uses = FactUse.objects.filter(
        Q(text=text) | Q(version__in=in_round.values("version")) | Q(version__in=public.values("version"))
    ).annotate(
        is_put=Exists(in_round.filter(version=OuterRef("version"))),
        is_public=Exists(public.filter(version=OuterRef("version"))),
    )
    older = uses.exclude(fact_version=F("fact_version__fact__current"), fact_version__fact__retired_at=None)
    rows = older.select_related("fact_version__fact__current").order_by("pk")
    return list(rows.prefetch_related("fact_version__words", "fact_version__fact__current__words"))


def public_versions() -> QuerySet[FactVersion]:
    """Return versions with public words: a public text contains them, even a replaced one."""
    public = PublicationText.objects.filter(publication__state=PublicationState.PUBLIC)
    uses = FactUse.objects.filter(fact_version=OuterRef("pk"), version__in=public.values("version"))
    return FactVersion.objects.filter(Exists(uses))


def publications_using(fact: Fact) -> QuerySet[Publication]:
    """Return the public texts that use the fact, newest first."""
    rows = Publication.objects.filter(texts__in=published_using(fact).values("pk")).distinct()
    return rows.order_by("-number")


def registered_facts(ids: Iterable[str], language: str) -> Mapping[str, RegisteredFact]:
    """Return register data by the id in the text, without ids that are unknown or lack the
    language. Queries only if there is one."""
    id_of = {uuid: one for one in ids if (uuid := parse_uuid(one)) is not None}
    if not id_of:
        return {}
    found: dict[str, RegisteredFact] = {}
    versions = FactVersion.objects.filter(uuid__in=id_of).select_related("fact")
    for version in versions.prefetch_related("words"):
        if words := words_in(version, language):
            run, fact = fact_run(version, words), version.fact
            newest = fact.current_id == version.pk and fact.retired_at is None
            found[id_of[version.uuid]] = RegisteredFact(run["words"], run["source"], newest)
    return found


@dataclass(frozen=True)
class FactPage:
    """A public page that displays a fact, and its language."""

    title: str
    url: str
    language: str


type FactPagesSource = Callable[[Fact], Iterable[FactPage]]

_page_sources: list[FactPagesSource] = []


def register_fact_pages(places_of: FactPagesSource) -> None:
    """Register a source of public pages that display facts (from `AppConfig.ready()`)."""
    _page_sources[:] = [places_of]


def fact_pages(fact: Fact) -> list[FactPage]:
    return [place for one in _page_sources for place in one(fact)]
