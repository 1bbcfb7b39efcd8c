"""What the databases' full-text indexes are asked: the only place that knows their languages.

Whatever a person typed arrives here as words of letters and digits, each in quotation marks: it can never
be an operator. Both databases are asked the same and answer the same.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction

LIKE = 40  # words that share most pieces with a mistyped one, to be looked at closely


@dataclass(frozen=True)
class Term:
    """One word asked for: any of `exact`, or a word that begins with any of `beginnings`."""

    exact: tuple[str, ...]
    beginnings: tuple[str, ...] = ()


class Hit(NamedTuple):
    """An item that was found: enough to sort and narrow before its words are read."""

    pk: int
    kind: str
    key: int
    moment: datetime.datetime | None


def hits(language: str, terms: Sequence[Term]) -> set[Hit]:
    """Items of the language that have all the terms. One query."""
    where, asked = _having(terms, "text_tokens")
    rows = _rows("i.id, i.kind, i.key, i.moment", where, language, asked)
    return {Hit(pk, kind, key, _aware(moment)) for pk, kind, key, moment in rows}


def titled(language: str, terms: Sequence[Term]) -> set[int]:
    """Primary keys of items of the language that have all the terms in their titles. One query."""
    where, asked = _having(terms, "title_tokens")
    return {pk for (pk,) in _rows("i.id", where, language, asked)}


def count(language: str, terms: Sequence[Term]) -> int:
    """How many items of the language have all the terms. One query."""
    where, asked = _having(terms, "text_tokens")
    return int(_rows("COUNT(*)", where, language, asked)[0][0])


def _rows(columns: str, where: str, language: str, asked: str) -> list[tuple[Any, ...]]:
    # The language is no way in: PostgreSQL would read every text of it rather than its index of words.
    statement = f"SELECT {columns} FROM home_searchitem i WHERE i.language || '' = %s AND {where}"  # noqa: S608  all of it is written in this file
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # no transaction: it would wait for those who write
            cursor.execute(statement, [language, asked])
            return cursor.fetchall()
        with transaction.atomic():
            # Measured: for words that many texts have it reads them all, which takes 100 ms for 5,000.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(statement, [language, asked])
            rows = cursor.fetchall()
            cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
            return rows


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
    return [word for word in words if not count(language, [Term(exact=(word,))])]


def _fts5(terms: Sequence[Term]) -> str:
    return _asked(terms, " AND ", " OR ", '"{}"', '"{}" *')


def _tsquery(terms: Sequence[Term]) -> str:
    return _asked(terms, " & ", " | ", "'{}'", "'{}':*")


def _asked(terms: Sequence[Term], every: str, some: str, exact: str, beginning: str) -> str:
    """All terms, each in any of its forms, in one database's words for *and*, *or* and both kinds of form."""
    return every.join(
        "("
        + some.join(
            [
                *(exact.format(_checked(word)) for word in term.exact),
                *(beginning.format(_checked(word)) for word in term.beginnings),
            ]
        )
        + ")"
        for term in terms
    )


def _checked(word: str) -> str:
    if not word.isalnum():
        raise ValueError("A word to look for has letters and digits alone.")
    return word


def _aware(moment: datetime.datetime | None) -> datetime.datetime | None:
    """SQLite keeps moments in UTC and does not say so where no model reads them."""
    return moment.replace(tzinfo=datetime.UTC) if moment is not None and moment.tzinfo is None else moment
