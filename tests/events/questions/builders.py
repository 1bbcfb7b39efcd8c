"""Questions to test with: an event that takes them, people who ask, journalists who are confirmed."""

from coalition.accounts.models import Language
from coalition.workspaces.permissions import Access
from events.core.journalists import PRESS
from events.models import Event, PressGuest, Question, QuestionPeriod
from events.press.registration.actions import confirm_press_address, open_to_press, request_press_place
from events.questions.actions import ask_question, decide_question, open_to_questions
from events.questions.models import AskedBy, QuestionState
from tests.recording import recorded

BEFORE, DURING, AFTER = "2026-03-03 04:00Z", "2026-03-03 06:30Z", "2026-03-03 07:30Z"  # 11:00 to 12:00, UTC+5


@recorded
def takes_questions(access: Access, event: Event, asked_by: AskedBy = AskedBy.EVERYONE) -> QuestionPeriod:
    return open_to_questions(access=access, event=event, asked_by=asked_by)


AGREES = {"named": True, "pictured": False, "recorded": False, "name": "Saule in words"}


@recorded
def asked(period: QuestionPeriod, words: str = "What will change?", **given: object) -> Question:
    return ask_question(period=period, **{"words": words, "language": Language.EN, **given})


@recorded
def put(access: Access, question: Question, *states: QuestionState, **given: object) -> Question:
    """One press after the other, each by somebody who sees how it stands."""
    for state in states:
        event, seen = question.period.event, question.revision
        question = decide_question(
            access=access, event=event, uuid=question.uuid, state=state, seen=seen, **given
        )
    return question


@recorded
def journalist(
    access: Access, event: Event, name: str = "Aigerim", *, places: int = 5
) -> tuple[PressGuest, str]:
    """Somebody who registered, and the token of their link."""
    registration = open_to_press(access=access, event=event, places=places, per_outlet=places)
    asking = {
        "name": name,
        "outlet": f"{name} TV",
        "address": f"{name.lower()}@tv.example",
        "language": Language.EN,
    }
    request_press_place(registration=registration, **asking)
    guest = PressGuest.objects.latest("pk")
    return confirm_press_address(guest=guest), PRESS.token(guest)
