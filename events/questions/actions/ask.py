"""Somebody asks a question, or takes it back: without an account, by the public page or a private link."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import HOUR, TooMany, refuse_flood
from coalition.core.tokens import derive_token, hash_token
from events.core.locking import hold
from events.core.models import EventSpeaker
from events.core.queries import named_speakers
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.questions.actions.settings import told, why_closed
from events.questions.enums import AskedBy, QuestionState
from events.questions.models import Asker, Question, QuestionPeriod

ASKER, PRESS_ASKER = "events.question_asker", "events.question_press_asker"
LONGEST = 500  # characters
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
    if not 0 < len(words) <= LONGEST:
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
        raise TooMany
    if own.filter(state=QuestionState.WAITING).count() >= MOST_WAITING:
        raise Refused(_("Five questions of yours wait already. Ask more once they are decided."))


def _speaker(period: QuestionPeriod, uuid: UUID | None) -> EventSpeaker | None:
    """One who agreed to be named at this event; of others nobody outside may know."""
    if uuid is None:
        return None
    return named_speakers().filter(event=period.event, uuid=uuid).first()
