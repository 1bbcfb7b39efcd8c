"""What higher layers bring to the desk's first page, through registries filled in `AppConfig.ready()`.

Each is a function of the person. One that asks the database says before what it cannot do without
(`worth_asking.py`), so that all of them are asked at once whether they could have anything.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard_prefilter import prefilter_sources
from coalition.workspaces.queries import cache_seats
from coalition.workspaces.seat_conditions import MissingRequirement, missing_sources


@dataclass(frozen=True)
class WaitingItem:
    """Something that waits for this person: one action, with the time it is due."""

    icon: str
    title: str
    detail: str
    url: str
    action: str
    due: datetime.datetime | None = None
    urgent: bool = False


@dataclass(frozen=True)
class UpcomingItem:
    """Something in the next days."""

    at: datetime.datetime
    title: str
    detail: str = ""
    url: str = ""
    public: bool = False
    all_day: bool = False


@dataclass(frozen=True)
class LanguageState:
    """One language of a text, for its badge: `state` is current, older or empty."""

    code: str
    state: str


@dataclass(frozen=True)
class WorkItem:
    """A text (or another thing) people work on, as a row of the desk's table."""

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
] = []  # what waits in workspaces: asked only of who has a seat
coming_sources: list[DashboardSource[UpcomingItem]] = []
work_sources: list[DashboardSource[WorkItem]] = []


@contextmanager
def prefilter_dashboard(
    user: User, more: Iterable[DashboardSource[UpcomingItem] | DashboardSource[WorkItem]] = ()
) -> Iterator[None]:
    """Inside, everything that may wait for the person, and these other sources, know from one query whether
    they could have anything."""
    with cache_seats(user) as seated:
        sources = [*missing_sources(), *waiting_sources, *(seated_sources if seated else ()), *more]
        with prefilter_sources(user, sources):
            yield


def waiting_items_for(
    user: User, viewer: Viewer, missing: Iterable[MissingRequirement] = ()
) -> list[WaitingItem]:
    """Everything that waits for the person, the most urgent first; what is urgent without a moment is now.

    `missing`: what keeps seats from counting (`admission.missing_for`); of it waits what the person can do.
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
