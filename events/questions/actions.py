"""Open and close an event's questions, manage the stage link, delete old questions."""

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
from events.core import audit as core_audit
from events.core.enums import PressState
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event, EventSpeaker, PressGuest
from events.core.permissions import may_change
from events.core.queries import is_cancelled_since, is_over_since, named_speakers
from events.questions import topics
from events.questions.enums import AskedBy, QuestionState
from events.questions.models import Asker, Question, QuestionPeriod

ONLY_PLANNERS = _("Editors and coordinators moderate the questions of an event.")
STAGE_LINK_PURPOSE = "events.question_stage"
OPEN_AFTER_EVENT = datetime.timedelta(hours=2)  # events run late
LONGEST_OPENING = datetime.timedelta(days=400)
DAYS_KEPT = 90  # after the event


@dataclass(frozen=True)
class QuestionTerms:
    """When an event accepts questions, and from whom. Moments are aware; None: as the event
    itself."""

    asked_by: AskedBy
    opens_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None


def open_to_questions(*, access: Access, event: Event, terms: QuestionTerms) -> QuestionPeriod:
    """Open an event to questions, reopen it, or change the terms; existing questions stay.

    Raises NotAllowed; Refused if it is cancelled, if it would close before it opens, or be open too
    long.
    """
    with transaction.atomic():
        locked = lock_event(event)
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
        core_audit.record_event_action(
            locked, access, "event.questions_opened" if fresh else "event.questions_terms"
        )
        return record_period_change(period)


def stop_questions(*, access: Access, event: Event) -> None:
    """Stop accepting questions; existing ones stay. Raises NotAllowed."""
    with transaction.atomic():
        period = lock_question_period(access, event)
        if period is not None and period.stopped_at is None:
            period.stopped_at = now()
            period.save(update_fields=["stopped_at"])
            core_audit.record_event_action(period.event, access, "event.questions_stopped")
            record_period_change(period)


def make_stage_link(*, access: Access, event: Event) -> None:
    """Create the link by which speakers read the stage; an earlier one stops working.

    Raises NotAllowed; Refused if the event accepts no questions, is over, cancelled or not
    public."""
    with transaction.atomic():
        period = lock_question_period(access, event)
        if period is None:
            raise Refused(_("Open the event to questions first."))
        refuse_cancelled(period.event)
        if not period.event.is_public or stage_until(period) < now():
            raise Refused(_("The link opens for a public event, until two hours after its end."))
        period.stage_key = uuid7()
        period.stage_hash = hash_token(derive_token(STAGE_LINK_PURPOSE, period.stage_key))
        period.save(update_fields=["stage_key", "stage_hash"])
        core_audit.record_event_action(period.event, access, "event.stage_link_made")


def revoke_stage_link(*, access: Access, event: Event) -> None:
    """Revoke the stage link. Raises NotAllowed."""
    with transaction.atomic():
        period = lock_question_period(access, event)
        if period is not None and period.stage_key is not None:
            period.stage_key = period.stage_hash = None
            period.save(update_fields=["stage_key", "stage_hash"])
            core_audit.record_event_action(period.event, access, "event.stage_link_taken_back")


def stage_token(period: QuestionPeriod) -> str:
    """Return the token of the current stage link; "" without one. The database stores only its
    hash."""
    return derive_token(STAGE_LINK_PURPOSE, period.stage_key) if period.stage_key is not None else ""


def stage_until(period: QuestionPeriod) -> datetime.datetime:
    """Return when the stage link expires."""
    return max(period.closing, period.event.lasts_until or period.event.ends_at) + OPEN_AFTER_EVENT


def questions_closed_reason(period: QuestionPeriod) -> str:
    """Return why questions are closed: "cancelled", "early", "over" or "closed"; "" while open."""
    event, moment = period.event, now()
    if event.cancelled_at is not None:
        return "cancelled"
    if period.closing <= moment:
        return "over"
    if period.stopped_at is not None or not event.is_public:
        return "closed"
    return "early" if moment < period.opening else ""


