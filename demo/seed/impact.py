"""The demo's grant, declared figures, changes and frozen reports. Donor and numbers are invented."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

from coalition.accounts.models import Language, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import (
    ChangeContent,
    Evidence,
    FigureContent,
    add_measure,
    correct_figure,
    declare_figure,
    record_change,
)
from coalition.campaigns.impact.actions.grants import add_grant, assign_items, give_link
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.enums import CountedItem, Rung
from coalition.campaigns.models import (
    Appeal,
    Ask,
    CardDesign,
    Contribution,
    Figure,
    Grant,
    LetterAction,
    Measure,
    MediaItem,
    Report,
)
from coalition.core.clock import freeze_clock_at
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.dates import DAY
from demo.seed.drafts import DraftPlan
from demo.seed.events import EventPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from events.press.coverage.models import Coverage, Proof

PAID: Final = 2  # days ago
EVENING: Final = datetime.time(20)


@dataclass
class ImpactPlan:
    """The figures of the data with what was seeded of them. `measures`: by their place in the data."""

    record: Record
    accounts: Accounts
    workspace: Workspace
    drafts: Mapping[str, DraftPlan]
    events: Mapping[str, EventPlan]
    history: History
    row: Grant | None = None
    measures: list[Measure] = field(default_factory=list)

    @property
    def grant(self) -> Grant:
        if self.row is None:
            raise LookupError(self.record["grant"]["number"])
        return self.row

    @property
    def access(self) -> Access:
        """The coordinator's, read anew."""
        return self.access_of(self.record)

    def access_of(self, record: Record) -> Access:
        """Return the access of who wrote this, read anew."""
        return access_of(self.accounts.people[record["by"]], self.workspace)

    def organisation_of(self, record: Record) -> Organisation:
        """Return for whom this was written."""
        if "organisation" in record:
            return self.accounts.organisations[record["organisation"]]
        return self.access_of(record).organisation

    def evidence_of(self, record: Record) -> Evidence:
        return Evidence(self.grant if record.get("is_paid") else None, record.get("url", ""))

    def day(self, days_ago: int) -> datetime.date:
        return self.history.day(days_ago).date()


def plan_impact(
    demo: Demo,
    accounts: Accounts,
    workspace: Workspace,
    drafts: Mapping[str, DraftPlan],
    events: Mapping[str, EventPlan],
    history: History,
) -> None:
    """Plan the grant, figures, changes, reports, and a correction after them.

    Call last: the reports count what the other parts do on the day of seeding, above all supporters and
    letters, whose days are earlier.
    """
    record = demo.impact
    plan = ImpactPlan(record, accounts, workspace, drafts, events, history)
    history.add(record["grant"]["added_days_ago"], partial(_begin, plan))
    corrections = []
    for number, measure in enumerate(record["measures"]):
        for one in measure["figures"]:
            made: list[Figure] = []
            history.add(one["declared_days_ago"], partial(_declare, plan, number, one, made))
            if "corrected" in one:
                corrections.append(partial(_correct, plan, one, made))
    for one in record["changes"]:
        history.add(one["recorded_days_ago"], partial(_record_change, plan, one))
    history.add(PAID, partial(_pay, plan))
    history.add(record["grant"]["link"]["given_days_ago"], partial(_give_link, plan))
    history.add(0, partial(_freeze, plan))
    for correct in corrections:
        history.add(0, correct)


def remove_impact(workspaces: Collection[int]) -> None:
    """Delete reports, figures, changes and grants of these workspaces, given by primary key: they protect
    each other and the organisations."""
    Report.objects.filter(workspace__in=workspaces).delete()
    Figure.objects.filter(measure__workspace__in=workspaces).delete()
    Measure.objects.filter(workspace__in=workspaces).delete()
    Contribution.objects.filter(workspace__in=workspaces).delete()
    Grant.objects.filter(workspace__in=workspaces).delete()


