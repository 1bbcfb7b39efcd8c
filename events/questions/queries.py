"""Questions of an event: the only place where they come from."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from coalition.core.clock import now
from coalition.core.tokens import hash_token
from events.core.enums import PressState
from events.core.journalists import PRESS
from events.core.models import Event, PressGuest
from events.core.queries import public_events
from events.questions.actions import press_hash, stage_until
from events.questions.enums import QuestionState
from events.questions.models import Asker, Question, QuestionPeriod


@dataclass(frozen=True)
class Door:
    """What a private link opens. `asker`: None for a journalist who has not asked yet."""

    period: QuestionPeriod
    asker: Asker | None
    guest: PressGuest | None


def period_of(event: Event) -> QuestionPeriod | None:
    """When the event takes questions; the event stands in it as it was given."""
    found = QuestionPeriod.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def public_period(slug: str) -> QuestionPeriod | None:
    """That of a public event, open or not; None if there is none."""
    return _public_periods().filter(event__slug=slug).first()


def door_of_token(token: str) -> Door | None:
    """What the link opens: a journalist's while they have a place. None if nobody's."""
    periods = _public_periods()
    asker = Asker.objects.filter(token_hash=hash_token(token)).first()
    if asker is not None:
        period = periods.filter(pk=asker.period_id).first()
        return Door(period, _of(asker, period), None) if period is not None else None
    guest = PRESS.find(token)
    if guest is None or guest.state != PressState.CONFIRMED:
        return None
    period = periods.filter(event=guest.registration.event).first()
    if period is None:
        return None
    asker = Asker.objects.filter(period=period, token_hash=press_hash(guest)).first()
    return Door(period, _of(asker, period) if asker is not None else None, guest)


def period_of_stage(token: str) -> QuestionPeriod | None:
    """Whose stage the link shows; None if nobody's, if the event is not public, or if it is long over."""
    period = _public_periods().filter(stage_hash=hash_token(token)).first()
    return period if period is not None and now() < stage_until(period) else None


def own_questions(asker: Asker) -> list[Question]:
    """What somebody asked, newest first, with what stands for it: one query."""
    rows = Question.objects.filter(asker=asker).select_related("lead", "speaker")
    return list(rows.order_by("-pk"))


def questions_of(period: QuestionPeriod) -> list[Question]:
    """Everything that leads, with what it stands for (`standing_for`), as it was asked: two queries."""
    others = Question.objects.order_by("pk")
    rows = Question.objects.filter(period=period, lead=None).select_related("speaker")
    return list(rows.prefetch_related(Prefetch("others", others, to_attr="standing_for")).order_by("pk"))


def on_stage(period: QuestionPeriod) -> list[Question]:
    """What is asked now and those taken, in their order, with speakers: one query."""
    rows = Question.objects.filter(period=period, lead=None).select_related("speaker")
    shown = rows.filter(state__in=(QuestionState.NOW, QuestionState.TAKEN)).order_by("position", "pk")
    return sorted(shown, key=lambda one: one.state != QuestionState.NOW)


def question_numbers(event: Event) -> tuple[QuestionPeriod | None, int, int]:
    """When the event takes questions, how many wait, how many are taken and not asked yet: one query."""
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


def _of(asker: Asker, period: QuestionPeriod) -> Asker:
    asker.period = period
    return asker
