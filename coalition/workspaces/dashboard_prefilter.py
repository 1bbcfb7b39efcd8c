"""Whether there could be anything at all: asked of many sources in one query, before any of them is asked.

What waits is asked with long conditions, since rights are asked for, and most parts of the coalition have
nothing. So a source names the rows without which it has nothing (`only_if`); where there are none, it is not
asked. They may be more rows than the person is told of: whoever is told anything, the source itself asks for
their rights. A source that tells a number and nothing else has it counted there (`counted`), with the rights
in its rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Func, QuerySet, Subquery
from django.db.models.expressions import Combinable

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer

type RowsForUser = Callable[[User], QuerySet[Any]]

_answers: ContextVar[Mapping[tuple[int, object], int]] = ContextVar("what could be there")


@dataclass(frozen=True)
class OnlyIf[T]:
    """A source that has nothing for a person where there are none of these rows."""

    rows: RowsForUser
    source: Callable[[User, Viewer], Iterable[T]]

    def __call__(self, user: User, viewer: Viewer) -> Iterable[T]:
        return () if _known_answer(user, self.question) == 0 else self.source(user, viewer)

    @property
    def question(self) -> object:
        """Sources with the same rows ask for them once."""
        return Exists, self.rows

    def expression(self, user: User) -> Combinable:
        return Exists(self.rows(user).order_by())


@dataclass(frozen=True)
class CountedSource[T]:
    """A source that tells how many of these rows there are."""

    rows: RowsForUser
    source: Callable[[int], Iterable[T]]

    def __call__(self, user: User, _viewer: Viewer) -> Iterable[T]:
        known = _known_answer(user, self.question)
        count = self.rows(user).count() if known is None else known
        return self.source(count) if count else ()

    @property
    def question(self) -> object:
        return Subquery, self.rows

    def expression(self, user: User) -> Combinable:
        # Not `Count`, which would group by the row around it.
        return Subquery(self.rows(user).order_by().values(counted=Func(F("pk"), function="COUNT")))


def only_if[T](rows: RowsForUser) -> Callable[[Callable[[User, Viewer], Iterable[T]]], OnlyIf[T]]:
    """`@only_if(rows)` above a source: for where there are none of `rows(user)`, it has nothing."""
    return lambda source: OnlyIf(rows, source)


def counted_source[T](rows: RowsForUser) -> Callable[[Callable[[int], Iterable[T]]], CountedSource[T]]:
    """`@counted(rows)` above what tells how many of `rows(user)` there are, unless there are none."""
    return lambda source: CountedSource(rows, source)


@contextmanager
def prefilter_sources(user: User, sources: Iterable[object]) -> Iterator[None]:
    """Inside, these sources know whether there could be anything for the person: at most one query. It holds
    for one page, like seats that are read once; never around a change."""
    known = dict(_answers.get({}))
    questions = {
        (user.pk, source.question): source.expression(user)
        for source in sources
        if isinstance(source, OnlyIf | CountedSource) and (user.pk, source.question) not in known
    }
    if questions:
        found = User.objects.filter(pk=user.pk).values_list(*questions.values()).first()
        known |= zip(questions, found or (), strict=found is not None)
    token = _answers.set(known)
    try:
        yield
    finally:
        _answers.reset(token)


def _known_answer(user: User, question: object) -> int | None:
    return _answers.get({}).get((user.pk, question))