def _begin(plan: ImpactPlan) -> None:
    """Record the grant, and what organisations count."""
    grant = plan.record["grant"]
    plan.row = add_grant(
        access=plan.access,
        organisation=plan.organisation_of(grant),
        donor=grant["donor"],
        title=grant["title"],
        number=grant["number"],
        starts_on=plan.day(grant["starts_days_ago"]),
        ends_on=plan.day(-grant["ends_in_days"]),
    )
    for one in plan.record["measures"]:
        rung = Rung(one["rung"])
        plan.measures.append(add_measure(access=plan.access, rung=rung, words=one["words"], unit=one["unit"]))


def _declare(plan: ImpactPlan, number: int, record: Record, made: list[Figure]) -> None:
    figure = declare_figure(
        access=plan.access_of(record),
        measure=plan.measures[number],
        organisation=plan.organisation_of(record),
        content=_content(plan, record),
        evidence=plan.evidence_of(record),
    )
    made.append(figure)


def _correct(plan: ImpactPlan, record: Record, made: list[Figure]) -> None:
    """Correct the figure. Its note is one line, with the three languages in a row."""
    corrected = record["corrected"]
    correct_figure(
        access=plan.access_of(record),
        figure=made[0],
        content=_content(plan, {**record, **corrected}),
        note=" / ".join(corrected["note"][language] for language in Language.values),
        evidence=plan.evidence_of(record),
    )


def _content(plan: ImpactPlan, record: Record) -> FigureContent:
    before: dict[str, Any] = {}
    if "before" in record:
        before = {
            "baseline": record["before"]["value"],
            "baseline_words": record["before"]["words"],
            "baseline_on": plan.day(record["before"]["days_ago"]),
            "shows_ratio": True,
        }
    return FigureContent(
        value=record["value"],
        as_of=plan.day(record["as_of_days_ago"]),
        scope=record["scope"],
        source=record["source"],
        method=record["method"],
        proof=record.get("proof", Proof.NOT_KNOWN),
        **before,
    )


def _record_change(plan: ImpactPlan, record: Record) -> None:
    ask = None
    if "ask" in record:
        ask = Ask.objects.get(workspace=plan.workspace, number=record["ask"])
    words = {name: record[name] for name in ("change", "contribution", "others", "confirmed_by")}
    record_change(
        access=plan.access_of(record),
        organisation=plan.organisation_of(record),
        content=ChangeContent(on=plan.day(record["on_days_ago"]), ask=ask, **words),
        evidence=plan.evidence_of(record),
    )


def _pay(plan: ImpactPlan) -> None:
    for kind, names in plan.record["grant"]["pays"].items():
        counted = CountedItem(kind)
        items = [_item(plan, counted, name) for name in names]
        assign_items(access=plan.access, grant=plan.grant, kind=counted, items=items)


def _item(plan: ImpactPlan, kind: CountedItem, name: str) -> UUID:
    """Return the UUID of what has this name in the data."""
    if kind == CountedItem.PUBLICATION:
        return plan.drafts[name].row.uuid
    if kind == CountedItem.EVENT:
        return plan.events[name].row.uuid
    rows: dict[CountedItem, Any] = {
        CountedItem.COVERAGE: Coverage.objects.filter(title=name, workspace=plan.workspace),
        CountedItem.MEDIA_ITEM: MediaItem.objects.filter(name=name, package__workspace=plan.workspace),
        CountedItem.APPEAL: Appeal.objects.filter(slug=name),
        CountedItem.LETTERS: LetterAction.objects.filter(slug=name),
        CountedItem.POSTCARDS: CardDesign.objects.filter(slug=name),
    }
    found: UUID = rows[kind].get().uuid
    return found


def _give_link(plan: ImpactPlan) -> None:
    link = plan.record["grant"]["link"]
    give_link(
        access=plan.access,
        grant=plan.grant,
        label=link["label"],
        language=Language(link["language"]),
        ends_on=site_today() + link["ends_in_days"] * DAY,
    )


def _freeze(plan: ImpactPlan) -> None:
    """Freeze a report of the whole coalition and one of the grant, on an evening before."""
    with freeze_clock_at(plan.history.day(plan.record["frozen_days_ago"], EVENING)):
        freeze_report(access=plan.access)
        freeze_report(access=plan.access, grant=plan.grant)
