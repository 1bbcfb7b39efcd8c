"""All figures of a scope: what is counted here, what organisations declared, and changes."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from coalition.accounts.models import Organisation
from coalition.campaigns.impact.adding import Lines, add_up
from coalition.campaigns.impact.computed import COMPUTED, Computed, computed_values
from coalition.campaigns.impact.enums import Rung
from coalition.campaigns.impact.models import Contribution, Figure, Grant, Measure
from coalition.campaigns.impact.queries import contributions_that_count, figures_that_count
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import participants_ever
from events.press.coverage.models import Proof


@dataclass(frozen=True)
class Scope:
    """Of what the figures are. `grant`, `organisation`: only theirs. `since`, `until`: only these days, both
    included; None for no limit."""

    workspace: Workspace
    organisation: Organisation | None = None
    grant: Grant | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None

    def narrow[R: (Figure, Contribution)](self, rows: QuerySet[R], *, day: str) -> QuerySet[R]:
        """Return those of the rows that are of this scope. `day`: name of their field."""
        wanted = {
            "grant": self.grant,
            "organisation": self.organisation,
            f"{day}__gte": self.since,
            f"{day}__lte": self.until,
        }
        return rows.filter(**{name: value for name, value in wanted.items() if value is not None})

    def includes(self, row: Figure | Contribution, *, day: str) -> bool:
        """Whether `narrow` returns this row. No query."""
        on: datetime.date = getattr(row, day)
        return (
            (self.grant is None or row.grant_id == self.grant.pk)
            and (self.organisation is None or row.organisation_id == self.organisation.pk)
            and (self.since is None or on >= self.since)
            and (self.until is None or on <= self.until)
        )


@dataclass(frozen=True)
class FigureKey:
    """What is added up together. `code`: of what is counted here, "" for a declared measure. `proof`: numbers
    of another reliability are never added."""

    code: str = ""
    measure: int = 0
    proof: str = ""


@dataclass
class Entry:
    """One figure of a statement. `values`: by organisation, None for what belongs to none. `details`: the
    declared figures that it is the sum of."""

    key: FigureKey
    rung: Rung
    computed: Computed | None = None
    measure: Measure | None = None
    values: dict[int | None, int] = field(default_factory=dict)
    details: list[Figure] = field(default_factory=list)
    as_of: datetime.date | None = None

    @property
    def of_people(self) -> bool:
        """Whether it stands in full tens, since single people could be found otherwise."""
        return self.computed is not None and self.computed.of_people

    def lines(self, named: Collection[int]) -> Lines:
        """Return its lines for somebody who may read the names of these organisations."""
        return add_up(self.values, named=named, of_people=self.of_people)

    def count(self, organisation: int | None, value: int, as_of: datetime.date | None) -> None:
        """Add a value to the organisation's line."""
        self.values[organisation] = self.values.get(organisation, 0) + value
        self.as_of = max(filter(None, (self.as_of, as_of)), default=None)


@dataclass(frozen=True)
class Statement:
    """Entries in the order of their rungs; `organisations`: those that occur or take part, by primary key."""

    scope: Scope
    entries: list[Entry]
    contributions: list[Contribution]
    organisations: dict[int, Organisation]

    def entries_of(self, rung: Rung) -> list[Entry]:
        return [one for one in self.entries if one.rung == rung]


def statement_of(scope: Scope, *, taking_part: Sequence[Organisation] | None = None) -> Statement:
    """Return the figures of a scope. Five queries, however many there are, or four if those who ever took
    part in the workspace (`taking_part`) are loaded already."""
    entries = _computed_entries(scope) | _declared_entries(scope)
    contributions = _contributions(scope)
    rungs = list(Rung)
    ordered = sorted(entries.values(), key=lambda one: rungs.index(one.rung))
    known = participants_ever(scope.workspace) if taking_part is None else taking_part
    organisations = {one.pk: one for one in known}
    keys = {key for one in ordered for key in one.values if key is not None}
    keys |= {one.organisation_id for one in contributions}
    missing = keys - organisations.keys()  # counted here without ever taking part
    if missing:
        organisations |= {one.pk: one for one in Organisation.objects.filter(pk__in=missing)}
    return Statement(scope, ordered, contributions, organisations)


def _computed_entries(scope: Scope) -> dict[FigureKey, Entry]:
    rows = computed_values(scope.workspace, grant=scope.grant, since=scope.since, until=scope.until)
    found: dict[str, list[tuple[int | None, int, datetime.date | None]]] = {}
    for one in rows:
        if scope.organisation is None or one.organisation == scope.organisation.pk:
            found.setdefault(one.code, []).append((one.organisation, one.value, one.as_of))
    entries = {}
    for kind in COMPUTED:
        if kind.code in found:
            key = FigureKey(code=kind.code)
            entries[key] = Entry(key, kind.rung, computed=kind)
            for organisation, value, as_of in found[kind.code]:
                entries[key].count(organisation, value, as_of)
    return entries


def _declared_entries(scope: Scope) -> dict[FigureKey, Entry]:
    rows = scope.narrow(figures_that_count(scope.workspace), day="as_of")
    entries: dict[FigureKey, Entry] = {}
    # Not joined: a measure has hundreds of figures, and would be made anew for each.
    measures = {one.pk: one for one in Measure.objects.filter(workspace=scope.workspace)}
    for row in rows:
        measure = measures[row.measure_id]
        rung = Rung(measure.rung)
        key = FigureKey(measure=measure.pk, proof=row.proof if rung == Rung.REACH else "")
        if key not in entries:
            entries[key] = Entry(key, rung, measure=measure)
        entries[key].count(row.organisation_id, row.value, row.as_of)
        entries[key].details.append(row)
    return entries


def _contributions(scope: Scope) -> list[Contribution]:
    return list(scope.narrow(contributions_that_count(scope.workspace), day="on"))


def proof_label(key: FigureKey) -> str:
    """Return how sure a declared reach is, "" on other rungs."""
    return str(Proof(key.proof).label) if key.proof else ""
