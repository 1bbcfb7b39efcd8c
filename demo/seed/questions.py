"""Questions to an event, asked before it begins: waiting, accepted, merged and summarised."""

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from demo.load import Record
from events.models import Event, EventSpeaker, Question
from events.questions.actions import (
    ask_question,
    decide_question,
    merge_question,
    open_to_questions,
    summarise,
)
from events.questions.models import AskedBy, QuestionState


def seed_questions(access: Access, event: Event, record: Record) -> None:
    """Open the event to questions from everyone, let people ask, and moderate."""
    period = open_to_questions(access=access, event=event, asked_by=AskedBy.EVERYONE, opens_at=now())
    speakers = {one.name: one for one in EventSpeaker.objects.filter(event=event)}
    for one in record["asked"]:
        question = ask_question(
            period=period,
            words=one["words"],
            language=one["language"],
            speaker=speakers[one["to"]] if "to" in one else None,
            name=one.get("name", ""),
            outlet=one.get("outlet", ""),
        )
        _moderate(access, question, one)


def _moderate(access: Access, question: Question, record: Record) -> None:
    event, uuid = question.period.event, question.uuid
    if "summary" in record:
        question = summarise(
            access=access,
            event=event,
            uuid=uuid,
            words=record["summary"],
            language=record["summary_language"],
            speaker=question.speaker,
            seen=question.revision,
        )
    seen = question.revision
    if record.get("like_the_one_before"):
        lead = Question.objects.filter(period=question.period, pk__lt=question.pk, lead=None).latest("pk")
        merge_question(access=access, event=event, uuid=uuid, lead=lead.uuid, seen=seen)
    elif "state" in record:
        decide_question(
            access=access, event=event, uuid=uuid, state=QuestionState(record["state"]), seen=seen
        )
