"""What the databases' full-text indexes are asked: the only place that knows their languages.

Whatever a person typed arrives here as words of letters and digits, each in quotation marks: it can never
be an operator. Both databases are asked the same and answer the same.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

WITH_SCANS = "SET LOCAL enable_seqscan TO DEFAULT"
LIKE = 40  # words that share most pieces with a mistyped one, to be looked at closely


@dataclass(frozen=True)
class Term:
    """One word asked for: any of `exact`, or a word that begins with any of `beginnings`."""

    exact: tuple[str, ...]
    beginnings: tuple[str, ...] = ()


class Hit(NamedTuple):
    """An item that was found: enough to sort and narrow before its words are read.

    `rank`: 0 if its title has the very words in any of their forms, 1 if it has beginnings of them, 2 else.
    """

    pk: int
    kind: str
    key: int
    moment: datetime.datetime | None
    rank: int


def find_hits(language: str, terms: Sequence[Term]) -> list[Hit]:
    """Items of the language that have all the terms. One query."""
    exact = [Term(term.exact) for term in terms]
    in_title, asked_exact = _having(exact, "title_tokens")
    begun_in_title, asked_begun = _having(terms, "title_tokens")
    where, asked = _having(terms, "text_tokens")
    rank = f"CASE WHEN {in_title} THEN 0 WHEN {begun_in_title} THEN 1 ELSE 2 END"
    columns = f"i.id, i.kind, i.key, i.moment, {rank}"
    rows = _rows(columns, where, language, [asked_exact, asked_begun, asked])
    return [Hit(pk, kind, key, _aware_moment(moment), rank) for pk, kind, key, moment, rank in rows]


def count_hits(language: str, terms: Sequence[Term]) -> int:
    """How many items of the language have all the terms. One query."""
    where, asked = _having(terms, "text_tokens")
    return int(_rows("COUNT(*)", where, language, [asked])[0][0])


def _rows(columns: str, where: str, language: str, asked: Sequence[str]) -> list[tuple[Any, ...]]:
    """`asked`: what stands in the conditions of the columns, then what stands in `where`."""
    # The language is no way in: PostgreSQL would read every text of it rather than its index of words.
    statement = f"SELECT {columns} FROM home_searchitem i WHERE i.language || '' = %s AND {where}"  # noqa: S608  # nosec B608  all is written in this file
    given = [*asked[:-1], language, asked[-1]]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(statement, given)
        else:
            # Measured: for words that many texts have it reads them all, which takes 100 ms for 5,000. All
            # in one message, which is a transaction of its own: each message waits for the server's turn.
            cursor.execute(f"SET LOCAL enable_seqscan = off; {statement}; {WITH_SCANS}", given)
            cursor.nextset()
        return cursor.fetchall()


def _having(terms: Sequence[Term], column: str) -> tuple[str, str]:
    if connection.vendor == "sqlite":
        where = "i.id IN (SELECT rowid FROM home_searchitem_words WHERE home_searchitem_words MATCH %s)"
        return where, f"{{{column}}} : ({_fts5(terms)})"
    return f"i.{column}_vector @@ %s::tsquery", _tsquery(terms)


def words_like(language: str, pieces: Iterable[str]) -> list[tuple[str, str]]:
    """Words of the language that share most pieces: as folded and as written. One query."""
    asked = [Term(exact=tuple(pieces))]
    if connection.vendor == "sqlite":
        statement = (
            "SELECT w.word, w.shown FROM home_searchword_words f JOIN home_searchword w ON w.id = f.rowid "
            "WHERE f.home_searchword_words MATCH %s AND w.language = %s ORDER BY f.rank, w.word LIMIT %s"
        )
        given: list[str | int] = [_fts5(asked), language, LIKE]
    else:
        statement = (
            "SELECT word, shown FROM home_searchword WHERE pieces_vector @@ %s::tsquery AND language = %s "
            "ORDER BY ts_rank(pieces_vector, %s::tsquery) DESC, word LIMIT %s"
        )
        given = [_tsquery(asked), language, _tsquery(asked), LIKE]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [(word, shown) for word, shown in cursor.fetchall()]


def words_without_item(language: str, words: Iterable[str]) -> list[str]:
    """Those of the words that no item of the language has any more. One query each."""
    return [word for word in words if not count_hits(language, [Term(exact=(word,))])]


def _fts5(terms: Sequence[Term]) -> str:
    return _join_terms(terms, " AND ", " OR ", '"{}"', '"{}" *')


def _tsquery(terms: Sequence[Term]) -> str:
    return _join_terms(terms, " & ", " | ", "'{}'", "'{}':*")


def _join_terms(terms: Sequence[Term], every: str, some: str, exact: str, beginning: str) -> str:
    """All terms, each in any of its forms, in one database's words for *and*, *or* and both kinds of form."""
    return every.join(
        "("
        + some.join(
            [
                *(exact.format(_checked_word(word)) for word in term.exact),
                *(beginning.format(_checked_word(word)) for word in term.beginnings),
            ]
        )
        + ")"
        for term in terms
    )


def _checked_word(word: str) -> str:
    if not word.isalnum():
        raise ValueError("A word to look for has letters and digits alone.")
    return word


def _aware_moment(moment: datetime.datetime | None) -> datetime.datetime | None:
    """SQLite keeps moments in UTC and does not say so where no model reads them."""
    return moment.replace(tzinfo=datetime.UTC) if moment is not None and moment.tzinfo is None else moment
