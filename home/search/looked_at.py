"""Organisations that may be named to everyone and facts of the register, looked at when somebody asks.

The names of organisations are sealed in the database whatever their listing, so that a name that is withheld
later leaves no plain trace; a fact is public by what its keepers opened, by the pages that show it and by the
texts that say it. Therefore no index holds them: a coalition has hundreds of them, not thousands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.queries import named_in, public_organisations, said_in
from coalition.accounts.regions import region_names
from home.models import FoundKind
from home.public_facts import fact_address, facts_said
from home.search.asking import fits
from home.search.folding import fold, tidy, words_in
from home.search.matching import Term
from home.search.stems import tokens

SHOWN = ("slug", "regions", "initials", "hue")  # of an organisation, beside its name and what it says


@dataclass(frozen=True)
class LookedAt:
    """An organisation or a fact in the words of one language; `key` is its primary key."""

    kind: FoundKind
    key: int
    title: str
    text: str
    url: str
    regions: frozenset[str] = frozenset()
    organisation: Organisation | None = None
    note: str = ""

    def has(self, terms: Collection[Term], language: str, *, in_title: bool = False) -> bool:
        words = _tokens(language, self.title if in_title else f"{self.title}\n{self.text}")
        return all(fits(term, words) for term in terms)


def looked_at(language: str) -> list[LookedAt]:
    """All of them. Three queries."""
    return [*_partners(language), *_facts(language)]


def _partners(language: str) -> list[LookedAt]:
    return [
        LookedAt(
            FoundKind.PARTNER,
            row.pk,
            organisation=row,
            note=", ".join(region_names(row.regions)),
            title=display_name_for(PUBLIC, row, language=language),
            text=row.said,
            url=f"/{language}/partners/{row.slug}/",
            regions=frozenset(row.regions),
        )
        for row in named_in(public_organisations(), language, *SHOWN).annotate(said=said_in(language))
    ]


def _facts(language: str) -> list[LookedAt]:
    """Public facts in use, in what was checked of them last, as far as it is said in the language."""
    return [
        LookedAt(
            FoundKind.FACT,
            fact.pk,
            title=f"{words.numeral} {words.sentence}".strip(),
            text=f"{words.scope}\n{words.source}\n{words.how}",
            url=fact_address(fact, language),
        )
        for fact, words in facts_said(language)
    ]


def words_of(things: Collection[LookedAt]) -> dict[str, str]:
    """The words of their names: as folded, and as written in small letters."""
    found: dict[str, str] = {}
    for thing in things:
        title = tidy(thing.title)
        written = title.split()
        for one in written:
            for word in words_in(fold(one)):
                found.setdefault(word, one.strip("«»“”\"'.,()").lower())
    return found


@lru_cache(maxsize=2000)
def _tokens(language: str, text: str) -> frozenset[str]:
    return frozenset(tokens(language, text))
