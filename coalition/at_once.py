"""Questions that are asked again and again, in one breath: PostgreSQL plans each once for a connection.

Django writes values into the words of a question, so that the server plans every question as if it were new,
which takes most of its time for questions that find one row. Here values are sent beside the words, all
questions together. What the server takes only the other way is asked as Django asks. Nothing is asked
together inside a transaction, which a refused question would end, nor while questions are counted.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

_WORTH_PLANNING: Final = 5  # times that a connection asks before the server keeps a plan


def rows(connection: BaseDatabaseWrapper, asked: Sequence[tuple[str, Any]]) -> Iterator[list[Any]]:
    """The rows of each question (its SQL, its values as Django gives them to the program of the database)."""
    with connection.cursor() as cursor:  # looks whether the connection is alive, and opens one
        together = connection.vendor == "postgresql" and not (
            connection.in_atomic_block or connection.queries_logged
        )
        found = _together(connection, asked) if together else None
        if found is not None:
            yield from found
            return
        for sql, params in asked:
            cursor.execute(sql, params)
            yield cursor.fetchall()


def _together(connection: BaseDatabaseWrapper, asked: Sequence[tuple[str, Any]]) -> list[list[Any]] | None:
    """None: the server refused one of them."""
    import psycopg  # here: a server on SQLite loads no driver of PostgreSQL

    line = connection.connection
    line.prepare_threshold = _WORTH_PLANNING  # Django's own cursors keep no plans, whatever stands here
    cursors = [psycopg.Cursor(line) for _one in asked]
    try:
        with line.pipeline():
            for cursor, (sql, params) in zip(cursors, asked, strict=True):
                cursor.execute(sql, params)
            return [cursor.fetchall() for cursor in cursors]
    except psycopg.Error:
        return None
