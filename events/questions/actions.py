"""Opening an event to questions, closing it, the link to the stage, and forgetting."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.throttling import HOUR, TooManyRequests, refuse_flood
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, EventSpeaker
from events.core.permissions import may_change
from events.core.queries import is_cancelled_since, is_over_since, named_speakers
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.questions import topics
from events.questions.enums import AskedBy, QuestionState
from events.questions.models import Asker, Question, QuestionPeriod

ONLY_PLANNERS = _("Editors and coordinators moderate the questions of an event.")
STAGE = "events.question_stage"
AFTER = datetime.timedelta(hours=2)  # events run late
LONGEST_OPENING = datetime.timedelta(days=400)
DAYS_KEPT = 90  # after the event


@dataclass(frozen=True)
class Terms:
    """When an event takes questions, and whose. Moments are aware; None: with the event itself."""

    asked_by: AskedBy
    opens_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None


def open_to_questions(*, access: Access, event: Event, terms: Terms) -> QuestionPeriod:
    """Open an event to questions, open it again, or change the terms; what was asked stays.

    Raises NotAllowed; Refused if it is cancelled, or if it would close before it opens or be open too long.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        said = {"asked_by": terms.asked_by, "opens_at": terms.opens_at, "closes_at": terms.closes_at}
        period, fresh = QuestionPeriod.objects.update_or_create(
            event=locked,
            defaults={**said, "stopped_at": None},
            create_defaults={**said, "made_at": now()},
        )
        period.event = locked
        if not period.opening < period.closing <= period.opening + LONGEST_OPENING:
            raise Refused(_("Questions close after they open, at most 400 days later."))
        audit.record(locked, access, "event.questions_opened" if fresh else "event.questions_terms")
        return told(period)


def stop_questions(*, access: Access, event: Event) -> None:
    """Take no more questions; what was asked stays. Raises NotAllowed."""
    with transaction.atomic():
        period = held_period(access, event)
        if period is not None and period.stopped_at is None:
            period.stopped_at = now()
            period.save(update_fields=["stopped_at"])
            audit.record(period.event, access, "event.questions_stopped")
            told(period)


def make_stage_link(*, access: Access, event: Event) -> None:
    """Make the link by which speakers read the stage; an earlier one opens no more.

    Raises NotAllowed; Refused if the event takes no questions, is over, cancelled or not public."""
    with transaction.atomic():
        period = held_period(access, event)
        if period is None:
            raise Refused(_("Open the event to questions first."))
        refuse_cancelled(period.event)
        if not period.event.is_public or stage_until(period) < now():
            raise Refused(_("The link opens for a public event, until two hours after its end."))
        period.stage_key = uuid7()
        period.stage_hash = hash_token(derive_token(STAGE, period.stage_key))
        period.save(update_fields=["stage_key", "stage_hash"])
        audit.record(period.event, access, "event.stage_link_made")


def take_stage_link_back(*, access: Access, event: Event) -> None:
    """The link opens no more. Raises NotAllowed."""
    with transaction.atomic():
        period = held_period(access, event)
        if period is not None and period.stage_key is not None:
            period.stage_key = period.stage_hash = None
            period.save(update_fields=["stage_key", "stage_hash"])
            audit.record(period.event, access, "event.stage_link_taken_back")


def stage_token(period: QuestionPeriod) -> str:
    """The token of the link that stands; "" if there is none. The database has its hash only."""
    return derive_token(STAGE, period.stage_key) if period.stage_key is not None else ""


def stage_until(period: QuestionPeriod) -> datetime.datetime:
    """Until when the link to the stage opens."""
    return max(period.closing, period.event.lasts_until or period.event.ends_at) + AFTER


def why_closed(period: QuestionPeriod) -> str:
    """Why nobody can ask now: "cancelled", "early", "over", "closed"; "" while it is open."""
    event, moment = period.event, now()
    if event.cancelled_at is not None:
        return "cancelled"
    if period.closing <= moment:
        return "over"
    if period.stopped_at is not None or not event.is_public:
        return "closed"
    return "early" if moment < period.opening else ""


