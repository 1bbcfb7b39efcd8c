"""Queries for open letters and joinings."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from documents.drafts.enums import PublicationState
from documents.drafts.models import Draft
from documents.open_letters.enums import JoiningState
from documents.open_letters.models import Joining, JoiningLogo, OpenLetter
from documents.publication.models import Publication
from documents.publication.queries import newest_public_of


def letter_of(draft: Draft) -> OpenLetter | None:
    """Return the draft's open letter, also a closed one. The caller may see it."""
    return OpenLetter.objects.filter(draft=draft).select_related("draft").first()


def open_letter_of(publication: Publication) -> OpenLetter | None:
    """Return the letter that takes names for exactly this publication now: one query."""
    if publication.state != PublicationState.PUBLIC or getattr(publication, "replaced_by", None) is not None:
        return None
    return OpenLetter.objects.filter(draft=publication.draft_id, closed_at=None).first()


def letter_on_sheet(publication: Publication) -> dict[str, object]:
    """What the public approval sheet shows of it."""
    return {"letter": open_letter_of(publication)}


def letter_at(slug: str) -> tuple[OpenLetter, Publication] | None:
    """Return the letter of a slug with its public text; None without one."""
    letter = OpenLetter.objects.filter(slug=slug).select_related("draft__workspace").first()
    publication = newest_public_of(letter.draft) if letter else None
    return (letter, publication) if letter and publication else None


@dataclass(frozen=True)
class JoinedOrganisation:
    """An organisation from outside as visible to everyone; with its logo if sent and permitted."""

    name: str
    logo: JoiningLogo | None


@dataclass(frozen=True)
class JoinedOrganisations:
    """The outside signatories of a text: those that may be named, and the number of others."""

    named: list[JoinedOrganisation]
    others: int

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.named]

    @property
    def count(self) -> int:
        return len(self.named) + self.others


def joined_organisations(letter: OpenLetter, publication: Publication) -> JoinedOrganisations:
    """Return what everyone may see, in the order of joining: one query."""
    rows = joinings_of(letter, publication).filter(state=JoiningState.JOINED)
    rows = rows.filter(Q(admitted_at__isnull=False) | Q(letter__looks_first=False))
    found = list(rows.select_related("logo", "letter"))
    named = [JoinedOrganisation(row.name, _visible_logo(row)) for row in found if row.is_listed]
    return JoinedOrganisations(named=named, others=len(found) - len(named))


def _visible_logo(row: Joining) -> JoiningLogo | None:
    """Return the logo if permitted, and admitted where coordinators moderate. Needs `logo` and
    `letter` loaded."""
    logo: JoiningLogo | None = getattr(row, "logo", None)
    if logo is None or not row.logo_allowed or (row.letter.looks_first and logo.admitted_at is None):
        return None
    return logo


def logo_of_joining(row: Joining) -> JoiningLogo | None:
    """Return the logo that an organisation sent, also before moderation."""
    return JoiningLogo.objects.filter(joining=row).first()


def joinings_of(letter: OpenLetter, publication: Publication) -> QuerySet[Joining]:
    """Return confirmed joinings of exactly this publication, for coordinators, in chronological
    order."""
    rows = Joining.objects.filter(letter=letter, publication=publication)
    rows = rows.exclude(state=JoiningState.UNCONFIRMED).select_related("letter")
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


def joining_of_token(token_hash: str) -> Joining | None:
    """Return the joining of a link, whatever its state."""
    rows = Joining.objects.filter(token_hash=token_hash)
    return rows.select_related("letter__draft__workspace", "publication").first()
