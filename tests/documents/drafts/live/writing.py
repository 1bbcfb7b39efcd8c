"""Small texts and replicas of them, to write in as a browser does and as one that means harm."""

import datetime
from typing import Any
from uuid import UUID

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from coalition.realtime import updates
from coalition.realtime.backend import LACKING, Grant
from coalition.realtime.frames import BadFrame, read_state_vector
from documents.drafts.live.guard import WriteGuard, check
from documents.drafts.live.resolve import suggestion_id
from documents.drafts.live.suggestions import json_to_update, write_node

AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
ANNA, BOLAT = UUID(int=0xA), UUID(int=0xB)
HERS, HIS = UUID(int=0xAA), UUID(int=0xBB)

type Json = dict[str, Any]


def identity(person: UUID = ANNA, organisation: UUID = HERS, counter: int = 1) -> str:
    return suggestion_id(person=person, organisation=organisation, at=AT, counter=counter)


def mark(name: str, whose: str = "", **attrs: object) -> Json:
    return {"type": name, "attrs": {"id": whose or identity(), **attrs}}


def words(text: str, *marks: Json) -> Json:
    return {"type": "text", "text": text, "marks": list(marks)} if marks else {"type": "text", "text": text}


def paragraph(*content: Json, marks: tuple[Json, ...] = ()) -> Json:
    made: Json = {"type": "paragraph"}
    if content:
        made["content"] = list(content)
    return {**made, "marks": list(marks)} if marks else made


def text(*blocks: Json, title: str = "Тақырып") -> Json:
    heads = [{"type": "title", "content": [words(title)]} if title else {"type": "title"}, {"type": "lead"}]
    return {"type": "doc", "content": [*heads, *(blocks or (paragraph(),))]}


class Replica:
    """What one browser has. `sent` are its updates, one for each `with replica.change()`."""

    def __init__(self, state: bytes) -> None:
        self.doc: Any = Doc()
        self.doc.apply_update(state)
        self.sent: list[bytes] = []
        self._seen = self.doc.observe(lambda event: self.sent.append(event.update))

    @property
    def root(self) -> XmlFragment:
        return self.doc.get("text", type=XmlFragment)

    def change(self):
        return self.doc.transaction()

    def block(self, index: int) -> XmlElement:
        return self.root.children[index]

    def line(self, index: int) -> XmlText:
        return self.root.children[index].children[0]

    def type_at(self, index: int, at: int, letters: str, **marks: Json) -> None:
        """`at`: in bytes, as pycrdt counts."""
        self.line(index).insert(at, letters, marks or None)

    def add(self, index: int, node: Json) -> None:
        write_node(self.root, index, node)


class Room:
    """A text as the server holds it, with the watch beside it."""

    def __init__(self, marked: Json) -> None:
        self._begin(json_to_update(marked))

    @classmethod
    def of(cls, state: bytes) -> "Room":
        """A text with this state."""
        made = cls.__new__(cls)
        made._begin(state)
        return made

    def _begin(self, state: bytes) -> None:
        self.doc: Any = Doc()
        self.doc.apply_update(state)
        self.watch = WriteGuard(self.doc.get_update)

    def replica(self) -> Replica:
        return Replica(self.doc.get_update())

    def take(self, update: bytes, grant: Grant) -> str:
        """What the engine does with a write. Raises BadFrame for what it does not understand."""
        change = updates.read_update(update)
        if not change.supported:
            raise BadFrame(updates.NOT_AN_UPDATE)
        if not updates.is_complete(change, read_state_vector(self.doc.get_state())):
            return LACKING
        reason = self.watch.refuses(update, change, grant)
        if not reason:
            self.doc.apply_update(update)
        return reason

    def told(self, update: bytes) -> None:
        """What it does with what another process tells."""
        self.doc.apply_update(update)
        self.watch.note(update, updates.read_update(update))


def verdict(before: Json, after: Json, grant: Grant) -> str:
    """Return why one change is refused of a text whose past nobody knows, or ""."""
    return check(before, after, grant, typed="", past={}, known=(), named=())


def suggester(person: UUID = ANNA, organisation: UUID = HERS) -> Grant:
    return Grant(person, organisation, suggests_only=True)


def editor(person: UUID = ANNA, organisation: UUID = HERS) -> Grant:
    return Grant(person, organisation, may_write=True)
