"""Organisations that may be named to everyone, looked at when somebody asks.

Their names are sealed in the database whatever their listing, so that a name that is withheld later leaves
no plain trace. Therefore no index holds them: a coalition has hundreds of them, not thousands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from coalition.partners.models import Organisation
from coalition.partners.naming import PUBLIC, display_name_for
from coalition.partners.queries import public_organisations
from home.search.asking import fits
from home.search.folding import fold, tidy, words_in
from home.search.matching import Term
from home.search.stems import tokens


@dataclass(frozen=True)
class Partner:
    """A listed organisation in the words of one language."""

    organisation: Organisation
    title: str
    text: str
    url: str
    regions: frozenset[str]

    def has(self, terms: Collection[Term], language: str, *, in_title: bool = False) -> bool:
        words = _tokens(language, self.title if in_title else f"{self.title}\n{self.text}")
        return all(fits(term, words) for term in terms)


def listed(language: str) -> list[Partner]:
    """All of them. One query."""
    return [
        Partner(
            organisation=row,
            title=display_name_for(PUBLIC, row, language=language),
            text=row.description_in(language),
            url=f"/{language}/partners/{row.slug}/",
            regions=frozenset(row.regions),
        )
        for row in public_organisations()
    ]


def words_of(partners: Collection[Partner]) -> dict[str, str]:
    """The words of their names: as folded, and as written in small letters."""
    found: dict[str, str] = {}
    for partner in partners:
        title = tidy(partner.title)
        written = title.split()
        for one in written:
            for word in words_in(fold(one)):
                found.setdefault(word, one.strip("«»“”\"'.,()").lower())
    return found


@lru_cache(maxsize=2000)
def _tokens(language: str, text: str) -> frozenset[str]:
    return frozenset(tokens(language, text))
