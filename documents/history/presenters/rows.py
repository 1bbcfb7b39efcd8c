"""A text's history as one reader sees it: points and named versions in one line of time."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Mark, Viewer, display_mark_for
from coalition.core.clock import now
from coalition.workspaces.people import Circle, circle_of
from documents.drafts.enums import PointKind
from documents.drafts.models.draft import DraftText, Version
from documents.history.actions.record import PAUSE
from documents.history.models import HistoryDecision, HistoryPoint
from documents.history.queries import points_of, with_people

SHORT = 160  # characters of a suggestion that a row shows


@dataclass(frozen=True)
class Who:
    """An organisation, and the person who wrote on its behalf while that is known."""

    mark: Mark
    circle: Circle | None


@dataclass(frozen=True)
class Decided:
    """A suggestion that was accepted or rejected."""

    accepted: bool
    before: str
    after: str
    suggested: Who | None
    decided: Who | None


@dataclass(frozen=True)
class Row:
    """One line. `key` names it in the address of a comparison."""

    key: str
    at: datetime.datetime
    title: str
    url: str
    icon: str
    who: list[Who]
    added: int = 0
    removed: int = 0
    decided: list[Decided] = field(default_factory=list)
    is_version: bool = False
    is_now: bool = False
    is_writing: bool = False


@dataclass(frozen=True)
class Day:
    date: datetime.date
    rows: list[Row]


def stamps(text: DraftText, versions: Iterable[Version]) -> list[HistoryPoint | Version]:
    """Points (light) and versions, newest first."""
    found: list[HistoryPoint | Version] = [*points_of(text), *versions]
    return sorted(found, key=moment_of, reverse=True)


def rows_of(viewer: Viewer, text: DraftText, some: Sequence[HistoryPoint | Version]) -> list[Row]:
    """What a page of them shows: three queries whatever their number."""
    full = {
        point.pk: point for point in with_people([one.pk for one in some if isinstance(one, HistoryPoint)])
    }
    rows = []
    for one in some:
        if isinstance(one, Version):
            rows.append(_version_row(viewer, one))
        elif one.pk in full:
            rows.append(_point_row(viewer, text, full[one.pk]))
    return rows


def days_of(rows: Iterable[Row]) -> list[Day]:
    """Rows by the reader's days."""
    return [Day(date, list(some)) for date, some in groupby(rows, key=lambda row: localtime(row.at).date())]


def title_of(point: HistoryPoint) -> str:
    """What a point is, in words."""
    match PointKind(point.kind):
        case PointKind.RESTORED if point.from_version:
            return _("Went back to version %(number)d") % {"number": point.from_version}
        case PointKind.RESTORED:
            return _("Went back to an earlier state")
        case PointKind.IMPORTED:
            return _("A Word file was taken in")
        case PointKind.PUBLISHED:
            return _("Published")
    return _("Written") if point.revision else _("How the text began")


def _point_row(viewer: Viewer, text: DraftText, point: HistoryPoint) -> Row:
    return Row(
        key=str(point.uuid),
        at=point.at,
        title=title_of(point),
        url=reverse("documents:history_point", args=[text.draft.uuid, text.language, point.uuid]),
        icon={"restored": "undo", "imported": "file", "published": "horn"}.get(point.kind, "pen"),
        who=[_who(viewer, part.person, part.organisation) for part in point.parts.all()],
        added=point.words_added,
        removed=point.words_removed,
        decided=[_decided(viewer, one) for one in point.decisions.all()],
        is_now=point.closed_at is None,
        is_writing=point.closed_at is None and now() - point.at < PAUSE,
    )


def _version_row(viewer: Viewer, version: Version) -> Row:
    return Row(
        key=str(version.uuid),
        at=version.created_at,
        title=_("Version %(number)d: %(name)s") % {"number": version.number, "name": version.name},
        url=version.get_absolute_url(),
        icon="check",
        who=[_who(viewer, version.created_by, version.organisation)],
        is_version=True,
    )


def _decided(viewer: Viewer, one: HistoryDecision) -> Decided:
    return Decided(
        accepted=one.accepted,
        before=_short(one.before),
        after=_short(one.after),
        suggested=_who(viewer, one.person, one.organisation) if one.organisation else None,
        decided=_who(viewer, one.by_person, one.by_organisation) if one.by_organisation else None,
    )


def _who(viewer: Viewer, person: User | None, organisation: Organisation) -> Who:
    circle = circle_of(viewer, person, organisation) if person is not None else None
    return Who(display_mark_for(viewer, organisation), circle)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def moment_of(one: HistoryPoint | Version) -> datetime.datetime:
    return one.created_at if isinstance(one, Version) else one.at
