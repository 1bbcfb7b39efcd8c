"""Moderating questions: taking them, in which order, what is asked now, what stands for others, summaries.

Every change holds the event's row, so that two moderators at once change two questions; of one question, the
second is told what the first decided.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.locking import refuse_cancelled
from events.core.models import Event, EventSpeaker
from events.questions.actions.settings import held_period, told
from events.questions.enums import QuestionState
from events.questions.models import Question, QuestionPeriod

GONE = _("This question is not there any more.")
LONGEST_SUMMARY = 300  # characters


class Decided(Refused):
    """Somebody else changed the question since the page was opened; `question` is how it stands now."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            _("Somebody else changed this question meanwhile. It stands now as: %(state)s."),
            state=QuestionState(question.state).label,
        )
        self.question = question


@dataclass(frozen=True)
class Summary:
    """A moderator's words for a question, "" for none; and to whom it is."""

    words: str
    language: Language
    speaker: UUID | None = None


def decide(
    *,
    access: Access,
    event: Event,
    uuid: UUID,
    state: QuestionState,
    seen: int,
    on_stage: UUID | None = None,
) -> Question:
    """Put a question into a state. `seen`: the revision that the person had before them; `on_stage`: what
    they saw as asked now, which goes back to the head of those taken if another one is asked.

    What somebody else decided the same way changes nothing. Raises NotAllowed; Decided; Refused if the event
    is cancelled or another question is on the stage than they saw.
    """
    with transaction.atomic():
        period = _held(access, event)
        row = _standing(period, uuid)
        if row.state == state:
            return row
        if row.revision != seen or state not in QuestionState(row.state).next_states:
            raise Decided(row)
        if state == QuestionState.NOW:
            _clear_stage(period, on_stage)
        _put(period, row, state)
        _keep(period, access, "event.question_moved", row, state=state.value)
    return row


def next_one(*, access: Access, event: Event, uuid: UUID, seen: int) -> None:
    """What is asked now is answered, and the first of those taken is asked. Raises as `decide`."""
    with transaction.atomic():
        decide(access=access, event=event, uuid=uuid, state=QuestionState.ANSWERED, seen=seen)
        rows = Question.objects.filter(period__event=event, lead=None)
        first = rows.filter(state=QuestionState.TAKEN).order_by("position", "pk").first()
        if first is not None and not rows.filter(state=QuestionState.NOW).exists():
            decide(access=access, event=event, uuid=first.uuid, state=QuestionState.NOW, seen=first.revision)


def step_question(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Change places with the neighbour above or below among those taken; at the edge nothing happens.

    Raises NotAllowed; Refused if it is not among them any more."""
    with transaction.atomic():
        period = _held(access, event)
        rows = list(_leading(period).filter(state=QuestionState.TAKEN))
        place = next((number for number, row in enumerate(rows) if row.uuid == uuid), None)
        if place is None:
            raise Refused(_("This question is not among those taken any more."))
        other = place + (1 if down else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
            for number, row in enumerate(rows, start=1):
                row.position = number
            Question.objects.bulk_update(rows, ["position"])
            told(period)


def merge(*, access: Access, event: Event, uuid: UUID, lead: UUID, seen: int) -> None:
    """Let another question stand for this one and for those it stood for. Raises as `decide`; Refused if
    either is decided already, or if it is the same."""
    with transaction.atomic():
        period = _held(access, event)
        row, standing = _standing(period, uuid), _standing(period, lead)
        if row.revision != seen:
            raise Decided(row)
        fits = QuestionState(row.state).can_be_merged and QuestionState(standing.state).can_stand_for_others
        if row.pk == standing.pk or not fits:
            raise Refused(_("Choose a question that waits or was taken."))
        row.others.update(lead=standing)
        row.lead, row.state = standing, QuestionState.WAITING
        _changed(row)
        _keep(period, access, "event.questions_merged", row)


def part(*, access: Access, event: Event, uuid: UUID) -> None:
    """The question waits for itself again. Raises NotAllowed; Refused if it is gone."""
    with transaction.atomic():
        period = _held(access, event)
        row = _row(period, uuid)
        if row.lead_id is None:
            return
        row.lead, row.state = None, QuestionState.WAITING
        _changed(row)
        _keep(period, access, "event.questions_merged", row)


def summarise(*, access: Access, event: Event, uuid: UUID, summary: Summary, seen: int) -> Question:
    """Write a summary beside the person's own words, and to whom it is. Raises as `decide`."""
    words = " ".join(summary.words.split())
    if len(words) > LONGEST_SUMMARY:
        raise Refused(_("A summary has at most 300 characters."))
    with transaction.atomic():
        period = _held(access, event)
        row = _row(period, uuid)
        if row.revision != seen:
            raise Decided(row)
        row.summary, row.summary_language = words, summary.language.value if words else ""
        speakers = EventSpeaker.objects.filter(event=period.event)
        row.speaker = speakers.filter(uuid=summary.speaker).first() if summary.speaker else None
        _changed(row)
        _keep(period, access, "event.question_summarised", row)
    return row


def _held(access: Access, event: Event) -> QuestionPeriod:
    period = held_period(access, event)
    if period is None:
        raise Refused(GONE)
    refuse_cancelled(period.event)
    return period


def _leading(period: QuestionPeriod) -> QuerySet[Question]:
    return Question.objects.filter(period=period, lead=None)


def _row(period: QuestionPeriod, uuid: UUID) -> Question:
    row = Question.objects.filter(period=period, uuid=uuid).first()
    if row is None:
        raise Refused(GONE)
    return row


def _standing(period: QuestionPeriod, uuid: UUID) -> Question:
    """A question that no other one stands for."""
    row = _row(period, uuid)
    if row.lead_id is not None:
        raise Refused(_("Somebody else merged this question with another one meanwhile."))
    return row


def _clear_stage(period: QuestionPeriod, seen: UUID | None) -> None:
    """What is asked now goes back to the head of those taken."""
    row = _leading(period).filter(state=QuestionState.NOW).first()
    if (row.uuid if row is not None else None) != seen:
        raise Refused(_("Somebody else put another question on the stage meanwhile."))
    if row is not None:
        _put(period, row, QuestionState.TAKEN, first=True)


def _put(period: QuestionPeriod, row: Question, state: QuestionState, *, first: bool = False) -> None:
    """Change the state. What comes back from the stage is the first of those taken again, others the last."""
    taken = _leading(period).filter(state=QuestionState.TAKEN)
    if state == QuestionState.TAKEN and (first or row.state == QuestionState.NOW):
        taken.update(position=F("position") + 1)
        row.position = 1
    elif state == QuestionState.TAKEN:
        row.position = (taken.aggregate(last=Max("position"))["last"] or 0) + 1
    row.state, row.moved_at = state, now()
    _changed(row)


def _changed(row: Question) -> None:
    row.revision += 1
    row.save()


def _keep(period: QuestionPeriod, access: Access, action: str, row: Question, **detail: str) -> None:
    audit.record(period.event, access, action, question=str(row.uuid), **detail)
    told(period)
