"""Queries to the databases' full-text indexes, in the syntax of each.

Input arrives here as quoted words of letters and digits, so that it is never parsed as an operator.
Both databases get the same query and give the same results.

Words of the search: folding, Kazakh stemming, parsing of a query.

Works on folded letters (`folding`), so that “кызметкерлерге” and “қызметкерлерге” are the same
word. The endings, and the letters that each may follow, are those of the school grammar: plural,
possession, cases, and the most frequent forms of verbs. The rest need not be a root of the
language; all forms of a word must have the same rest, so endings are stripped as long as possible.

People without a Kazakh keyboard write “кызметкер”; the text says “қызметкер”. Folding preserves
length, so that positions in the folded text are positions in the text.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from coalition.accounts.models import Language
from coalition.core.edit_distance import edit_distance

if TYPE_CHECKING:
    import snowballstemmer

WITH_SCANS = "SET LOCAL enable_seqscan TO DEFAULT"
LIKE = 40  # words with most trigrams in common with a mistyped one, to be compared


@dataclass(frozen=True)
class Term:
    """One word of the query: any of `exact`, or a word that begins with any of `beginnings`."""

    exact: tuple[str, ...]
    beginnings: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A matching item with what is needed to sort and filter before its text is read.

    `rank`: 0 if its title has the exact words in any of their forms, 1 if it has prefixes of them, 2 else.
    """

    pk: int
    kind: str
    key: int
    moment: datetime.datetime | None
    rank: int


def find_hits(language: str, terms: Sequence[Term]) -> list[Hit]:
    """Return items of the language that match all terms. One query."""
    exact = [Term(term.exact) for term in terms]
    exact_in_title, exact_query = _having(exact, "title_tokens")
    in_title, title_query = _having(terms, "title_tokens")
    where, query = _having(terms, "text_tokens")
    rank = f"CASE WHEN {exact_in_title} THEN 0 WHEN {in_title} THEN 1 ELSE 2 END"
    columns = f"i.id, i.kind, i.key, i.moment, {rank}"
    hits = []
    for row in _rows(columns, where, language, [exact_query, title_query, query]):
        hit = Hit(*row)
        if hit.moment is not None and hit.moment.tzinfo is None:
            # SQLite stores UTC without an offset, and raw queries return it naive.
            hit = hit._replace(moment=hit.moment.replace(tzinfo=datetime.UTC))
        hits.append(hit)
    return hits


def count_hits(language: str, terms: Sequence[Term], *, without: Collection[int] = ()) -> int:
    """Return the number of items of the language that match all terms, without those with these primary
    keys. One query."""
    where, query = _having(terms, "text_tokens")
    if without:
        where += f" AND i.id NOT IN ({', '.join(str(int(pk)) for pk in without)})"
    return int(_rows("COUNT(*)", where, language, [query])[0][0])


def _rows(columns: str, where: str, language: str, queries: Sequence[str]) -> list[tuple[Any, ...]]:
    """`queries`: parameters of the conditions in the columns, then of `where`."""
    # Keep PostgreSQL off the language's index: it would read every text of it instead of using the
    # full-text index.
    statement = f"SELECT {columns} FROM home_searchitem i WHERE i.language || '' = %s AND {where}"  # noqa: S608  # nosec B608  all is written in this file
    parameters = [*queries[:-1], language, queries[-1]]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(statement, parameters)
        else:
            # Measured: for frequent words PostgreSQL chooses a sequential scan, which takes 100 ms
            # for 5,000 items. All in one message, which is an implicit transaction and saves round
            # trips.
            cursor.execute(f"SET LOCAL enable_seqscan = off; {statement}; {WITH_SCANS}", parameters)
            cursor.nextset()
        return cursor.fetchall()


def _having(terms: Sequence[Term], column: str) -> tuple[str, str]:
    if connection.vendor == "sqlite":
        where = "i.id IN (SELECT rowid FROM home_searchitem_words WHERE home_searchitem_words MATCH %s)"
        return where, f"{{{column}}} : ({_fts5(terms)})"
    return f"i.{column}_vector @@ %s::tsquery", _tsquery(terms)