def lock_question_period(access: Access, event: Event) -> QuestionPeriod | None:
    """Return the event's period, with the event's row locked after the access check. Raises
    NotAllowed."""
    locked = lock_event(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    period = QuestionPeriod.objects.filter(event=locked).first()
    if period is not None:
        period.event = locked
    return period


def record_period_change(period: QuestionPeriod) -> QuestionPeriod:
    """Increment the revision and notify open pages. In the caller's transaction, with the event's
    row locked."""
    period.revision += 1
    period.save(update_fields=["revision"])
    topics.push_questions(period)
    return period


def forget_questions() -> int:
    """Delete questions and askers a set time after the event, because questions reveal personal
    data. Return the number of rows."""
    closed = Q(period__closes_at=None) | Q(period__closes_at__lt=days_ago(DAYS_KEPT))
    over = is_over_since(DAYS_KEPT, "period__event__") & closed
    over |= is_cancelled_since(DAYS_KEPT, "period__event__")
    return delete_in_batches(Question.objects.filter(over)) + delete_in_batches(Asker.objects.filter(over))


# --- ask ---
# Asking and withdrawing a question without an account, on the public page or by a private link.


ASKER_PURPOSE, PRESS_ASKER_PURPOSE = "events.question_asker", "events.question_press_asker"
LONGEST_QUESTION = 500  # characters
MOST_WAITING = 5  # per private link
MOST_AN_HOUR = 20  # the same


class QuestionsClosed(Refused):
    """Questions are closed, or closed to this person; `why` as in `why_closed`, or "press"."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Questions cannot be asked now."))
        self.why = why


@dataclass(frozen=True)
class QuestionInput:
    """Data of a question. With `without_name` name and outlet are not stored."""

    words: str
    language: Language
    speaker: UUID | None = None
    name: str = ""
    outlet: str = ""
    without_name: bool = False


def asker_token(asker: Asker) -> str:
    """Return the token of a private link, for an asker who is not a registered journalist; the
    database stores only its hash."""
    return derive_token(ASKER_PURPOSE, asker.uuid)


def press_hash(guest: PressGuest) -> str:
    """Return the keyed hash that identifies a journalist's own questions; it cannot be computed
    from stored data alone."""
    return hash_token(derive_token(PRESS_ASKER_PURPOSE, guest.uuid))


def ask_question(
    *,
    period: QuestionPeriod,
    asking: QuestionInput,
    asker: Asker | None = None,
    guest: PressGuest | None = None,
) -> Question:
    """Store a question by the holder of a private link (`asker`), a journalist (`guest`), or a new
    person.

    Raises Closed; TooMany; Refused if it is empty or too long, or if too many of theirs are
    pending.
    """
    words = " ".join(asking.words.split())
    if not 0 < len(words) <= LONGEST_QUESTION:
        raise Refused(_("A question has at most 500 characters."))
    with transaction.atomic():
        event = lock_event(period.event)
        held = QuestionPeriod.objects.get(pk=period.pk)
        held.event = event
        _refuse_not_admitted(held, guest)
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
        record_period_change(held)
    return question


def withdraw_own_question(*, asker: Asker, uuid: UUID) -> None:
    """Delete one's own question before it is asked. Questions merged into it are pending again,
    each separately.

    Raises Refused once it is asked or answered."""
    with transaction.atomic():
        event = lock_event(asker.period.event)
        period = QuestionPeriod.objects.get(pk=asker.period_id)
        period.event = event
        row = Question.objects.filter(asker=asker, uuid=uuid).first()
        if row is None:
            return
        if row.lead_id is None and row.state in {QuestionState.NOW, QuestionState.ANSWERED}:
            raise Refused(_("This question was asked already."))
        row.delete()
        record_period_change(period)


def _refuse_not_admitted(period: QuestionPeriod, guest: PressGuest | None) -> None:
    why = questions_closed_reason(period)
    if why:
        raise QuestionsClosed(why)
    if guest is not None:
        here = PressGuest.objects.filter(pk=guest.pk, registration__event=period.event)
        if not here.filter(state=PressState.CONFIRMED).exists():
            raise QuestionsClosed("press")
    elif period.asked_by == AskedBy.PRESS:
        raise QuestionsClosed("press")


def _asker(period: QuestionPeriod, guest: PressGuest | None) -> Asker:
    if guest is not None:
        return Asker.objects.get_or_create(token_hash=press_hash(guest), defaults={"period": period})[0]
    uuid = uuid7()
    return Asker.objects.create(
        period=period, uuid=uuid, token_hash=hash_token(derive_token(ASKER_PURPOSE, uuid))
    )


def _refuse_too_many(asker: Asker) -> None:
    own = Question.objects.filter(asker=asker)
    if own.filter(written_at__gt=now() - HOUR).count() >= MOST_AN_HOUR:
        raise TooManyRequests
    if own.filter(state=QuestionState.WAITING).count() >= MOST_WAITING:
        raise Refused(_("Five questions of yours wait already. Ask more once they are decided."))


def _speaker(period: QuestionPeriod, uuid: UUID | None) -> EventSpeaker | None:
    """Return a speaker of this event who consented to be named; others are not disclosed to
    outsiders."""
    if uuid is None:
        return None
    return named_speakers().filter(event=period.event, uuid=uuid).first()


# --- moderate ---
# Moderation of questions: accepting, ordering, current question, merging, summaries.
#
# Each change locks the event's row, so that concurrent changes to different questions both succeed;
# for the same question the second moderator gets the first one's decision.


QUESTION_GONE = _("This question is not there any more.")
LONGEST_SUMMARY = 300  # characters


class StaleQuestion(Refused):
    """The question was changed by somebody else since the page was opened. `question`: its current
    version."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            _("Somebody else changed this question meanwhile. It stands now as: %(state)s."),
            state=QuestionState(question.state).label,
        )
        self.question = question


