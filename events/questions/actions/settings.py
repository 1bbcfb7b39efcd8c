"""Opening an event to questions, closing it, the link to the stage, and forgetting."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.queries import is_cancelled_since, is_over_since
from events.questions import topics
from events.questions.enums import AskedBy
from events.questions.models import Asker, Question, QuestionPeriod

ONLY_PLANNERS = _("Editors and coordinators moderate the questions of an event.")
STAGE = "events.question_stage"
AFTER = datetime.timedelta(hours=2)  # events run late
LONGEST = datetime.timedelta(days=400)
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
        if not period.opening < period.closing <= period.opening + LONGEST:
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
    return delete(Question.objects.filter(over)) + delete(Asker.objects.filter(over))
