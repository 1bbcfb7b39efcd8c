"""Monthly figures and their publications: the only place where they come from."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships, organisations_represented_by
from coalition.campaigns.core.suppression import Path, PublishedCell, published
from coalition.campaigns.helplines.enums import EntryState, FigureAnswer, FigureState
from coalition.campaigns.helplines.figures.months import month_key, quarter_key
from coalition.campaigns.helplines.health import public_entries
from coalition.campaigns.helplines.models import (
    FigureAgreement,
    FigureLine,
    FigurePublication,
    Helpline,
    HelplineEntry,
    HelpMonth,
)
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText

LEVELS: Final = ("quarter", "month", "region", "language")

type Part = tuple[str, str]  # region, language; empty where not known
type Counts = dict[Part, int]


def counts_of_month(helpline: Helpline, month: datetime.date) -> Counts:
    """Return what was entered for a month of a line; nothing if nobody has entered it."""
    rows = HelpMonth.objects.filter(helpline=helpline, month=month)
    return {(row.region, row.language): row.contacts for row in rows}


def stamp_of_counts(counts: Mapping[Part, int]) -> str:
    """Return what tells one state of a month from another: forms send it back."""
    rows = [[*part, count] for part, count in sorted(counts.items())]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def totals_by_month(
    helplines: Iterable[Helpline], since: datetime.date
) -> dict[tuple[int, datetime.date], int]:
    """Return the contacts of each line and month that was entered, by the line's key. One query."""
    rows = HelpMonth.objects.filter(helpline__in=list(helplines), month__gte=since).order_by()
    summed = rows.values_list("helpline_id", "month").annotate(total=Sum("contacts"))
    return {(helpline, month): total for helpline, month, total in summed}


def own_helplines(person: User) -> QuerySet[Helpline]:
    """Return lines in use of the person's organisations."""
    own = active_memberships(person).values("organisation")
    return Helpline.objects.filter(organisation__in=own, retired_at=None)


def publishable_tree(helpline: Helpline, months: Iterable[datetime.date]) -> list[PublishedCell]:
    """Return what may be published of these months of a line by what is entered now; nothing if too little.

    The table of a line stands alone, so that a line more or less changes nothing of the others.
    """
    rows = HelpMonth.objects.filter(helpline=helpline, month__in=list(months))
    cells: dict[Path, int] = {
        (quarter_key(row.month), month_key(row.month), row.region, row.language): row.contacts for row in rows
    }
    return published(cells, LEVELS) if cells else []


def cells_as_json(tree: Iterable[PublishedCell]) -> list[list[object]]:
    """Return what `FigureLine.cells` stores."""
    return [[list(one.path), one.count, one.level, list(one.pooled), one.is_leaf] for one in tree]


def cells_from_json(stored: Iterable[list[Any]]) -> list[PublishedCell]:
    """Return the cells that `cells_as_json` stored."""
    return [
        PublishedCell(tuple(path), count, level, tuple(pooled), is_leaf)
        for path, count, level, pooled, is_leaf in stored
    ]


def cells_of(line: FigureLine) -> list[PublishedCell]:
    """Return the stored cells of a line."""
    return cells_from_json(line.cells)


def publications_for(user: object) -> QuerySet[FigurePublication]:
    """Return publications that the person may look at before they are public: members of organisations that
    have a line in it or answered about one, and of the one that proposed it."""
    if not isinstance(user, User) or not user.is_active:
        return FigurePublication.objects.none()
    own = active_memberships(user).values("organisation")
    lines = FigureLine.objects.filter(publication=OuterRef("pk"), organisation__in=own)
    answers = FigureAgreement.objects.filter(publication=OuterRef("pk"), organisation__in=own)
    rows = FigurePublication.objects.filter(Q(organisation__in=own) | Exists(lines) | Exists(answers))
    return rows.exclude(state=FigureState.DROPPED).select_related("organisation", "proposed_by")


