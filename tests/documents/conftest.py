"""A workspace with one person for each role, and a draft to work on."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from coalition.partners.enums import Language
from coalition.partners.models import Organisation, User
from coalition.roles import SeatRole
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.rules import Access, access_to
from documents.domain.create_draft import create_draft
from documents.domain.write import Saved, save_text
from documents.models import Draft, DraftText
from tests.factories import WorkspaceFactory, seat


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


@dataclass
class Room:
    """A workspace and its people: `room.access("editor")`, `room.user("observer")`."""

    workspace: Workspace
    seats: dict[str, Seat] = field(default_factory=dict)

    def take(self, role: str, *, name: str = "", organisation: Organisation | None = None) -> Seat:
        taken = seat(workspace=self.workspace, role=SeatRole(role), organisation=organisation)
        self.seats[name or role] = taken
        return taken

    def user(self, name: str) -> User:
        return self.seats[name].person

    def organisation(self, name: str) -> Organisation:
        return self.seats[name].organisation

    def access(self, name: str) -> Access:
        return access_to(self.user(name), self.workspace.uuid)

    def draft(self, by: str = "editor", **given: object) -> Draft:
        return create_draft(access=self.access(by), **{"title": "On Article 123", **given})

    def write(self, text: DraftText, by: str = "editor", *words: str, **given: object) -> DraftText:
        result = save_text(
            access=self.access(by),
            text=text,
            **{
                "title": "Twelve organisations propose a law",
                "lead": "",
                "body": body(*(words or ("We ask for a law.",))),
                "base_revision": text.revision,
                **given,
            },
        )
        assert isinstance(result, Saved)
        return result.text


@pytest.fixture
def room(db: None) -> Room:
    made = Room(WorkspaceFactory())
    for role in SeatRole:
        made.take(role.value)
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
