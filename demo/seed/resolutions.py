"""Decisions other than texts: a question put, each organisation's voice, the outcome at the deadline."""

from dataclasses import dataclass
from functools import partial

from coalition.jobs import scheduler
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Cast
from demo.seed.history import History
from demo.seed.workspaces import acting
from documents.models import Question
from documents.resolutions.actions.answer import answer_question
from documents.resolutions.actions.ask import REMIND, SETTLE, Terms, ask_question
from documents.resolutions.actions.settle import settle_question
from documents.resolutions.enums import AnswerKind, QuestionRule, QuorumKind


@dataclass
class Matter:
    """One decision while its history is told."""

    record: Record
    demo: Demo
    cast: Cast
    workspace: Workspace
    question: Question | None = None

    @property
    def put(self) -> Question:
        if self.question is None:
            raise LookupError(self.record["id"])
        return self.question


def plan_decisions(demo: Demo, cast: Cast, workspace: Workspace, history: History) -> None:
    """Add every question, its answers and its outcome to the history."""
    for record in demo.decisions:
        matter = Matter(record, demo, cast, workspace)
        history.add(record["asked_days_ago"], partial(_ask, matter, history))
        for answer in record["answers"]:
            history.add(answer["days_ago"], partial(_answer, matter, answer))
        if "deadline_days_ago" in record:
            history.add(record["deadline_days_ago"] - 1, partial(_settle, matter))


def _ask(matter: Matter, history: History) -> None:
    record = matter.record
    days = -record["deadline_in_days"] if "deadline_in_days" in record else record["deadline_days_ago"]
    quorum = record["quorum"]
    matter.question = ask_question(
        access=acting(matter.cast.people[record["by"]], matter.workspace),
        title=record["title"],
        words=record["words"],
        terms=Terms(QuestionRule(record["rule"]), QuorumKind(quorum["kind"]), quorum["at_least"]),
        organisations=[matter.cast.organisations[one] for one in record["organisations"]],
        deadline=history.day(days),
    )


def _answer(matter: Matter, answer: Record) -> None:
    representative = matter.demo.representative_of(answer["organisation"])
    answer_question(
        question=matter.put,
        organisation=matter.cast.organisations[answer["organisation"]],
        kind=AnswerKind(answer["kind"]),
        words=answer.get("words", ""),
        person=matter.cast.people[representative["email"]],
    )


def _settle(matter: Matter) -> None:
    """The deadline has passed: what the worker does then, on the morning after."""
    key = str(matter.put.uuid)
    settle_question(key, {})
    for kind in (SETTLE, REMIND):
        scheduler.cancel(kind=kind, key=key)
