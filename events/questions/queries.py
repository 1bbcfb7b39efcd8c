"""Querysets of an event's questions."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from coalition.core.clock import now
from coalition.core.throttling import hash_token
from events.core.enums import PressState
from events.core.journalists import PRESS
from events.core.models import Event, PressGuest
from events.core.queries import public_events
from events.questions.actions import press_hash, stage_until
from events.questions.models import Asker, Question, QuestionPeriod, QuestionState


@dataclass(frozen=True)
class AskerAccess:
    """Target of a private link. `asker`: None for a journalist who has not asked yet."""

    period: QuestionPeriod
    asker: Asker | None = None
    guest: PressGuest | None = None

    @property
    def event(self) -> Event:
        return self.period.event


def period_of(event: Event) -> QuestionPeriod | None:
    """Return the event's period, with `event` set to the instance passed in."""
    found = QuestionPeriod.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def public_period(slug: str) -> QuestionPeriod | None:
    """Return the period of a public event, open or closed; None if there is none."""
    return _public_periods().filter(event__slug=slug).first()


def asker_access_of_token(token: str) -> AskerAccess | None:
    """Return the target of a token, None if unknown; a journalist needs a confirmed place."""
    asker = Asker.objects.filter(token_hash=hash_token(token)).first()
    guest = PRESS.find(token) if asker is None else None
    if asker is not None:
        period = _public_periods().filter(pk=asker.period_id).first()
    elif guest is not None and guest.state == PressState.CONFIRMED:
        period = _public_periods().filter(event=guest.registration.event).first()
        asker = Asker.objects.filter(period=period, token_hash=press_hash(guest)).first()
    else:
        return None
    if period is None:
        return None
    if asker is not None:
        asker.period = period
    return AskerAccess(period, asker, guest)


def period_of_stage(token: str) -> QuestionPeriod | None:
    """Return the period of a stage token; None if it is unknown, if the event is not public, or if
    the link has expired."""
    period = _public_periods().filter(stage_hash=hash_token(token)).first()
    return period if period is not None and now() < stage_until(period) else None


def own_questions(asker: Asker) -> list[Question]:
    """Return the asker's questions, newest first, each with the one it is merged into: one query."""
    rows = Question.objects.filter(asker=asker).select_related("lead", "speaker")
    return list(rows.order_by("-pk"))


def questions_of(period: QuestionPeriod) -> list[Question]:
    """Return unmerged questions, oldest first, with those merged into each (`merged`): two queries."""
    others = Question.objects.order_by("pk")
    rows = Question.objects.filter(period=period, lead=None).select_related("speaker")
    return list(rows.prefetch_related(Prefetch("others", others, to_attr="merged")).order_by("pk"))


def stage_questions(period: QuestionPeriod) -> list[Question]:
    """Return the current question and accepted ones, in order, with speakers: one query."""
    rows = Question.objects.filter(period=period, lead=None).select_related("speaker")
    shown = rows.filter(state__in=(QuestionState.NOW, QuestionState.TAKEN)).order_by("position", "pk")
    return sorted(shown, key=lambda one: one.state != QuestionState.NOW)


def question_numbers(event: Event) -> tuple[QuestionPeriod | None, int, int]:
    """Return the period, and the numbers of pending and of accepted questions: one query."""
    leads = Q(questions__lead=None)
    waiting = Count("questions", filter=leads & Q(questions__state=QuestionState.WAITING))
    taken = Count("questions", filter=leads & Q(questions__state=QuestionState.TAKEN))
    found = QuestionPeriod.objects.filter(event=event).annotate(waiting=waiting, taken=taken).first()
    if found is None:
        return None, 0, 0
    found.event = event
    return found, getattr(found, "waiting", 0), getattr(found, "taken", 0)


def _public_periods() -> QuerySet[QuestionPeriod]:
    rows = QuestionPeriod.objects.filter(event__in=public_events().order_by().values("pk"))
    return rows.select_related("event__organisation", "event__workspace")
