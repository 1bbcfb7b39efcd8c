"""Live texts behind a real server: what people write, what is refused, what the row and the others see."""

import asyncio
import secrets
import threading
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.urls import reverse
from pycrdt import Array, Doc, Map, XmlFragment

from coalition.accounts.models import Language
from coalition.realtime import frames
from coalition.realtime.frames import UPDATE
from coalition.realtime.models import LiveUpdate
from coalition.realtime.store import load_document, stored_document
from documents.drafts.actions.manage import archive_draft, save_text
from documents.drafts.live.suggestions import doc_to_json, fragment_of
from documents.models import DraftText
from tests.documents.conftest import Room, body, suggestion_of
from tests.documents.drafts.live.wire import FORMAT, STRING, item, letters, marker, written
from tests.factories import WorkspaceFactory, seat
from tests.realtime.conftest import started
from tests.realtime.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    """A server with the keeper that the site has."""
    running, thread, place = started()
    yield place
    running.should_exit = True
    thread.join(timeout=10)


class Stage:
    """A workspace with two who write and one who suggests; `open(name)`: a browser in the text."""

    def __init__(self, server, client_of) -> None:
        self.server, self.client_of = server, client_of
        self.room = Room(WorkspaceFactory())
        for role in ("reviewer", "editor", "coordinator"):
            self.room.take(role)
        self.text = self.room.draft().texts.get(language=Language.KK)
        self.room.write(self.text, "editor", "Заң оларды көрмеді.")
        self.keys = {}

    def open(self, name: str) -> Writer:
        return Writer(self.server, self.text.uuid, self.key(name))

    def key(self, name: str) -> str:
        if name not in self.keys:
            self.keys[name] = self.client_of(self.room.user(name)).session.session_key
        return self.keys[name]

    def row(self) -> DraftText:
        return DraftText.objects.select_related("draft", "changed_by").get(pk=self.text.pk)


@pytest.fixture
async def stage(server, client_of):
    made = await sync_to_async(Stage)(server, client_of)
    for name in ("reviewer", "editor", "coordinator"):
        await sync_to_async(made.key)(name)
    return made


def line(writer):
    """The first paragraph's words."""
    return fragment_of(writer.doc).children[2].children[0]


async def type_in(writer, words, at=0, **marks):
    await writer.change(lambda: line(writer).insert(at, words, marks or None))


async def row_until(stage, holds):
    async with asyncio.timeout(8):
        while not holds(row := await sync_to_async(stage.row)()):  # noqa: ASYNC110  the database tells nobody
            await asyncio.sleep(0.1)
    return row


async def test_two_type_into_one_paragraph_and_the_row_follows(stage):
    async with stage.open("editor") as one, stage.open("coordinator") as other:
        await asyncio.gather(one.synced.wait(), other.synced.wait())
        for number in range(8):
            await type_in(one, f"ә{number}🌷 ")
            await type_in(other, f"ё{number} ", at=len(line(other)))
        await one.until(lambda: "ё7" in str(line(one)) and one.saved == one.written)
        await other.until(lambda: str(line(one)) == str(line(other)))
        said = str(line(one))
    row = await row_until(stage, lambda row: row.body["content"][0]["content"][0]["text"] == said)
    assert all(f"ә{number}🌷" in said and f"ё{number}" in said for number in range(8))
    assert row.changed_by in {stage.room.user("editor"), stage.room.user("coordinator")}
    assert len(row.content_hash) == 64


async def test_who_may_only_suggest_suggests(stage):
    mark = {"insertion": {"id": await sync_to_async(lambda: suggestion_of(stage.room.access("reviewer")))()}}
    async with stage.open("reviewer") as writer, stage.open("editor") as reader:
        await asyncio.gather(writer.synced.wait(), reader.synced.wait())
        await type_in(writer, "Ал ", **mark)
        await reader.until(lambda: "Ал " in str(line(reader)))
        await type_in(writer, "жоқ ")
        await writer.until(lambda: writer.refused)
        assert writer.refused == ["suggest-only"]
        row = await row_until(stage, lambda row: row.open_suggestions == 1)
    assert row.body == body("Заң оларды көрмеді.")
    assert row.revision == 1
    kept = await sync_to_async(stored_document)(stage.text.uuid)
    assert "жоқ" not in str(doc_to_json(kept))


