"""What the public writes and moderators decide on, in the world in which every secret has a word: questions
to a press conference and a guest book; what waits, what was taken, what was not."""

import datetime
from uuid import uuid4

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from events.exhibitions.guest_book.actions import (
    decide_guest_entry as decide_entry,
    set_guest_book,
    write_entry,
)
from events.exhibitions.guest_book.models import BookMode, EntryState
from events.models import Event, GuestEntry, Question, QuestionPeriod
from events.questions.actions import (
    ask_question,
    asker_token as token_of_asker,
    decide_question,
    make_stage_link,
    open_to_questions,
    stage_token,
    summarise,
)
from events.questions.models import AskedBy, QuestionState
from tests.permissions.events_world import PLANNERS
from tests.permissions.world import EVERYONE, World

LEAD = frozenset({"coordinator"})
# Read by moderators behind `?state=`, which the matrix does not ask for.
ON_OTHER_LISTS = (
    *(f"guest{which}{what}" for which in ("refused", "help") for what in ("text", "name")),
    "guestunnamedname",
)


def add_moderated(made: World) -> None:
    """After the events and the works: of each one that is public."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    _questions(made, access, Event.objects.get(uuid=made.things["event_public"]["event"]))
    _guest_book(made, access, Event.objects.get(uuid=made.things["works_public"]["event"]))


def _questions(made: World, access: Access, event: Event) -> None:
    hour = datetime.timedelta(hours=1)
    terms = {"opens_at": now() - hour, "closes_at": now() + 48 * hour}
    period = open_to_questions(access=access, event=event, asked_by=AskedBy.EVERYONE, **terms)
    waits = _asked(made, period, "waits", PLANNERS)
    refused = _asked(made, period, "refused", PLANNERS)
    # Who gave a name is called by it on the stage, by whoever has the stage's link; here everyone has it.
    taken = _asked(made, period, "taken", EVERYONE, name=EVERYONE)
    for question, state in ((refused, QuestionState.NOT_TAKEN), (taken, QuestionState.TAKEN)):
        question.refresh_from_db()
        decide_question(access=access, event=event, uuid=question.uuid, state=state, seen=question.revision)
    taken.refresh_from_db()
    words = made.canary("question", "summary", EVERYONE)
    said = {"words": words, "language": Language.EN, "seen": taken.revision}
    summarise(access=access, event=event, uuid=taken.uuid, **said)
    make_stage_link(access=access, event=event)
    period.refresh_from_db()
    known = {"event": event.uuid, "slug": event.slug, "question": waits.uuid}
    made.things["stage"] = known | {"token": stage_token(period)}
    made.things["asker"] = known | {"question": taken.uuid, "token": token_of_asker(taken.asker)}


def _asked(
    made: World, period: QuestionPeriod, which: str, words: object, *, name: object = PLANNERS
) -> Question:
    said = {
        "words": made.canary(f"question{which}", "words", words),
        "name": made.canary(f"question{which}", "name", name),
        "outlet": made.canary(f"question{which}", "outlet", name),
    }
    return ask_question(period=period, language=Language.EN, **said)


def _guest_book(made: World, access: Access, event: Event) -> None:
    person = made.people["coordinator"]
    book = set_guest_book(access=access, event=event, mode=BookMode.OPEN, person=person)

    def entry(which: str, state: EntryState | None, *, text: object, name: object) -> GuestEntry:
        said = {
            "text": made.canary(f"guest{which}", "text", text),
            "name": made.canary(f"guest{which}", "name", name),
        }
        shown = {"may_show": True, "may_name": which == "taken"}
        row = write_entry(book=book, mark=uuid4(), language=Language.EN, **said, **shown)
        if state is not None:
            decide_entry(access=access, entry=row, state=state, seen=EntryState.WAITING, shown="")
        return row

    waits = entry("waits", None, text=PLANNERS, name=PLANNERS)
    entry("refused", EntryState.NOT_TAKEN, text=PLANNERS, name=PLANNERS)
    entry("unnamed", EntryState.TAKEN, text=EVERYONE, name=PLANNERS)
    entry("taken", EntryState.TAKEN, text=EVERYONE, name=EVERYONE)
    entry("help", EntryState.HELP, text=LEAD, name=LEAD)
    made.things["guest_book"] = {"event": event.uuid, "slug": event.slug, "entry": waits.uuid}
