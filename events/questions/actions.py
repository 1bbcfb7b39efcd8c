"""Open and close an event's questions, manage the stage link, delete old questions."""

import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition import live_push
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.throttling import HOUR, TooManyRequests, derive_token, hash_token, refuse_flood
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.enums import PressState
from events.core.models import Event, EventSpeaker, PressGuest
from events.core.permissions import StaleRevision, lock_event, may_change, refuse_cancelled, subscribed_event
from events.core.queries import is_cancelled_since, is_over_since, named_speakers
from events.questions.models import AskedBy, Asker, Question, QuestionPeriod, QuestionState

KIND = "questions"


def questions_topic(period: QuestionPeriod) -> str:
    return f"{KIND}:{period.event.uuid}"


def push_questions(period: QuestionPeriod) -> None:
    """Notify open pages after the commit."""
    live_push.push_topic(topic=questions_topic(period), last_id=period.revision)


def may_subscribe_to_questions(user_id: int, identity: str) -> bool:
    """Whether the user may subscribe: people who moderate these questions now."""
    return _period(user_id, identity) is not None


def last_questions_id(user_id: int, identity: str) -> int:
    """Return the latest revision that the user may know of."""
    period = _period(user_id, identity)
    return period.revision if period is not None else 0


def _period(user_id: int, identity: str) -> QuestionPeriod | None:
    event = subscribed_event(user_id, identity)
    return QuestionPeriod.objects.filter(event=event).first() if event is not None else None


ONLY_PLANNERS = _("Editors and coordinators moderate the questions of an event.")
STAGE_LINK_PURPOSE = "events.question_stage"
OPEN_AFTER_EVENT = datetime.timedelta(hours=2)  # events run late
LONGEST_OPENING = datetime.timedelta(days=400)
DAYS_KEPT = 90  # after the event