def words_like(language: str, pieces: Iterable[str]) -> list[tuple[str, str]]:
    """Return the words of the language with most trigrams in common: folded and as written. One query."""
    terms = [Term(exact=tuple(pieces))]
    if connection.vendor == "sqlite":
        statement = (
            "SELECT w.word, w.shown FROM home_searchword_words f JOIN home_searchword w ON w.id = f.rowid "
            "WHERE f.home_searchword_words MATCH %s AND w.language = %s ORDER BY f.rank, w.word LIMIT %s"
        )
        parameters: list[str | int] = [_fts5(terms), language, LIKE]
    else:
        statement = (
            "SELECT word, shown FROM home_searchword WHERE pieces_vector @@ %s::tsquery AND language = %s "
            "ORDER BY ts_rank(pieces_vector, %s::tsquery) DESC, word LIMIT %s"
        )
        parameters = [_tsquery(terms), language, _tsquery(terms), LIKE]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [(word, shown) for word, shown in cursor.fetchall()]


def words_without_item(language: str, words: Iterable[str]) -> list[str]:
    """Return the words that no item of the language contains any more. One query each."""
    return [word for word in words if not count_hits(language, [Term(exact=(word,))])]


def _fts5(terms: Sequence[Term]) -> str:
    return _join_terms(terms, " AND ", " OR ", '"{}"', '"{}" *')


def _tsquery(terms: Sequence[Term]) -> str:
    return _join_terms(terms, " & ", " | ", "'{}'", "'{}':*")


def _join_terms(terms: Sequence[Term], every: str, some: str, exact: str, beginning: str) -> str:
    """Return all terms, each in any of its forms, in one database's syntax for *and*, *or* and both kinds of
    form. Raises ValueError for a word with other characters than letters and digits."""
    if not all(word.isalnum() for term in terms for word in term.exact + term.beginnings):
        raise ValueError("A word to look for has letters and digits alone.")
    joined = []
    for term in terms:
        forms = [exact.format(word) for word in term.exact]
        forms += [beginning.format(word) for word in term.beginnings]
        joined.append(f"({some.join(forms)})")
    return every.join(joined)


VOWELS = frozenset("аеиоуыэюя")
VOICELESS = frozenset("пфктсшщхцчбвгд")  # final б, в, г, д are devoiced
SONANTS = frozenset("рлйумнзж")
AFTER_VOWEL_OR_SONANT = VOWELS | SONANTS
CONSONANTS = VOICELESS | SONANTS
THIRD_PERSON = frozenset("ыи")  # third-person possessive: заңы, мәселесі


# Two-letter words with inflected forms: ел, іс, ер, ат, от, үй, ой, ай, су, ас, ит, ет, құ.
SHORT = frozenset({"ел", "ис", "ер", "ат", "от", "уй", "ой", "ай", "су", "ас", "ит", "ет"})


# A vowel dropped before the possessive: халық – халқы, орын – орны.
LOST_VOWEL = {
    "халк": "халык",
    "орн": "орын",
    "мойн": "мойын",
    "ерн": "ерин",
    "мурн": "мурын",
    "карн": "карын",
    "даус": "дауыс",
    "конл": "конил",
}

HARD = {"б": "п", "г": "к"}  # мектеп – мектебі, құқық – құқығы