def held_period(access: Access, event: Event) -> QuestionPeriod | None:
    """The event's period, with the event's row locked after the rights were looked at. Raises NotAllowed."""
    locked = hold(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    period = QuestionPeriod.objects.filter(event=locked).first()
    if period is not None:
        period.event = locked
    return period


def told(period: QuestionPeriod) -> QuestionPeriod:
    """Count one more change and tell open pages. In the caller's transaction, with the event's row held."""
    period.revision += 1
    period.save(update_fields=["revision"])
    topics.push(period)
    return period


def forget_questions() -> int:
    """Delete who asked and what, once the event lies far enough behind: questions tell of people. Returns how
    many rows."""
    closed = Q(period__closes_at=None) | Q(period__closes_at__lt=days_ago(DAYS_KEPT))
    over = is_over_since(DAYS_KEPT, "period__event__") & closed
    over |= is_cancelled_since(DAYS_KEPT, "period__event__")
    return delete_in_batches(Question.objects.filter(over)) + delete_in_batches(Asker.objects.filter(over))


# --- ask ---
# Somebody asks a question, or takes it back: without an account, by the public page or a private link.


ASKER, PRESS_ASKER = "events.question_asker", "events.question_press_asker"
LONGEST_QUESTION = 500  # characters
MOST_WAITING = 5  # of one private link
MOST_AN_HOUR = 20  # the same


class Closed(Refused):
    """Nobody can ask now, or not this person; `why` as `why_closed`, or "press"."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Questions cannot be asked now."))
        self.why = why


@dataclass(frozen=True)
class Asking:
    """What a person writes. With `without_name` name and outlet are not kept."""

    words: str
    language: Language
    speaker: UUID | None = None
    name: str = ""
    outlet: str = ""
    without_name: bool = False


def token_of(asker: Asker) -> str:
    """The token of somebody's private link who is no journalist; the database has its hash only."""
    return derive_token(ASKER, asker.uuid)


def press_hash(guest: PressGuest) -> str:
    """By what a journalist's own questions are found; nobody else can make it of what is kept."""
    return hash_token(derive_token(PRESS_ASKER, guest.uuid))


def ask_question(
    *, period: QuestionPeriod, asking: Asking, asker: Asker | None = None, guest: PressGuest | None = None
) -> Question:
    """Keep a question: of who holds a private link (`asker`), of a journalist (`guest`), or of somebody new.

    Raises Closed; TooMany; Refused if it is empty or too long, or if too many of theirs wait already.
    """
    words = " ".join(asking.words.split())
    if not 0 < len(words) <= LONGEST_QUESTION:
        raise Refused(_("A question has at most 500 characters."))
    with transaction.atomic():
        event = hold(period.event)
        held = QuestionPeriod.objects.get(pk=period.pk)
        held.event = event
        _refuse_who_may_not(held, guest)
        refuse_flood(Question.objects.filter(period=held))
        asker = asker or _asker(held, guest)
        _refuse_too_many(asker)
        named = not asking.without_name
        question = Question.objects.create(
            period=held,
            asker=asker,
            words=words,
            language=asking.language,
            speaker=_speaker(held, asking.speaker),
            name=asking.name.strip() if named else "",
            outlet=asking.outlet.strip() if named else "",
            written_at=now(),
            moved_at=now(),
        )
        told(held)
    return question


def take_own_back(*, asker: Asker, uuid: UUID) -> None:
    """Delete one's own question before it is asked. Those it stood for wait again, each for itself.

    Raises Refused once it is asked or answered."""
    with transaction.atomic():
        event = hold(asker.period.event)
        period = QuestionPeriod.objects.get(pk=asker.period_id)
        period.event = event
        row = Question.objects.filter(asker=asker, uuid=uuid).first()
        if row is None:
            return
        if row.lead_id is None and row.state in {QuestionState.NOW, QuestionState.ANSWERED}:
            raise Refused(_("This question was asked already."))
        row.delete()
        told(period)


def _refuse_who_may_not(period: QuestionPeriod, guest: PressGuest | None) -> None:
    why = why_closed(period)
    if why:
        raise Closed(why)
    if guest is not None:
        here = PressGuest.objects.filter(pk=guest.pk, registration__event=period.event)
        if not here.filter(state=PressState.CONFIRMED).exists():
            raise Closed("press")
    elif period.asked_by == AskedBy.PRESS:
        raise Closed("press")


def _asker(period: QuestionPeriod, guest: PressGuest | None) -> Asker:
    if guest is not None:
        return Asker.objects.get_or_create(token_hash=press_hash(guest), defaults={"period": period})[0]
    uuid = uuid7()
    return Asker.objects.create(period=period, uuid=uuid, token_hash=hash_token(derive_token(ASKER, uuid)))


def _refuse_too_many(asker: Asker) -> None:
    own = Question.objects.filter(asker=asker)
    if own.filter(written_at__gt=now() - HOUR).count() >= MOST_AN_HOUR:
        raise TooManyRequests
    if own.filter(state=QuestionState.WAITING).count() >= MOST_WAITING:
        raise Refused(_("Five questions of yours wait already. Ask more once they are decided."))


def _speaker(period: QuestionPeriod, uuid: UUID | None) -> EventSpeaker | None:
    """One who agreed to be named at this event; of others nobody outside may know."""
    if uuid is None:
        return None
    return named_speakers().filter(event=period.event, uuid=uuid).first()


# --- moderate ---
# Moderating questions: taking them, in which order, what is asked now, what stands for others, summaries.
#
# Every change holds the event's row, so that two moderators at once change two questions; of one question,
# the second is told what the first decided.


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
