"""Batch EXISTS prefilter for dashboard sources: one query before any of them runs.

Sources have long queries because of permissions, and for most people most of them are empty. So a
source declares the rows without which it has nothing (`only_if`) and is skipped if there are none.
These may be more rows than the person may see: the source itself checks permissions. A source that
needs only a number declares rows with the permissions in them, which are counted in the same query
(`counted`).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, Func, QuerySet, Subquery
from django.db.models.expressions import Combinable

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.queries import cache_seats
from coalition.workspaces.seat_conditions import MissingRequirement, missing_sources

type RowsForUser = Callable[[User], QuerySet[Any]]

_answers: ContextVar[Mapping[tuple[int, object], int]] = ContextVar("what could be there")


@dataclass(frozen=True)
class OnlyIf[T]:
    """A source that has nothing for a person if there are none of these rows."""

    rows: RowsForUser
    source: Callable[[User, Viewer], Iterable[T]]

    def __call__(self, user: User, viewer: Viewer) -> Iterable[T]:
        return () if _known_answer(user, self.question) == 0 else self.source(user, viewer)

    @property
    def question(self) -> object:
        """Return the identity of the rows: sources with the same rows share one subquery."""
        return Exists, self.rows

    def expression(self, user: User) -> Combinable:
        return Exists(self.rows(user).order_by())


@dataclass(frozen=True)
class CountedSource[T]:
    """A source that displays the number of these rows."""

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
        # Not `Count`, which would group by the outer row.
        return Subquery(self.rows(user).order_by().values(counted=Func(F("pk"), function="COUNT")))


def only_if[T](rows: RowsForUser) -> Callable[[Callable[[User, Viewer], Iterable[T]]], OnlyIf[T]]:
    """Decorate a source (`@only_if(rows)`) that has nothing if there are none of `rows(user)`."""
    return lambda source: OnlyIf(rows, source)


def counted_source[T](rows: RowsForUser) -> Callable[[Callable[[int], Iterable[T]]], CountedSource[T]]:
    """Decorate a source (`@counted(rows)`) that displays the number of `rows(user)`, unless it is 0."""
    return lambda source: CountedSource(rows, source)


@contextmanager
def prefilter_sources(user: User, sources: Iterable[object]) -> Iterator[None]:
    """Prefilter these sources for the person within the block: at most one query. Valid for one page,
    like seats that are loaded once; never use it around a change."""
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


# --- dashboard ---
# Registries of dashboard sources, filled by higher layers in `AppConfig.ready()`.
#
# Each source is a function of the person. A source that queries the database declares the rows it
# depends on (`dashboard_prefilter.py`), so that one query checks for all of them whether they could
# have anything.


@dataclass(frozen=True)
class WaitingItem:
    """An action that waits for this person, with its due time."""

    icon: str
    title: str
    detail: str
    url: str
    action: str
    due: datetime.datetime | None = None
    urgent: bool = False


@dataclass(frozen=True)
class UpcomingItem:
    """An event in the next days."""

    at: datetime.datetime
    title: str
    detail: str = ""
    url: str = ""
    public: bool = False
    all_day: bool = False


@dataclass(frozen=True)
class LanguageState:
    """State of one language of a text, for its badge: `state` is current, older or empty."""

    code: str
    state: str


@dataclass(frozen=True)
class WorkItem:
    """A text (or another thing) people work on, as a row of the dashboard's table."""

    title: str
    url: str
    workspace: str
    changed_at: datetime.datetime
    changed_by: str = ""
    state: str = ""
    public: bool = False
    languages: tuple[LanguageState, ...] = field(default_factory=tuple)


type DashboardSource[T] = Callable[[User, Viewer], Iterable[T]]

waiting_sources: list[DashboardSource[WaitingItem]] = []
seated_sources: list[
    DashboardSource[WaitingItem]
] = []  # waiting items in workspaces: only for people with a seat
coming_sources: list[DashboardSource[UpcomingItem]] = []
work_sources: list[DashboardSource[WorkItem]] = []


@contextmanager
def prefilter_dashboard(
    user: User, more: Iterable[DashboardSource[UpcomingItem] | DashboardSource[WorkItem]] = ()
) -> Iterator[None]:
    """Prefilter, in one query, all sources of waiting items and `more` within the block: could they
    have anything for the person?"""
    with cache_seats(user) as seated:
        sources = [*missing_sources(), *waiting_sources, *(seated_sources if seated else ()), *more]
        with prefilter_sources(user, sources):
            yield


def waiting_items_for(
    user: User, viewer: Viewer, missing: Iterable[MissingRequirement] = ()
) -> list[WaitingItem]:
    """Return everything that waits for the person, most urgent first; urgent without a time is now.

    `missing`: what makes seats inactive (`seat_conditions.missing_requirements`); included if the
    person can remedy it.
    """
    with cache_seats(user) as seated:
        sources = [*waiting_sources, *(seated_sources if seated else ())]
        items = [item for source in sources for item in source(user, viewer)]
    items += [_missing_requirement_item(one) for one in missing if one.can_do]
    now = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    never = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(items, key=lambda item: (not item.urgent, item.due or (now if item.urgent else never)))


def _missing_requirement_item(missing: MissingRequirement) -> WaitingItem:
    return WaitingItem(
        icon="file",
        title=missing.title,
        detail=missing.words,
        url=missing.url,
        action=missing.action,
        due=None if missing.shuts_out else missing.due,
        urgent=True,
    )
