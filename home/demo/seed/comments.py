"""What was said beside the drafts: threads, answers, what is done, who reads as a lawyer."""

from dataclasses import dataclass
from functools import partial

from documents.comments.actions import Said, name_legal_reader, reply, resolve, start_thread
from documents.drafts.enums import Audience
from documents.drafts.live.marks import with_comment
from documents.drafts.live.server_edits import edit_text
from documents.models import DraftText, LegalReader, Thread
from home.demo.load import Record
from home.demo.seed.history import History
from home.demo.seed.rooms import acting
from home.demo.seed.texts import Desk


@dataclass
class Talk:
    """One thread while its history is told."""

    record: Record
    desk: Desk
    thread: Thread | None = None

    @property
    def begun(self) -> Thread:
        if self.thread is None:
            raise LookupError(self.record["text"])
        return self.thread


def plan_comments(desk: Desk, history: History) -> None:
    """Add to the history what was said beside the draft."""
    for record in desk.record.get("comments", ()):
        talk = Talk(record, desk)
        history.add(record["days_ago"], partial(_begin, talk))
        for answer in record.get("answers", ()):
            history.add(answer["days_ago"], partial(_answer, talk, answer))
        if "resolved" in record:
            history.add(record["resolved"]["days_ago"], partial(_resolve, talk, record["resolved"]["by"]))


def _begin(talk: Talk) -> None:
    record, desk = talk.record, talk.desk
    access = acting(desk.cast.people[record["by"]], desk.workspace)
    text = DraftText.objects.select_related("draft").get(draft=desk.begun, language=record["language"])
    audience = Audience(record.get("audience", Audience.WORKSPACE))
    thread = start_thread(
        access=access,
        text=text,
        audience=audience,
        said=Said(record["text"]),
        quote=record.get("quote", ""),
        reader=_lawyer(talk) if audience == Audience.LEGAL else None,
    )
    thread.text.draft.workspace = desk.workspace
    talk.thread = thread
    if audience == Audience.WORKSPACE and thread.quote:
        edit_text(
            text=text,
            author=access.user,
            organisation=access.organisation,
            change=lambda marked: with_comment(marked, words=thread.quote, thread=str(thread.uuid)),
        )


def _lawyer(talk: Talk) -> LegalReader:
    """A coordinator asked them to read as a lawyer."""
    desk = talk.desk
    seats = desk.workspace.seats.select_related("person", "organisation")
    coordinator = next(seat for seat in seats if seat.role == "coordinator")
    seat = seats.get(person=desk.cast.people[talk.record["by"]])
    return name_legal_reader(access=acting(coordinator.person, desk.workspace), draft=desk.begun, seat=seat)


def _answer(talk: Talk, answer: Record) -> None:
    access = acting(talk.desk.cast.people[answer["by"]], talk.desk.workspace)
    reply(access=access, thread=talk.begun, said=Said(answer["text"]))


def _resolve(talk: Talk, by: str) -> None:
    resolve(access=acting(talk.desk.cast.people[by], talk.desk.workspace), thread=talk.begun)