def public_publications() -> QuerySet[FigurePublication]:
    """Return publications that everyone may read, the newest period first."""
    shown = FigureLine.objects.filter(_is_agreed(), publication=OuterRef("pk"))
    return FigurePublication.objects.filter(Exists(shown), state=FigureState.PUBLISHED)


def public_lines(publication: FigurePublication) -> list[FigureLine]:
    """Return what everyone may read of a publication, in the order of the public page. Two queries."""
    return list(_public_lines(publication).prefetch_related("months"))


def lines_for(user: User, publication: FigurePublication) -> list[FigureLine]:
    """Return the lines of a publication of which the person may read the numbers. Two queries.

    Those of their own organisations; those of others only once everyone may read them. Else whoever proposes
    would read the others' numbers before these agree, and could subtract one proposal from another.
    """
    own = active_memberships(user).values("organisation")
    shown = Q(organisation__in=own) | Q(pk__in=_public_lines(publication).order_by().values("pk"))
    return list(publication.lines.filter(shown).select_related("helpline").prefetch_related("months"))


def _public_lines(publication: FigurePublication) -> QuerySet[FigureLine]:
    return FigureLine.objects.filter(
        _is_agreed(), publication=publication, publication__state=FigureState.PUBLISHED
    )


def _is_agreed() -> Exists:
    """Return the condition that the organisation of a line agrees to the publication that it is in."""
    agreed = FigureAgreement.objects.filter(
        publication=OuterRef("publication"), organisation=OuterRef("organisation"), answer=FigureAnswer.AGREED
    )
    return Exists(agreed)


def published_names(lines: Iterable[FigureLine]) -> dict[int, LocalizedText]:
    """Return how the register names these lines now, for its readers, by the helpline's key. One query.

    A line whose entry is no longer published is not in it: its earlier name may be withheld since.
    """
    return _names(lines, Q(state=EntryState.PUBLISHED))


def public_names(lines: Iterable[FigureLine]) -> dict[int, LocalizedText]:
    """Return how the public page names these lines now, by the helpline's key. One query.

    A line that this page does not show, for example since it was hidden, is not in it.
    """
    return _names(lines, public_entries(now()))


def _names(lines: Iterable[FigureLine], condition: Q) -> dict[int, LocalizedText]:
    rows = HelplineEntry.objects.filter(condition, helpline__in={line.helpline_id for line in lines})
    return dict(rows.values_list("helpline", "name"))


def organisations_in(publication: FigurePublication) -> list[Organisation]:
    """Return organisations whose lines are in a publication, in the order of its lines. One query."""
    lines = publication.lines.select_related("organisation").only("organisation")
    return list({line.organisation_id: line.organisation for line in lines}.values())


def answers_of(publication: FigurePublication) -> dict[int, FigureAgreement]:
    """Return what was answered, by the organisation's key."""
    rows = publication.agreements.select_related("organisation")
    return {row.organisation_id: row for row in rows}


def open_answers(publication: FigurePublication) -> set[int]:
    """Return keys of organisations with a line in the publication that have not answered."""
    asked = set(publication.lines.values_list("organisation_id", flat=True))
    return asked - set(publication.agreements.values_list("organisation_id", flat=True))


def publications_to_answer(user: User) -> QuerySet[FigurePublication]:
    """Return open proposals that wait for an answer of an organisation that the person represents."""
    own = organisations_represented_by(user).order_by()
    answered = FigureAgreement.objects.filter(
        publication=OuterRef("publication"), organisation=OuterRef("organisation")
    )
    asked = FigureLine.objects.filter(publication=OuterRef("pk"), organisation__in=own.values("pk"))
    waits = asked.filter(~Exists(answered))
    return FigurePublication.objects.filter(Exists(waits), state=FigureState.PROPOSED)


def entered_on(helpline: Helpline, month: datetime.date) -> datetime.date | None:
    """Return the day on which a month was last entered; None if nobody has."""
    return HelpMonth.objects.filter(helpline=helpline, month=month).aggregate(day=Max("entered_on"))["day"]
