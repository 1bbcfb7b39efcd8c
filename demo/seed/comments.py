"""Comments on drafts: threads, replies, resolutions, and a lawyer's remarks."""

from dataclasses import dataclass
from functools import partial

from demo.load import Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.comments.actions import name_legal_reader, reply_in_thread, resolve_thread, start_thread
from documents.drafts.live.backend import edit_text
from documents.drafts.live.resolve import with_comment
from documents.drafts.models import Audience
from documents.models import DraftText, LegalReader, Thread


@dataclass
class ThreadPlan:
    """One thread of the data with the row seeded for it."""

    record: Record
    draft: DraftPlan
    thread: Thread | None = None

    @property
    def row(self) -> Thread:
        if self.thread is None:
            raise LookupError(self.record["text"])
        return self.thread


def plan_comments(draft: DraftPlan, history: History) -> None:
    """Plan the draft's threads."""
    for record in draft.record.get("comments", ()):
        plan = ThreadPlan(record, draft)
        history.add(record["days_ago"], partial(_begin, plan))
        for answer in record.get("answers", ()):
            history.add(answer["days_ago"], partial(_answer, plan, answer))
        if "resolved" in record:
            history.add(record["resolved"]["days_ago"], partial(_resolve, plan, record["resolved"]["by"]))


def _begin(plan: ThreadPlan) -> None:
    record, draft = plan.record, plan.draft
    access = access_of(draft.accounts.people[record["by"]], draft.workspace)
    text = DraftText.objects.select_related("draft").get(draft=draft.row, language=record["language"])
    audience = Audience(record.get("audience", Audience.WORKSPACE))
    thread = start_thread(
        access=access,
        text=text,
        audience=audience,
        body=record["text"],
        quote=record.get("quote", ""),
        reader=_lawyer(plan) if audience == Audience.LEGAL else None,
    )
    thread.text.draft.workspace = draft.workspace
    plan.thread = thread
    if audience == Audience.WORKSPACE and thread.quote:
        edit_text(
            text=text,
            author=access.user,
            organisation=access.organisation,
            change=lambda marked: with_comment(marked, words=thread.quote, thread=str(thread.uuid)),
        )


def _lawyer(plan: ThreadPlan) -> LegalReader:
    """Let a coordinator name the author a legal reader."""
    draft = plan.draft
    seats = draft.workspace.seats.select_related("person", "organisation")
    coordinator = next(seat for seat in seats if seat.role == "coordinator")
    seat = seats.get(person=draft.accounts.people[plan.record["by"]])
    return name_legal_reader(
        access=access_of(coordinator.person, draft.workspace), draft=draft.row, seat=seat
    )


def _answer(plan: ThreadPlan, answer: Record) -> None:
    access = access_of(plan.draft.accounts.people[answer["by"]], plan.draft.workspace)
    reply_in_thread(access=access, thread=plan.row, body=answer["text"])


def _resolve(plan: ThreadPlan, by: str) -> None:
    resolve_thread(access=access_of(plan.draft.accounts.people[by], plan.draft.workspace), thread=plan.row)
