"""Parsing of a search query into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coalition.accounts.enums import Language
from home.search.folding import LONGEST_WORD, WORD, fold, folded_words, stems, tidy
from home.search.matching import Term

MAX_QUERY_LENGTH = 200  # characters
MOST_WORDS = 8
BEGINNING_FROM = 3  # letters from which on a word also matches as a prefix
STEM_BEGINNING_FROM = 5

# Stop words; they count only in a query without other words. Folded.
STOP_WORDS: dict[str, str] = {
    Language.KK: " жане мен бен пен да де ма ме бул сол ол уш ушин туралы бойынша ",
    Language.RU: " и в во на не с со к ко о об от до по за из у а но для что как это при ",
    Language.EN: " a an and the of in on at to for by with from is are was be it that this or ",
}


@dataclass(frozen=True)
class SearchQuery:
    """The words of a query in one language, folded. Without words there is nothing to search."""

    language: str
    words: tuple[str, ...]

    @property
    def terms(self) -> list[Term]:
        """Return each word in any of its forms, or as a prefix."""
        return [term_of(self.language, word) for word in self.words]

    @property
    def exact(self) -> list[Term]:
        """Return each word in any of its forms, without prefixes."""
        return [Term(term.exact) for term in self.terms]

    def meaning(self, meant: Mapping[str, Sequence[str]]) -> list[Term]:
        """Return the terms with mistyped words replaced by the words meant."""
        return [
            Term(
                tuple(
                    dict.fromkeys(form for other in meant[word] for form in word_forms(self.language, other))
                )
            )
            if word in meant
            else term_of(self.language, word)
            for word in self.words
        ]


def parse_query(text: str, language: str) -> SearchQuery:
    """Parse a query: too long text is cut, punctuation is ignored."""
    words = list(dict.fromkeys(folded_words(fold(tidy(text[:MAX_QUERY_LENGTH])))))
    telling = [word for word in words if f" {word} " not in STOP_WORDS[language]]
    return SearchQuery(language, tuple((telling or words)[:MOST_WORDS]))


def words_as_typed(text: str) -> dict[str, str]:
    """Map the folded words of a query to the words as typed."""
    typed = tidy(text[:MAX_QUERY_LENGTH])
    found = [
        (place[0][:LONGEST_WORD], typed[place.start() : place.end()]) for place in WORD.finditer(fold(typed))
    ]
    return dict(reversed(found))


def term_of(language: str, word: str) -> Term:
    """Return the term of one folded word."""
    exact = word_forms(language, word)
    beginnings = [word] if len(word) >= BEGINNING_FROM else []
    beginnings += [form for form in exact[1:] if len(form) >= STEM_BEGINNING_FROM]
    return Term(tuple(exact), tuple(beginnings))


def word_forms(language: str, word: str) -> list[str]:
    """Return a folded word and its stems."""
    return list(dict.fromkeys([word, *stems(language, word)]))


def matches_tokens(term: Term, tokens: frozenset[str]) -> bool:
    """Whether a text with these tokens matches the term, by the same rule as in the database."""
    return not tokens.isdisjoint(term.exact) or any(
        token.startswith(term.beginnings) for token in tokens if term.beginnings
    )