async def test_who_may_write_suggests_nothing_in_anothers_name_however_it_is_written(stage):
    """JSON has many ways to write the same name."""
    theirs = await sync_to_async(lambda: suggestion_of(stage.room.access("coordinator")))()
    json = '{"id":"' + "".join(f"\\u{ord(letter):04x}" for letter in theirs) + '"}'
    async with stage.open("editor") as writer:
        await writer.synced.wait()
        await writer.change(lambda: line(writer).insert(0, "Ал "))
        await writer.until(lambda: writer.saved == writer.written)
        left = (writer.doc.client_id, 2)
        structs = [
            item(FORMAT, marker("insertion", json), left=left),
            item(STRING, letters("жоқ "), left=(writer.doc.client_id, 3)),
        ]
        await writer.send(frames.sync_frame(UPDATE, written((writer.doc.client_id, 3, structs))))
        await writer.until(lambda: writer.refused)
        assert writer.refused == ["another-name"]
    kept = await sync_to_async(stored_document)(stage.text.uuid)
    assert "Ал " in str(doc_to_json(kept))
    assert "жоқ" not in str(doc_to_json(kept))


async def test_what_is_no_node_of_a_text_ends_the_socket_and_changes_nothing(stage):
    strange = Doc()
    strange.get("text", type=XmlFragment)
    strange["other"] = Map({"list": Array([1])})
    async with stage.open("editor") as writer:
        await writer.synced.wait()
        await writer.send(frames.sync_frame(UPDATE, strange.get_update()))
        assert await writer.closed_with() == 4400
    kept = await sync_to_async(stored_document)(stage.text.uuid)
    assert list(kept.keys()) == ["text"]


async def test_what_the_server_writes_is_seen_at_once_and_typing_goes_on(stage):
    access = await sync_to_async(stage.room.access)("coordinator")
    async with stage.open("editor") as writer:
        await writer.synced.wait()
        await type_in(writer, "Ал ")
        await writer.until(lambda: writer.saved == writer.written)
        await sync_to_async(save_text)(
            access=access,
            text=stage.text,
            title="Жаңа",
            lead="",
            body=body("Ал Заң оларды көрмеді.", "Тағы."),
        )
        await writer.until(lambda: len(fragment_of(writer.doc).children) == 4, 2)
        await type_in(writer, "Әрине: ")
        row = await row_until(stage, lambda row: "Әрине" in str(row.body))
    assert row.title == "Жаңа"
    assert row.body == body("Әрине: Ал Заң оларды көрмеді.", "Тағы.")


async def test_putting_a_draft_away_ends_writing_within_a_second(stage):
    access = await sync_to_async(stage.room.access)("coordinator")
    async with stage.open("editor") as writer:
        await writer.synced.wait()
        await sync_to_async(archive_draft)(access=access, draft=stage.text.draft)
        async with asyncio.timeout(3):  # the clock alone looks every five seconds
            while not writer.refused:
                await type_in(writer, "х")
                await asyncio.sleep(0.05)
    assert writer.refused[0] == "read-only"


async def test_who_changes_in_whose_name_they_act_writes_in_that_name_within_a_second(stage, client_of):
    def second_seat():
        person = stage.room.user("reviewer")
        other = seat(person=person, workspace=stage.room.workspace, role="contributor").organisation
        return client_of(person), other

    browser, other = await sync_to_async(second_seat)()
    key = await sync_to_async(lambda: browser.session.session_key)()
    address = reverse("workspaces:act_for", args=[stage.room.workspace.uuid])
    async with Writer(stage.server, stage.text.uuid, key) as writer:
        await writer.synced.wait()
        await sync_to_async(browser.post)(address, {"organisation": str(other.uuid)})
        async with asyncio.timeout(3):  # the clock alone looks every five seconds
            while await sync_to_async(last_organisation)(stage.text) != other.uuid:
                comment = {f"comment--{secrets.token_hex(4)}": {"id": str(uuid4())}}
                await writer.change(lambda: line(writer).format(0, 6, comment))  # noqa: B023  called at once
                await writer.until(lambda: writer.saved == writer.written)
    assert not writer.refused


def last_organisation(text):
    return LiveUpdate.objects.filter(document=text.uuid).order_by("pk").last().organisation


def test_a_text_begins_once_however_many_open_it(client_of):
    room = Room(WorkspaceFactory())
    room.take("editor")
    text = room.draft().texts.get(language=Language.KK)
    DraftText.objects.filter(pk=text.pk).update(title="T", body=body("Once."), revision=1)
    start, found = threading.Barrier(4), []

    def load():
        start.wait()
        found.append(load_document(text.uuid, text.uuid))
        connection.close()

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert LiveUpdate.objects.filter(document=text.uuid).count() == 1
    assert len(found) == 4
    assert str(doc_to_json(stored_document(text.uuid))).count("Once.") == 1
