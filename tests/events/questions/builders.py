"""Questions to test with: an event that takes them, people who ask, journalists who are confirmed."""

from coalition.accounts.enums import Language
from coalition.workspaces.permissions import Access
from events.models import Event, PressGuest, Question, QuestionPeriod
from events.press.registration.actions import Asking as PressAsking
from events.press.registration.actions import Terms as PressTerms
from events.press.registration.actions import ask_to_come, open_to_press, prove_address
from events.press.registration.notifications import PRESS
from events.production.speakers.actions import Agreed
from events.questions.actions import Asking, Terms, ask_question, decide, open_to_questions
from events.questions.enums import AskedBy, QuestionState
from tests.recording import recorded

BEFORE, DURING, AFTER = "2026-03-03 04:00Z", "2026-03-03 06:30Z", "2026-03-03 07:30Z"  # 11:00 to 12:00, UTC+5


@recorded
def takes_questions(access: Access, event: Event, asked_by: AskedBy = AskedBy.EVERYONE) -> QuestionPeriod:
    return open_to_questions(access=access, event=event, terms=Terms(asked_by))


AGREES = Agreed(named=True, pictured=False, recorded=False, name="Saule in words")


@recorded
def asked(period: QuestionPeriod, words: str = "What will change?", **given: object) -> Question:
    door = {name: given.pop(name) for name in ("asker", "guest") if name in given}
    said = {"words": words, "language": Language.EN, **given}
    return ask_question(period=period, asking=Asking(**said), **door)


@recorded
def put(access: Access, question: Question, *states: QuestionState, **given: object) -> Question:
    """One press after the other, each by somebody who sees how it stands."""
    for state in states:
        event, seen = question.period.event, question.revision
        question = decide(access=access, event=event, uuid=question.uuid, state=state, seen=seen, **given)
    return question


@recorded
def journalist(
    access: Access, event: Event, name: str = "Aigerim", *, places: int = 5
) -> tuple[PressGuest, str]:
    """Somebody who registered, and the token of their link."""
    registration = open_to_press(access=access, event=event, terms=PressTerms(places, places))
    asking = PressAsking(
        name=name, outlet=f"{name} TV", address=f"{name.lower()}@tv.example", language=Language.EN
    )
    ask_to_come(registration=registration, asking=asking)
    guest = PressGuest.objects.latest("pk")
    return prove_address(guest=guest), PRESS.token(guest)
