"""Questions that are asked again and again, in one breath: PostgreSQL plans each once for a connection.

Django writes values into the words of a question, so that the server plans every question as if it were new,
which takes most of its time for questions that find one row. Here values are sent beside the words, all
questions together. What the server takes only the other way is asked as Django asks. Nothing is asked
together inside a transaction, which a refused question would end, nor while questions are counted, nor
through a pooler, behind which a kept plan may be somebody else's.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper

type Asked = Sequence[tuple[str, Any]]

_WORTH_PLANNING: Final = 5  # times that a connection asks before the server keeps a plan
_refused: set[str] = set()  # the SQL of what this server takes only as Django asks
_direct: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()  # by connection: no pooler between


def rows(connection: BaseDatabaseWrapper, asked: Asked) -> Iterator[list[Any]]:
    """The rows of each question (its SQL, its values as Django gives them to the program of the database)."""
    with connection.cursor() as cursor:  # looks whether the connection is alive, and opens one
        found = _together(connection, asked) if _may_be_together(connection, asked) else None
        if found is not None:
            yield from found
            return
        for sql, params in asked:
            cursor.execute(sql, params)
            yield cursor.fetchall()


def _may_be_together(connection: BaseDatabaseWrapper, asked: Asked) -> bool:
    if connection.vendor != "postgresql" or connection.in_atomic_block or connection.queries_logged:
        return False
    return _refused.isdisjoint([sql for sql, _params in asked]) and _is_direct(connection)


def _is_direct(connection: BaseDatabaseWrapper) -> bool:
    """Whether who answers is who was connected to: a pooler tells another number than the server's."""
    line = connection.connection
    if line not in _direct:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            _direct[line] = cursor.fetchone()[0] == line.info.backend_pid
    return _direct[line]


def _together(connection: BaseDatabaseWrapper, asked: Asked) -> list[list[Any]] | None:
    """None: the server refused one of them for its words. Raises what Django raises for anything else."""
    import psycopg  # here: a server on SQLite loads no driver of PostgreSQL

    line = connection.connection
    line.prepare_threshold = _WORTH_PLANNING  # Django's own cursors keep no plans, whatever stands here
    cursors = [psycopg.Cursor(line) for _one in asked]
    with connection.wrap_database_errors:
        try:
            with line.pipeline():
                for cursor, (sql, params) in zip(cursors, asked, strict=True):
                    cursor.execute(sql, params)
                return [cursor.fetchall() for cursor in cursors]
        except psycopg.Error as error:
            _forget_plans(line)
            if not _is_of_words(error):
                raise
    _refused.update(sql for sql, params in asked if _is_refused(line, sql, params))
    return None


def _forget_plans(line: Any) -> None:
    """The driver believes in plans that were to be made in a breath that failed. A dead line has none."""
    from psycopg import Error  # as above

    with suppress(Error):
        line.execute("DEALLOCATE ALL")


def _is_refused(line: Any, sql: str, params: Any) -> bool:
    import psycopg  # as above

    try:
        psycopg.Cursor(line).execute(sql, params, prepare=False)
    except psycopg.Error as error:
        return _is_of_words(error)
    return False


def _is_of_words(error: Exception) -> bool:
    """Not of a server that is away or late, and of a plan only if what it was made for has changed."""
    from psycopg import DataError, NotSupportedError, ProgrammingError  # as above

    return isinstance(error, DataError | NotSupportedError | ProgrammingError)