@dataclass(frozen=True)
class QuestionSummaryInput:
    """A moderator's summary of a question, "" for none; and the speaker it is addressed to."""

    words: str
    language: Language
    speaker: UUID | None = None


def decide_question(
    *,
    access: Access,
    event: Event,
    uuid: UUID,
    state: QuestionState,
    seen: int,
    on_stage: UUID | None = None,
) -> Question:
    """Set the state of a question. `seen`: the revision that the page was loaded with; `on_stage`:
    the current question on that page, which returns to the head of the accepted ones if another is
    asked.

    An identical decision by somebody else is no error. Raises NotAllowed; Decided; Refused if the
    event is cancelled or the current question differs from `on_stage`.
    """
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row = _get_leading_question(period, uuid)
        if row.state == state:
            return row
        if row.revision != seen or state not in QuestionState(row.state).next_states:
            raise StaleQuestion(row)
        if state == QuestionState.NOW:
            _requeue_current_question(period, on_stage)
        _set_question_state(period, row, state)
        _audit_question(period, access, "event.question_moved", row, state=state.value)
    return row


def ask_next_question(*, access: Access, event: Event, uuid: UUID, seen: int) -> None:
    """Mark the current question as answered, and ask the first accepted one. Raises as `decide`."""
    with transaction.atomic():
        decide_question(access=access, event=event, uuid=uuid, state=QuestionState.ANSWERED, seen=seen)
        rows = Question.objects.filter(period__event=event, lead=None)
        first = rows.filter(state=QuestionState.TAKEN).order_by("position", "pk").first()
        if first is not None and not rows.filter(state=QuestionState.NOW).exists():
            decide_question(
                access=access, event=event, uuid=first.uuid, state=QuestionState.NOW, seen=first.revision
            )