def _both(back: str, after: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return endings with back vowels, and their front-vowel variants by vowel harmony."""
    front = str.maketrans({"а": "е", "ы": "и"})
    return {form: after for one in back.split() for form in (one, one.translate(front))}


ENDINGS: dict[str, frozenset[str]] = {
    # plural
    **_both("лар", VOWELS | frozenset("рй")),
    **_both("дар", frozenset("лмнзж")),
    **_both("тар", VOICELESS),
    # cases: genitive, dative, accusative, locative, ablative, instrumental; then “that is there”
    **_both("нын", VOWELS | frozenset("мн")),
    **_both("дын", frozenset("рлйузж")),
    **_both("тын", VOICELESS),
    **_both("ны", VOWELS),
    **_both("ды", SONANTS | VOWELS),  # also the past tense of verbs: қорғады
    **_both("ты", VOICELESS),
    **_both("га", AFTER_VOWEL_OR_SONANT),
    **_both("ка", VOICELESS),
    **_both("на нда нан ндагы", THIRD_PERSON),
    **_both("да дагы", AFTER_VOWEL_OR_SONANT),
    **_both("та тагы", VOICELESS),
    **_both("дан", VOWELS | frozenset("рлйузж")),
    **_both("тан", VOICELESS),
    **_both("нан", frozenset("мн") | THIRD_PERSON),
    "мен": VOWELS | frozenset("рлйумн"),
    "бен": frozenset("зж"),
    "пен": VOICELESS,
    # possessive: its, my, our, your
    **_both("сы сын", VOWELS),
    **_both("ы ын ым ымыз ыныз", CONSONANTS),
    **_both("мыз ныз", VOWELS),
    # verbs: has done, does, does not, will do
    **_both("ган", AFTER_VOWEL_OR_SONANT),
    **_both("кан", VOICELESS),
    **_both("йды йтын", VOWELS),
    **_both("ады атын", CONSONANTS),
    "иды": CONSONANTS,
    "иди": CONSONANTS,
    **_both("майды", AFTER_VOWEL_OR_SONANT),
    **_both("байды", frozenset("мнзж")),
    **_both("пайды", VOICELESS),
    "у": CONSONANTS | VOWELS,
}

LONGEST = max(map(len, ENDINGS))


def kazakh_stems(word: str) -> list[str]:
    """Return the stems of a folded word, after no more endings can be stripped.

    Mostly one; more if the word is ambiguous: “қабылдады” is қабылда-ды, and could be қабылд-ады. A
    word without known endings is its own stem.
    """
    left: dict[str, None] = {}
    ways = [word]
    while ways:
        form = ways.pop()
        shorter = _without_ending(form)
        ways.extend(shorter)
        if not shorter:
            left[_settled(form)] = None
    return list(left)


def _without_ending(word: str) -> list[str]:
    found = []
    for length in range(min(LONGEST, len(word) - 2), 0, -1):
        rest, ending = word[:-length], word[-length:]
        after = ENDINGS.get(ending)
        if after is not None and rest[-1] in after and _can_stand(rest, ending):
            found.append(rest)
    return found


def _can_stand(rest: str, ending: str) -> bool:
    """Whether the rest can be a word. A back ending cannot follow a front syllable; after folding only “е” is
    unambiguous."""
    if len(rest) < 3:
        return rest in SHORT
    last = next((letter for letter in reversed(rest) if letter in VOWELS), "")
    first = next((letter for letter in ending if letter in VOWELS), "")
    return last != "" and not (last == "е" and first in {"а", "ы"})


def _settled(rest: str) -> str:
    rest = LOST_VOWEL.get(rest, rest)
    if rest.endswith("ис") and len(rest) > 5:
        return rest + "т"  # журналист – журналистер
    return rest[:-1] + HARD.get(rest[-1], rest[-1]) if len(rest) > 2 else rest


FOLDED_LETTERS = dict(zip("әіңғүұқөһё", "аингуукохе", strict=True))
WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40  # letters: anything longer is not a word


# Characters whose lower case has the same length and no combining marks: nearly every text has only
# these.
PLAIN = re.compile(r"[\x00-\xbf\u0400-\u04ff\u2002-\u2027\u202f-\u205e\u20a0-\u20bf№→−×]*")


class _Letters(dict[int, str]):
    """Cache of each letter's folded form."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        if not "Ѐ" <= letter <= "ӿ":  # й is a separate letter, é is not
            low = unicodedata.normalize("NFD", low)
        folded = self[code] = FOLDED_LETTERS.get(low[0], low[0])
        return folded


_letters = _Letters()


def tidy(text: str) -> str:
    """Return the text with composed letters (NFC), without NUL, which databases reject, and
    invisible characters."""
    return unicodedata.normalize("NFC", text).replace("\0", " ").replace("\u00ad", "")


def fold(text: str) -> str:
    """Return the folded text, of equal length. The input must come from `tidy`."""
    if PLAIN.fullmatch(text) is None:
        return text.translate(_letters)
    folded = text.lower()  # equivalent, ten times as fast
    for letter, other in FOLDED_LETTERS.items():
        folded = folded.replace(letter, other)
    return folded


def folded_words(folded: str) -> Iterator[str]:
    """Yield the words of a folded text in order: letters and digits only."""
    return (found[0][:LONGEST_WORD] for found in WORD.finditer(folded))


_one_at_a_time = Lock()  # a stemmer stores the current word, so it is not thread-safe
_SNOWBALL = {Language.RU: "russian", Language.EN: "english"}


@lru_cache(maxsize=100_000)
def stems(language: str, word: str) -> list[str]:
    """Return the stems of a folded word, folded: one, or in Kazakh one for each reading."""
    if language == Language.KK:
        return kazakh_stems(word)
    with _one_at_a_time:
        return [str(_stemmer(language).stemWord(word))]


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    import snowballstemmer  # stemmers of thirty languages: imported on first use

    return snowballstemmer.stemmer(_SNOWBALL[Language(language)])


def tokens(language: str, text: str) -> list[str]:
    """Return the index tokens of a text: each word and its stems, once, in alphabetical order."""
    words = set(folded_words(fold(tidy(text))))
    return sorted(words.union(*(stems(language, word) for word in words)))


SHORTEST = 4  # letters: shorter words are close to too many
SURE_FROM = 7  # letters from which on two mistakes are allowed
MOST_MISTAKES = 2


def trigrams(word: str) -> list[str]:
    """Return the distinct trigrams of the word, with padding at both ends."""
    edged = f"00{word}00"  # compared words contain no digits
    return sorted({edged[start : start + 3] for start in range(len(edged) - 2)})


def can_be_mistyped(word: str) -> bool:
    """Whether the word is long enough for correction, and no number."""
    return len(word) >= SHORTEST and word.isalpha()


def closest(word: Sequence[str], others: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the nearest of the other words within the allowed mistakes, in order.

    Each word comes with its stems, so that a mistake in another form of the word is one mistake.
    """
    found: dict[int, list[str]] = {}
    for other, spellings in others.items():
        far = []
        for one in word:
            for another in spellings:
                shorter = min(len(one), len(another))
                allowed = MOST_MISTAKES if shorter >= SURE_FROM else 1 if shorter >= SHORTEST else 0
                if abs(len(one) - len(another)) <= allowed:
                    mistakes = edit_distance(one, another)
                    far += [mistakes] if mistakes <= allowed else []
        if far:
            found.setdefault(min(far), []).append(other)
    return found[min(found)] if found else []


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

    def meaning(self, meant: Mapping[str, Sequence[str]]) -> list[Term]:
        """Return the terms with mistyped words replaced by the words meant."""
        terms = []
        for word in self.words:
            forms = [form for other in meant.get(word, ()) for form in word_forms(self.language, other)]
            terms.append(Term(tuple(dict.fromkeys(forms))) if word in meant else term_of(self.language, word))
        return terms


def parse_query(text: str, language: str) -> SearchQuery:
    """Parse a query: too long text is cut, punctuation is ignored."""
    words = list(dict.fromkeys(folded_words(fold(tidy(text[:MAX_QUERY_LENGTH])))))
    telling = [word for word in words if f" {word} " not in STOP_WORDS[language]]
    return SearchQuery(language, tuple((telling or words)[:MOST_WORDS]))


def words_as_typed(text: str) -> dict[str, str]:
    """Map the folded words of a query to the words as typed."""
    typed = tidy(text[:MAX_QUERY_LENGTH])
    words: dict[str, str] = {}
    for place in WORD.finditer(fold(typed)):
        words.setdefault(place[0][:LONGEST_WORD], typed[place.start() : place.end()])
    return words


def term_of(language: str, word: str) -> Term:
    exact = word_forms(language, word)
    beginnings = [word] if len(word) >= BEGINNING_FROM else []
    beginnings += [form for form in exact[1:] if len(form) >= STEM_BEGINNING_FROM]
    return Term(tuple(exact), tuple(beginnings))


def word_forms(language: str, word: str) -> list[str]:
    return list(dict.fromkeys([word, *stems(language, word)]))


def matches_tokens(term: Term, tokens: frozenset[str]) -> bool:
    """Whether a text with these tokens matches the term, by the same rule as in the database."""
    return not tokens.isdisjoint(term.exact) or any(
        token.startswith(term.beginnings) for token in tokens if term.beginnings
    )
