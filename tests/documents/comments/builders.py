"""Threads for tests: `begin(room, text, "editor")`."""

from documents.comments.actions import name_legal_reader, start_thread
from documents.drafts.models import Audience
from documents.models import DraftText, LegalReader, Thread
from tests.documents.conftest import Room
from tests.recording import recorded


@recorded
def begin(
    room: Room,
    text: DraftText,
    by: str = "reviewer",
    body: str = "Which year?",
    audience: Audience = Audience.WORKSPACE,
    **given: object,
) -> Thread:
    return start_thread(access=room.access(by), text=text, audience=audience, body=body, **given)


@recorded
def lawyer(room: Room, text: DraftText, who: str = "reviewer") -> LegalReader:
    """The person, named as the draft's legal reader."""
    return name_legal_reader(access=room.access("coordinator"), draft=text.draft, seat=room.seats[who])


@recorded
def begin_legal(room: Room, text: DraftText, who: str = "reviewer", body: str = "This is a risk.") -> Thread:
    return begin(room, text, who, body, Audience.LEGAL, reader=lawyer(room, text, who))
