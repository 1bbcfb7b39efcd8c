"""What was read from the database for something, and whether it would be read again.

What is made of nothing but rows of the database comes out the same as long as the rows are: each question
hangs on the answers to those before it, so it is enough to ask them again in their order. Rows are compared
by a hash of what the database's program gave; they themselves are not kept.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections

_ASKS: Final = re.compile(r"[\s(]*SELECT\b")  # what writes may bring rows too
_LOCKS: Final = re.compile(r"\bFOR (NO KEY )?UPDATE\b")
MOST: Final = 64  # questions; what asks more is not worth asking again


@dataclass(frozen=True)
class Question:
    """A question, and the hash of the rows that it brought."""

    sql: str
    params: Any
    rows: bytes


@dataclass
class Reading:
    """The questions that were asked meanwhile, in their order. `whole`: they were all that was done."""

    questions: list[Question] = field(default_factory=list)
    whole: bool = True

    def would_be_the_same(self) -> bool:
        """Whether the database answers each of them as it did."""
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            for one in self.questions:
                cursor.execute(one.sql, one.params)
                if _hash(cursor.fetchall()) != one.rows:
                    return False
        return True


class _Fetched:
    """A cursor of the database's program whose rows were all fetched, to be fetched once more."""

    def __init__(self, real: Any, rows: list[Any]) -> None:
        self.real = real
        self._rows = iter(rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _number, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)


@contextmanager
def reading() -> Iterator[Reading]:
    """Write down what is asked of the database inside, in this thread.

    Not `whole`: something was written, or asked of another database, or there were more than `MOST`."""
    noted = Reading()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        cursor = context["cursor"]
        if isinstance(cursor.cursor, _Fetched):
            cursor.cursor = cursor.cursor.real
        whole, noted.whole = noted.whole, False  # a question that fails leaves no rows to compare
        result = execute(sql, params, many, context)
        if many or not _ASKS.match(sql) or _LOCKS.search(sql) or len(noted.questions) >= MOST:
            return result
        rows = cursor.cursor.fetchall()
        cursor.cursor = _Fetched(cursor.cursor, rows)
        noted.questions.append(Question(sys.intern(sql), params, _hash(rows)))
        noted.whole = whole
        return result

    def note_other(execute: Callable[..., Any], *asked: Any) -> Any:
        noted.whole = False
        return execute(*asked)

    with ExitStack() as around:
        for one in connections.all():
            around.enter_context(one.execute_wrapper(note if one.alias == DEFAULT_DB_ALIAS else note_other))
        yield noted


def _hash(rows: list[Any]) -> bytes:
    """Of the rows with the kinds of their values: `repr` tells them apart."""
    return hashlib.blake2b(repr(rows).encode(errors="surrogatepass"), digest_size=32).digest()
