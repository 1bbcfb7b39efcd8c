"""Where facts are used: in texts as they stand, in what is put to approval, in what is public."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from documents.approval.models.rounds import RoundText
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models.draft import DraftText
from documents.drafts.queries.drafts import drafts_for
from documents.facts.models import Fact, FactUse, FactVersion
from documents.publication.models.publication import Publication, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


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