def step_question(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Swap a question with its neighbour among the accepted ones; at either end nothing happens.

    Raises NotAllowed; Refused if it is no longer accepted."""
    with transaction.atomic():
        period = _lock_active_period(access, event)
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
            record_period_change(period)


def merge_question(*, access: Access, event: Event, uuid: UUID, lead: UUID, seen: int) -> None:
    """Merge a question, and those merged into it, into another one. Raises as `decide`; Refused if
    either is decided already, or if both are the same."""
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row, standing = _get_leading_question(period, uuid), _get_leading_question(period, lead)
        if row.revision != seen:
            raise StaleQuestion(row)
        fits = QuestionState(row.state).can_be_merged and QuestionState(standing.state).can_stand_for_others
        if row.pk == standing.pk or not fits:
            raise Refused(_("Choose a question that waits or was taken."))
        row.others.update(lead=standing)
        row.lead, row.state = standing, QuestionState.WAITING
        _save_revision(row)
        _audit_question(period, access, "event.questions_merged", row)


def unmerge_question(*, access: Access, event: Event, uuid: UUID) -> None:
    """Undo a merge: the question is pending separately again. Raises NotAllowed; Refused if it is
    gone."""
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row = _get_question(period, uuid)
        if row.lead_id is None:
            return
        row.lead, row.state = None, QuestionState.WAITING
        _save_revision(row)
        _audit_question(period, access, "event.questions_merged", row)


def summarise(
    *, access: Access, event: Event, uuid: UUID, summary: QuestionSummaryInput, seen: int
) -> Question:
    """Save a summary beside the original text, and the addressed speaker. Raises as `decide`."""
    words = " ".join(summary.words.split())
    if len(words) > LONGEST_SUMMARY:
        raise Refused(_("A summary has at most 300 characters."))
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row = _get_question(period, uuid)
        if row.revision != seen:
            raise StaleQuestion(row)
        row.summary, row.summary_language = words, summary.language.value if words else ""
        speakers = EventSpeaker.objects.filter(event=period.event)
        row.speaker = speakers.filter(uuid=summary.speaker).first() if summary.speaker else None
        _save_revision(row)
        _audit_question(period, access, "event.question_summarised", row)
    return row


def _lock_active_period(access: Access, event: Event) -> QuestionPeriod:
    period = lock_question_period(access, event)
    if period is None:
        raise Refused(QUESTION_GONE)
    refuse_cancelled(period.event)
    return period


def _leading(period: QuestionPeriod) -> QuerySet[Question]:
    return Question.objects.filter(period=period, lead=None)


def _get_question(period: QuestionPeriod, uuid: UUID) -> Question:
    row = Question.objects.filter(period=period, uuid=uuid).first()
    if row is None:
        raise Refused(QUESTION_GONE)
    return row


def _get_leading_question(period: QuestionPeriod, uuid: UUID) -> Question:
    """Return a question that is not merged into another one."""
    row = _get_question(period, uuid)
    if row.lead_id is not None:
        raise Refused(_("Somebody else merged this question with another one meanwhile."))
    return row


def _requeue_current_question(period: QuestionPeriod, seen: UUID | None) -> None:
    """Return the current question to the head of the accepted ones."""
    row = _leading(period).filter(state=QuestionState.NOW).first()
    if (row.uuid if row is not None else None) != seen:
        raise Refused(_("Somebody else put another question on the stage meanwhile."))
    if row is not None:
        _set_question_state(period, row, QuestionState.TAKEN, first=True)


def _set_question_state(
    period: QuestionPeriod, row: Question, state: QuestionState, *, first: bool = False
) -> None:
    """Set the state. A question that returns from the stage becomes first of the accepted ones,
    others last."""
    taken = _leading(period).filter(state=QuestionState.TAKEN)
    if state == QuestionState.TAKEN and (first or row.state == QuestionState.NOW):
        taken.update(position=F("position") + 1)
        row.position = 1
    elif state == QuestionState.TAKEN:
        row.position = (taken.aggregate(last=Max("position"))["last"] or 0) + 1
    row.state, row.moved_at = state, now()
    _save_revision(row)


def _save_revision(row: Question) -> None:
    row.revision += 1
    row.save()


def _audit_question(
    period: QuestionPeriod, access: Access, action: str, row: Question, **detail: str
) -> None:
    core_audit.record_event_action(period.event, access, action, question=str(row.uuid), **detail)
    record_period_change(period)
