"""Decisions other than texts: a question, the answers of the organisations, the outcome at the deadline."""

from dataclasses import dataclass
from functools import partial

from coalition.jobs import scheduler
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.models import Question
from documents.resolutions.actions import (
    REMIND_KIND,
    SETTLE_KIND,
    answer_question,
    ask_question,
    settle_question,
)
from documents.resolutions.models import AnswerKind


@dataclass
class ResolutionPlan:
    """One decision of the data with the row seeded for it."""

    record: Record
    demo: Demo
    accounts: Accounts
    workspace: Workspace
    question: Question | None = None

    @property
    def row(self) -> Question:
        if self.question is None:
            raise LookupError(self.record["id"])
        return self.question


def plan_resolutions(demo: Demo, accounts: Accounts, workspace: Workspace, history: History) -> None:
    """Plan every question, its answers and its outcome."""
    for record in demo.decisions:
        plan = ResolutionPlan(record, demo, accounts, workspace)
        history.add(record["asked_days_ago"], partial(_ask, plan, history))
        for answer in record["answers"]:
            history.add(answer["days_ago"], partial(_answer, plan, answer))
        if "deadline_days_ago" in record:
            history.add(record["deadline_days_ago"] - 1, partial(_settle, plan))


def _ask(plan: ResolutionPlan, history: History) -> None:
    record = plan.record
    days = -record["deadline_in_days"] if "deadline_in_days" in record else record["deadline_days_ago"]
    quorum = record["quorum"]
    plan.question = ask_question(
        access=access_of(plan.accounts.people[record["by"]], plan.workspace),
        title=record["title"],
        words=record["words"],
        rule=record["rule"],
        quorum_kind=quorum["kind"],
        quorum=quorum["at_least"],
        organisations=[plan.accounts.organisations[one] for one in record["organisations"]],
        deadline=history.day(days),
    )


def _answer(plan: ResolutionPlan, answer: Record) -> None:
    representative = plan.demo.representative_of(answer["organisation"])
    answer_question(
        question=plan.row,
        organisation=plan.accounts.organisations[answer["organisation"]],
        kind=AnswerKind(answer["kind"]),
        words=answer.get("words", ""),
        person=plan.accounts.people[representative["email"]],
    )


def _settle(plan: ResolutionPlan) -> None:
    """Do what the worker does on the morning after the deadline."""
    key = str(plan.row.uuid)
    settle_question(key, {})
    for kind in (SETTLE_KIND, REMIND_KIND):
        scheduler.cancel(kind=kind, key=key)
