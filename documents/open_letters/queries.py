"""Open letters and joinings: rights and lists."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from documents.drafts.models import Draft, PublicationState
from documents.open_letters.models import Joining, JoiningState, OpenLetter
from documents.publication.models import Publication


def letter_of(draft: Draft) -> OpenLetter | None:
    """Return the draft's open letter, also a closed one. The caller may see it."""
    return OpenLetter.objects.filter(draft=draft).select_related("draft").first()


def letter_on_sheet(publication: Publication) -> dict[str, object]:
    """Return context of the public approval sheet: the letter that takes names for this publication now."""
    if publication.state != PublicationState.PUBLIC or getattr(publication, "replaced_by", None) is not None:
        return {"letter": None}
    return {"letter": OpenLetter.objects.filter(draft=publication.draft_id, closed_at=None).first()}


def letter_at(slug: str) -> tuple[OpenLetter, Publication] | None:
    """Return the letter of a slug with its public text; None without one."""
    letter = OpenLetter.objects.filter(slug=slug).select_related("draft__workspace").first()
    publication = letter.draft.publications.newest_public() if letter else None
    return (letter, publication) if letter and publication else None


@dataclass(frozen=True)
class JoinedOrganisations:
    """The outside signatories of a text: those that may be named, and the number of others."""

    named: list[Joining]
    others: int

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.named]

    @property
    def count(self) -> int:
        return len(self.named) + self.others


def joined_organisations(letter: OpenLetter, publication: Publication) -> JoinedOrganisations:
    """Return what everyone may see, in the order of joining, with logos: one query."""
    rows = joinings_of(letter, publication).filter(state=JoiningState.JOINED)
    found = list(rows.filter(Q(admitted_at__isnull=False) | Q(letter__looks_first=False)))
    named = [row for row in found if row.is_listed]
    return JoinedOrganisations(named=named, others=len(found) - len(named))


def joinings_of(letter: OpenLetter, publication: Publication) -> QuerySet[Joining]:
    """Return confirmed joinings of exactly this publication with letter and logo, for coordinators, in
    chronological order."""
    rows = Joining.objects.filter(letter=letter, publication=publication)
    rows = rows.exclude(state=JoiningState.UNCONFIRMED).select_related("letter", "logo", "publication")
    return rows.order_by(F("confirmed_at").asc(nulls_last=True), "pk")


def joined_earlier(letter: OpenLetter, publication: Publication) -> list[Joining]:
    """Return signatories of earlier texts of the letter that have not joined this one: each address
    once, in chronological order. The number is public, the names are for coordinators."""
    rows = Joining.objects.filter(letter=letter, state=JoiningState.JOINED)
    here = rows.filter(publication=publication).values("address_print")
    earlier = rows.exclude(publication=publication).exclude(address_print__in=here)
    found = {row.address_print: row for row in earlier.order_by("confirmed_at", "pk")}
    return list(found.values())


def may_join_again(joining: Joining, public: Publication) -> bool:
    """Whether it is a signatory of an earlier text, and its address not yet of this one."""
    if joining.state != JoiningState.JOINED or joining.publication_id == public.pk:
        return False
    same = Joining.objects.filter(letter=joining.letter_id, address_print=joining.address_print)
    return not same.filter(publication=public, state=JoiningState.JOINED).exists()
