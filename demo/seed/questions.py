"""Questions to an event, asked before it begins: waiting, accepted, merged and summarised."""

from uuid import UUID

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from demo.load import Record
from events.models import Event, EventSpeaker, Question
from events.questions.actions import (
    Asking,
    Summary,
    Terms,
    ask_question,
    decide,
    merge,
    open_to_questions,
    summarise,
)
from events.questions.enums import AskedBy, QuestionState


def seed_questions(access: Access, event: Event, record: Record) -> None:
    """Open the event to questions from everyone, let people ask, and moderate."""
    terms = Terms(AskedBy.EVERYONE, opens_at=now())
    period = open_to_questions(access=access, event=event, terms=terms)
    speakers = {one.name: one.uuid for one in EventSpeaker.objects.filter(event=event)}
    for one in record["asked"]:
        asking = Asking(
            words=one["words"],
            language=Language(one["language"]),
            speaker=speakers[one["to"]] if "to" in one else None,
            name=one.get("name", ""),
            outlet=one.get("outlet", ""),
        )
        _moderate(access, ask_question(period=period, asking=asking), one)


def _moderate(access: Access, question: Question, record: Record) -> None:
    event, uuid = question.period.event, question.uuid
    if "summary" in record:
        summary = Summary(record["summary"], Language(record["summary_language"]), _speaker(question))
        question = summarise(access=access, event=event, uuid=uuid, summary=summary, seen=question.revision)
    seen = question.revision
    if record.get("like_the_one_before"):
        lead = Question.objects.filter(period=question.period, pk__lt=question.pk, lead=None).latest("pk")
        merge(access=access, event=event, uuid=uuid, lead=lead.uuid, seen=seen)
    elif "state" in record:
        decide(access=access, event=event, uuid=uuid, state=QuestionState(record["state"]), seen=seen)


def _speaker(question: Question) -> UUID | None:
    return question.speaker.uuid if question.speaker is not None else None
