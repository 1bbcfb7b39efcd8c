"""Dashboard sources, with one query that skips those with nothing to show.

Sources have long queries because of permissions, and for most people most of them are empty. So a source
declares the rows without which it has nothing (`only_if`) and is skipped if there are none. These may be more
rows than the person may see: the source itself checks permissions. A source that needs only a number declares
rows with the permissions in them, which are counted in the same query (`counted`).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, Func, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import requests_to_vouch_for
from coalition.workspaces.queries import for_page, freezes_for, open_freezes, roles_by_seat
from coalition.workspaces.seat_conditions import MissingRequirement, missing_sources

type RowsForUser = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True)
class OnlyIf[T]:
    """A source that has nothing for a person if there are none of these rows.

    `counted`: it displays their number, its only argument. Sources with the same rows share one subquery.
    """

    rows: RowsForUser
    source: Callable[..., Iterable[T]]
    counted: bool = False

    @property
    def question(self) -> object:
        return self.rows, self.counted

    def __call__(self, user: User, viewer: Viewer) -> Iterable[T]:
        known = user.page_data.answers.get(self.question) if user.page_data is not None else None
        if not self.counted:
            return () if known == 0 else self.source(user, viewer)
        count = self.rows(user).count() if known is None else known
        return self.source(count) if count else ()

    def expression(self, user: User) -> Combinable:
        rows = self.rows(user).order_by()
        if not self.counted:
            return Exists(rows)
        # Not `Count`, which would group by the outer row.
        return Subquery(rows.values(counted=Func(F("pk"), function="COUNT")))


def only_if[T](rows: RowsForUser) -> Callable[[Callable[[User, Viewer], Iterable[T]]], OnlyIf[T]]:
    """Decorate a source (`@only_if(rows)`) that has nothing if there are none of `rows(user)`."""
    return lambda source: OnlyIf(rows, source)


def counted_source[T](rows: RowsForUser) -> Callable[[Callable[[int], Iterable[T]]], OnlyIf[T]]:
    """Decorate a source (`@counted_source(rows)`) that displays the number of `rows(user)`, unless 0."""
    return lambda source: OnlyIf(rows, source, counted=True)


def prefilter_sources(user: User, sources: Iterable[object]) -> User:
    """Return the person (`for_page`) with the answers to these sources' questions: at most one query."""
    person = for_page(user)
    answers = person.page_data.answers if person.page_data is not None else {}
    questions = {
        source.question: source.expression(person)
        for source in sources
        if isinstance(source, OnlyIf) and source.question not in answers
    }
    if questions:
        found = User.objects.filter(pk=person.pk).values_list(*questions.values()).first()
        answers.update(zip(questions, found or (), strict=found is not None))
    return person


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

# Filled by higher layers in `AppConfig.ready()`.
waiting_sources: list[DashboardSource[WaitingItem]] = []
seated_sources: list[DashboardSource[WaitingItem]] = []  # in workspaces: only for people with a seat
coming_sources: list[DashboardSource[UpcomingItem]] = []
work_sources: list[DashboardSource[WorkItem]] = []


def prefilter_dashboard(user: User, more: Iterable[object] = ()) -> User:
    """Prefilter, in one query, all sources of waiting items and `more`; return the person to ask them for."""
    person = for_page(user)
    return prefilter_sources(person, [*missing_sources, *_waiting_sources_for(person), *more])


def waiting_items_for(
    user: User, viewer: Viewer, missing: Iterable[MissingRequirement] = ()
) -> list[WaitingItem]:
    """Return everything that waits for the person, most urgent first; urgent without a time is now.

    `missing`: what makes seats inactive (`seat_conditions.missing_requirements`); included if the
    person can remedy it.
    """
    person = for_page(user)
    items = [item for source in _waiting_sources_for(person) for item in source(person, viewer)]
    items += [
        WaitingItem(
            icon="file",
            title=one.title,
            detail=one.words,
            url=one.url,
            action=one.action,
            due=None if one.shuts_out else one.due,
            urgent=True,
        )
        for one in missing
        if one.can_do
    ]
    now = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    never = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(items, key=lambda item: (not item.urgent, item.due or (now if item.urgent else never)))


def _waiting_sources_for(person: User) -> list[DashboardSource[WaitingItem]]:
    return [*waiting_sources, *(seated_sources if roles_by_seat(person) else ())]


@only_if(open_freezes)
def freezes_waiting(user: User, viewer: Viewer) -> Iterator[WaitingItem]:
    """Yield freezes that the person may confirm and requested thaws, except their own requests."""
    for freeze in freezes_for(user):
        if freeze.frozen_at is None and freeze.asked_by_id != user.pk:
            title = _("Confirm the freeze of %(organisation)s")
        elif freeze.in_force and freeze.thaw_asked_by_id not in {None, user.pk}:
            title = _("Confirm the thaw of %(organisation)s")
        else:
            continue
        yield WaitingItem(
            icon="lock",
            title=title % {"organisation": display_name_for(viewer, freeze.organisation)},
            detail=freeze.reason,
            url=reverse("workspaces:freeze", args=[freeze.uuid]),
            action=_("Look"),
            urgent=True,
        )


@counted_source(requests_to_vouch_for)
def requests_waiting(count: int) -> Iterator[WaitingItem]:
    """Yield one row for all of them."""
    yield WaitingItem(
        icon="people",
        title=ngettext(
            "%(count)s group asks to join the coalition",
            "%(count)s groups ask to join the coalition",
            count,
        )
        % {"count": count},
        detail=_("Vouch for it if you know the people."),
        url=reverse("partners:requests"),
        action=_("Look"),
    )
