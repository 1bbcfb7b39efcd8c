"""Monthly figures and their publications: the only place where they come from."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships, organisations_represented_by
from coalition.campaigns.core.suppression import Path, PublishedCell, published
from coalition.campaigns.helplines.enums import FigureAnswer, FigureState
from coalition.campaigns.helplines.figures.months import month_key, quarter_key
from coalition.campaigns.helplines.models import (
    FigureAgreement,
    FigureLine,
    FigurePublication,
    Helpline,
    HelpMonth,
)

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


def cells_of(line: FigureLine) -> list[PublishedCell]:
    """Return the stored cells of a line."""
    return [
        PublishedCell(tuple(path), count, level, tuple(pooled), is_leaf)
        for path, count, level, pooled, is_leaf in line.cells
    ]


def publications_for(user: object) -> QuerySet[FigurePublication]:
    """Return publications that the person may look at before they are public: of organisations with a line in
    them, or that were asked, and of the one that proposed it."""
    if not isinstance(user, User) or not user.is_active:
        return FigurePublication.objects.none()
    own = active_memberships(user).values("organisation")
    lines = FigureLine.objects.filter(publication=OuterRef("pk"), organisation__in=own)
    rows = FigurePublication.objects.filter(Q(organisation__in=own) | Exists(lines))
    return rows.exclude(state=FigureState.DROPPED).select_related("organisation", "proposed_by")


def agreed_lines(rows: QuerySet[FigureLine] | None = None) -> QuerySet[FigureLine]:
    """Return lines whose organisation agrees to the publication they are in."""
    agreed = FigureAgreement.objects.filter(
        publication=OuterRef("publication"), organisation=OuterRef("organisation"), answer=FigureAnswer.AGREED
    )
    return (FigureLine.objects.all() if rows is None else rows).filter(Exists(agreed))


def public_publications() -> QuerySet[FigurePublication]:
    """Return publications that everyone may read, the newest period first."""
    shown = agreed_lines(FigureLine.objects.filter(publication=OuterRef("pk")))
    return FigurePublication.objects.filter(Exists(shown), state=FigureState.PUBLISHED)


def public_lines(publication: FigurePublication) -> list[FigureLine]:
    """Return what everyone may read of a publication, in the order of the public page. Two queries."""
    if publication.state != FigureState.PUBLISHED:
        return []
    rows = agreed_lines(FigureLine.objects.filter(publication=publication))
    return list(rows.prefetch_related("months"))


def lines_in(publication: FigurePublication) -> list[FigureLine]:
    """Return all lines of a publication with organisation and line, also those not agreed to. Two queries."""
    return list(publication.lines.select_related("organisation", "helpline").prefetch_related("months"))


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


def entered_at(helpline: Helpline, month: datetime.date) -> datetime.datetime | None:
    """Return when a month was last entered; None if nobody has."""
    return HelpMonth.objects.filter(helpline=helpline, month=month).aggregate(at=Max("entered_at"))["at"]
