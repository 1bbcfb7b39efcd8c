"""A workspace with one person for each role, and a draft to work on."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from coalition.accounts.models import Language, Organisation, User
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.permissions import Access, access_to
from documents.canonical.form import Json
from documents.drafts.actions.manage import create_draft, save_text
from documents.drafts.live.backend import edit_text
from documents.drafts.live.resolve import suggestion_id
from documents.models import Draft, DraftText
from tests.factories import WorkspaceFactory, seat
from tests.recording import recorded


def body(*paragraphs: str) -> dict[str, object]:
    """The editor's JSON of plain paragraphs."""
    return {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": words}]} for words in paragraphs
        ],
    }


def gap(name: str = "Place") -> dict[str, object]:
    """The editor's JSON of a paragraph in which one place is still to be filled in."""
    opened = {"type": "gap", "attrs": {"name": name, "kind": "place", "value": ""}}
    said = {"type": "text", "text": "It happened in "}
    return {"type": "doc", "content": [{"type": "paragraph", "content": [said, opened]}]}


@recorded
def suggest(room: "Room", text: DraftText, by: str, words: str, identity: str = "") -> DraftText:
    """Somebody proposes words at the end of the first paragraph."""
    access = room.access(by)
    mark = {"type": "insertion", "attrs": {"id": identity or suggestion_of(access)}}

    def change(marked: Json) -> Json:
        title, lead, paragraph, *rest = marked["content"]
        said = [*paragraph.get("content", []), {"type": "text", "text": words, "marks": [mark]}]
        return {**marked, "content": [title, lead, {**paragraph, "content": said}, *rest]}

    return edit_text(text=text, author=access.user, organisation=access.organisation, change=change)


def suggestion_of(access: Access) -> str:
    """An id for a suggestion in the person's name."""
    counter = secrets.randbelow(1_000_000)
    return suggestion_id(
        person=access.user.uuid, organisation=access.organisation.uuid, at=now(), counter=counter
    )


@dataclass
class Room:
    """A workspace and its people: `room.access("editor")`, `room.user("observer")`."""

    workspace: Workspace
    seats: dict[str, Seat] = field(default_factory=dict)

    @recorded
    def take(
        self, role: str, *, name: str = "", organisation: Organisation | None = None, in_step: bool = True
    ) -> Seat:
        taken = seat(
            workspace=self.workspace, role=SeatRole(role), organisation=organisation, in_step=in_step
        )
        self.seats[name or role] = taken
        return taken

    def user(self, name: str) -> User:
        return self.seats[name].person

    def organisation(self, name: str) -> Organisation:
        return self.seats[name].organisation

    @recorded
    def access(self, name: str) -> Access:
        return access_to(self.user(name), self.workspace.uuid)

    @recorded
    def draft(self, by: str = "editor", **given: object) -> Draft:
        return create_draft(access=self.access(by), **{"title": "On Article 123", **given})

    @recorded
    def write(self, text: DraftText, by: str = "editor", *words: str, **given: object) -> DraftText:
        return save_text(
            access=self.access(by),
            text=text,
            **{
                "title": "Twelve organisations propose a law",
                "lead": "",
                "body": body(*(words or ("We ask for a law.",))),
                **given,
            },
        )


@pytest.fixture
def room(db: None) -> Room:
    return room_of_everyone()


@recorded
def room_of_everyone() -> Room:
    """One person for each role."""
    made = Room(WorkspaceFactory())
    for role in SeatRole:
        made.take(role.value, in_step=False)
    sync_grants(made.workspace)
    return made


@pytest.fixture
def draft(room: Room) -> Draft:
    return room.draft()


@pytest.fixture
def text(draft: Draft) -> DraftText:
    return draft.texts.get(language=Language.KK)


@pytest.fixture
def draft_of(room: Room) -> Callable[..., Draft]:
    return room.draft
