"""Organisations that may be named publicly and facts of the register, read on each search.

Names of organisations are encrypted in the database whatever their listing, so that a name withheld
later leaves no plain-text trace; whether a fact is public depends on its owners, on pages and on
texts. Therefore they are not indexed: a coalition has hundreds of them, not thousands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.queries import description_in, public_organisations, with_names_in
from coalition.accounts.regions import region_names
from home.models import FoundKind
from home.public_facts import fact_address, facts_in_language
from home.search.folding import fold, folded_words, tidy, tokens
from home.search.matching import Term
from home.search.query import matches_tokens

ORGANISATION_FIELDS = (
    "slug",
    "regions",
    "initials",
    "hue",
)  # fields of an organisation, beside its name and description


@dataclass(frozen=True)
class UnindexedItem:
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
        return all(matches_tokens(term, words) for term in terms)


def unindexed_items(language: str) -> list[UnindexedItem]:
    """Return all of them. Three queries."""
    return [*_organisation_items(language), *_fact_items(language)]


def _organisation_items(language: str) -> list[UnindexedItem]:
    return [
        UnindexedItem(
            FoundKind.PARTNER,
            row.pk,
            organisation=row,
            note=", ".join(region_names(row.regions)),
            title=display_name_for(PUBLIC, row, language=language),
            text=row.said,
            url=f"/{language}/partners/{row.slug}/",
            regions=frozenset(row.regions),
        )
        for row in with_names_in(public_organisations(), language, *ORGANISATION_FIELDS).annotate(
            said=description_in(language)
        )
    ]


def _fact_items(language: str) -> list[UnindexedItem]:
    """Return public facts in use, in their last checked version, if it has the language."""
    return [
        UnindexedItem(
            FoundKind.FACT,
            fact.pk,
            title=f"{words.numeral} {words.sentence}".strip(),
            text=f"{words.scope}\n{words.source}\n{words.how}",
            url=fact_address(fact, language),
        )
        for fact, words in facts_in_language(language)
    ]


def words_in_names(things: Collection[UnindexedItem]) -> dict[str, str]:
    """Return the words of their names: folded, and in lower case as written."""
    found: dict[str, str] = {}
    for thing in things:
        title = tidy(thing.title)
        written = title.split()
        for one in written:
            for word in folded_words(fold(one)):
                found.setdefault(word, one.strip("«»“”\"'.,()").lower())
    return found


@lru_cache(maxsize=2000)
def _tokens(language: str, text: str) -> frozenset[str]:
    return frozenset(tokens(language, text))