def open_to_questions(
    *,
    access: Access,
    event: Event,
    asked_by: str,
    opens_at: datetime.datetime | None = None,
    closes_at: datetime.datetime | None = None,
) -> QuestionPeriod:
    """Open an event to questions, reopen it, or change the terms. Moments are aware; None: as the event.

    Raises NotAllowed; Refused if it is cancelled, would close before it opens, or be open too long.
    """
    terms = {"asked_by": asked_by, "opens_at": opens_at, "closes_at": closes_at}
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        period, fresh = QuestionPeriod.objects.update_or_create(
            event=locked,
            defaults={**terms, "stopped_at": None},
            create_defaults={**terms, "made_at": now()},
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
    """Create the link by which speakers read the stage; an earlier one stops working. Raises NotAllowed;
    Refused if the event accepts no questions, is over, cancelled or not public."""
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
    """Return the token of the stage link; "" without one. Only its hash is stored."""
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
    """Lock the event's row after the access check; return its period. Raises NotAllowed."""
    locked = lock_event(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    period = QuestionPeriod.objects.filter(event=locked).first()
    if period is not None:
        period.event = locked
    return period


def record_period_change(period: QuestionPeriod) -> QuestionPeriod:
    """Increment the revision and notify open pages. In the caller's transaction and lock."""
    period.revision += 1
    period.save(update_fields=["revision"])
    push_questions(period)
    return period


def forget_questions() -> int:
    """Delete questions and askers a set time after the event. Return the number of rows."""
    closed = Q(period__closes_at=None) | Q(period__closes_at__lt=days_ago(DAYS_KEPT))
    over = is_over_since(DAYS_KEPT, "period__event__") & closed
    over |= is_cancelled_since(DAYS_KEPT, "period__event__")
    return delete_in_batches(Question.objects.filter(over)) + delete_in_batches(Asker.objects.filter(over))


ASKER_PURPOSE, PRESS_ASKER_PURPOSE = "events.question_asker", "events.question_press_asker"
LONGEST_QUESTION = 500  # characters
MOST_WAITING = 5  # per private link
MOST_AN_HOUR = 20  # the same


def asker_token(asker: Asker) -> str:
    """Return the token of a private link of somebody who is no registered journalist."""
    return derive_token(ASKER_PURPOSE, asker.uuid)


def press_hash(guest: PressGuest) -> str:
    """Return the keyed hash of a journalist's own questions; stored data alone does not give it."""
    return hash_token(derive_token(PRESS_ASKER_PURPOSE, guest.uuid))


def ask_question(
    *,
    period: QuestionPeriod,
    words: str,
    language: str,
    speaker: EventSpeaker | None = None,
    name: str = "",
    outlet: str = "",
    without_name: bool = False,
    asker: Asker | None = None,
    guest: PressGuest | None = None,
) -> Question:
    """Store a question by the holder of a private link (`asker`), a journalist (`guest`), or a new person.

    `without_name`: name and outlet are not stored. Raises TooManyRequests; Refused if questions are closed,
    if it is empty or too long, or if too many of theirs are pending.
    """
    words = " ".join(words.split())
    if not 0 < len(words) <= LONGEST_QUESTION:
        raise Refused(_("A question has at most 500 characters."))
    with transaction.atomic():
        locked = _lock_period(period)
        if asking_closed_reason(locked, guest):
            raise Refused(_("Questions cannot be asked now."))
        refuse_flood(Question.objects.filter(period=locked))
        asker = asker or _get_or_create_asker(locked, guest)
        own = Question.objects.filter(asker=asker)
        if own.filter(written_at__gt=now() - HOUR).count() >= MOST_AN_HOUR:
            raise TooManyRequests
        if own.filter(state=QuestionState.WAITING).count() >= MOST_WAITING:
            raise Refused(_("Five questions of yours wait already. Ask more once they are decided."))
        if speaker is not None:  # others than those who agreed to be named are not disclosed to outsiders
            speaker = named_speakers().filter(event=locked.event, pk=speaker.pk).first()
        question = Question.objects.create(
            period=locked,
            asker=asker,
            words=words,
            language=language,
            speaker=speaker,
            name="" if without_name else name.strip(),
            outlet="" if without_name else outlet.strip(),
            written_at=now(),
            moved_at=now(),
        )
        record_period_change(locked)
    return question


def withdraw_own_question(*, asker: Asker, uuid: UUID) -> None:
    """Delete one's own question; those merged into it are pending again. Raises Refused once it is asked."""
    with transaction.atomic():
        period = _lock_period(asker.period)
        row = Question.objects.filter(asker=asker, uuid=uuid).first()
        if row is None:
            return
        if row.lead_id is None and row.state in {QuestionState.NOW, QuestionState.ANSWERED}:
            raise Refused(_("This question was asked already."))
        row.delete()
        record_period_change(period)


def _lock_period(period: QuestionPeriod) -> QuestionPeriod:
    event = lock_event(period.event)
    locked = QuestionPeriod.objects.get(pk=period.pk)
    locked.event = event
    return locked


def asking_closed_reason(period: QuestionPeriod, guest: PressGuest | None) -> str:
    """Return why questions are closed to this person: as `questions_closed_reason`, or "press"."""
    if why := questions_closed_reason(period):
        return why
    if guest is None:
        return "press" if period.asked_by == AskedBy.PRESS else ""
    here = PressGuest.objects.filter(pk=guest.pk, registration__event=period.event)
    return "" if here.filter(state=PressState.CONFIRMED).exists() else "press"


def _get_or_create_asker(period: QuestionPeriod, guest: PressGuest | None) -> Asker:
    if guest is not None:
        return Asker.objects.get_or_create(token_hash=press_hash(guest), defaults={"period": period})[0]
    asker = Asker(period=period)
    asker.token_hash = hash_token(asker_token(asker))
    asker.save()
    return asker


# Moderation of questions. Each change locks the event's row: concurrent changes to different questions both
# succeed; for the same question the second moderator gets the first one's decision.

QUESTION_GONE = _("This question is not there any more.")
LONGEST_SUMMARY = 300  # characters


def _stale(row: Question) -> StaleRevision:
    message = _("Somebody else changed this question meanwhile. It stands now as: %(state)s.")
    return StaleRevision(row, message, state=QuestionState(row.state).label)


def decide_question(
    *,
    access: Access,
    event: Event,
    uuid: UUID,
    state: QuestionState,
    seen: int,
    on_stage: UUID | None = None,
) -> Question:
    """Set the state of a question. `seen`: the revision on the page; `on_stage`: the current question there,
    which returns to the head of the accepted ones if another is asked.

    An identical decision by somebody else is no error. Raises NotAllowed; StaleRevision; Refused if the
    event is cancelled or the current question differs from `on_stage`.
    """
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row = _get_leading_question(period, uuid)
        if row.state == state:
            return row
        if row.revision != seen or state not in QuestionState(row.state).next_states:
            raise _stale(row)
        if state == QuestionState.NOW:
            current = _leading(period).filter(state=QuestionState.NOW).first()
            if (current.uuid if current is not None else None) != on_stage:
                raise Refused(_("Somebody else put another question on the stage meanwhile."))
            if current is not None:  # it returns to the head of the accepted ones
                _set_question_state(period, current, QuestionState.TAKEN, first=True)
        _set_question_state(period, row, state)
        _audit_question(period, access, "event.question_moved", row, state=state.value)
    return row


def ask_next_question(*, access: Access, event: Event, uuid: UUID, seen: int) -> None:
    """Mark the current question as answered, and ask the first accepted one. Raises as `decide_question`."""
    with transaction.atomic():
        decide_question(access=access, event=event, uuid=uuid, state=QuestionState.ANSWERED, seen=seen)
        rows = Question.objects.filter(period__event=event, lead=None)
        first = rows.filter(state=QuestionState.TAKEN).order_by("position", "pk").first()
        if first is not None and not rows.filter(state=QuestionState.NOW).exists():
            decide_question(
                access=access, event=event, uuid=first.uuid, state=QuestionState.NOW, seen=first.revision
            )


def step_question(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Swap a question with its neighbour among the accepted ones. Raises NotAllowed; Refused if not one."""
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
    """Merge a question, and those merged into it, into another one. Raises as `decide_question`; Refused if
    either is decided already, or if both are the same."""
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row, other = _get_leading_question(period, uuid), _get_leading_question(period, lead)
        if row.revision != seen:
            raise _stale(row)
        if row.pk == other.pk or not row.can_be_merged or not other.can_stand_for_others:
            raise Refused(_("Choose a question that waits or was taken."))
        row.others.update(lead=other)
        row.lead, row.state = other, QuestionState.WAITING
        _save_revision(row)
        _audit_question(period, access, "event.questions_merged", row)


def unmerge_question(*, access: Access, event: Event, uuid: UUID) -> None:
    """Undo a merge: the question is pending separately again. Raises NotAllowed, Refused."""
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row = _get_question(period, uuid)
        if row.lead_id is None:
            return
        row.lead, row.state = None, QuestionState.WAITING
        _save_revision(row)
        _audit_question(period, access, "event.questions_merged", row)


def summarise(
    *,
    access: Access,
    event: Event,
    uuid: UUID,
    words: str,
    language: str,
    seen: int,
    speaker: EventSpeaker | None = None,
) -> Question:
    """Save a summary ("" for none) and the addressed speaker. Raises as `decide_question`."""
    words = " ".join(words.split())
    if len(words) > LONGEST_SUMMARY:
        raise Refused(_("A summary has at most 300 characters."))
    with transaction.atomic():
        period = _lock_active_period(access, event)
        row = _get_question(period, uuid)
        if row.revision != seen:
            raise _stale(row)
        row.summary, row.summary_language = words, language if words else ""
        speakers = EventSpeaker.objects.filter(event=period.event)
        row.speaker = speakers.filter(pk=speaker.pk).first() if speaker is not None else None
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


def _set_question_state(
    period: QuestionPeriod, row: Question, state: QuestionState, *, first: bool = False
) -> None:
    """Set the state. One that returns from the stage becomes first of the accepted ones."""
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
