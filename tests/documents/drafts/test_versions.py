"""Naming versions and going back to them."""

import io

import pytest
from PIL import Image

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.realtime.hub import edit_on_server
from coalition.workspaces.permissions import NotAllowed
from documents.canonical.form import canonical_bytes, canonical_hash
from documents.drafts.actions.manage import archive_draft, change_draft, name_version
from documents.drafts.live.suggestions import fragment_of, write_node
from documents.drafts.models import Handling, TextKind
from documents.files.actions import upload_file
from documents.history.actions import restore_state
from documents.models import Version
from tests.documents.conftest import body, gap, suggest


def _name(room, text, name="First", by="editor", **given):
    return name_version(access=room.access(by), text=text, name=name, **given)


def test_a_version_holds_the_canonical_bytes_and_their_hash(room, text):
    text = room.write(text)
    version = _name(room, text)
    document = version.document
    assert version.canonical.encode() == canonical_bytes(document)
    assert version.hash == canonical_hash(document) == text.content_hash
    assert (version.number, version.canon, version.language, version.revision) == (1, 1, "kk", 1)


def test_numbers_rise_within_one_text(room, draft, text):
    for number in (1, 2, 3):
        text = room.write(text, "editor", f"Words {number}")
        assert _name(room, text).number == number
    other = room.write(draft.texts.get(language=Language.RU))
    assert _name(room, other).number == 1


def test_the_same_words_are_not_named_twice(room, text):
    text = room.write(text)
    _name(room, text, "First")
    with pytest.raises(Refused, match="“First”, says exactly this already"):
        _name(room, text, "Second")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"title": ""}, "no title"),
        ({"body": {"type": "doc", "content": [{"type": "paragraph"}]}}, "no words"),
        ({"body": gap()}, "holding statement"),
    ],
)
def test_what_is_not_ready_is_refused_in_words(room, text, given, why):
    text = room.write(text, **given)
    with pytest.raises(Refused, match=why):
        _name(room, text)
    assert not Version.objects.exists()


def test_a_holding_statement_may_have_open_gaps(room):
    text = room.draft(kind=TextKind.HOLDING).texts.get(language=Language.KK)
    text = room.write(text, body=gap())
    assert _name(room, text).hash == text.content_hash


def test_changing_the_kind_changes_what_can_be_approved(room, draft, text):
    text = room.write(text, body=gap())
    assert text.content_hash == ""
    change_draft(
        access=room.access("editor"),
        draft=draft,
        title="Holding",
        kind=TextKind.HOLDING,
        handling=Handling.WORKSPACE,
    )
    text.refresh_from_db()
    assert len(text.content_hash) == 64


def test_a_picture_needs_its_description(room, text):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    file = upload_file(access=room.access("editor"), content=out, size=out.tell(), name="p.png")
    shown = body("Words")
    shown["content"].append({"type": "picture", "attrs": {"id": str(file.uuid)}})
    text = room.write(text, body=shown)
    with pytest.raises(Refused, match="descri"):
        _name(room, text)


@pytest.mark.parametrize("name", ["observer", "reviewer", "contributor"])
def test_who_may_not_name(room, text, name):
    text = room.write(text)
    with pytest.raises(NotAllowed):
        _name(room, text, by=name)


def test_an_archived_draft_gets_no_version(room, draft, text):
    text = room.write(text)
    archive_draft(access=room.access("editor"), draft=draft)
    with pytest.raises(NotAllowed):
        _name(room, text)


def test_a_name_is_needed(room, text):
    with pytest.raises(Refused, match="Give the version a name"):
        _name(room, room.write(text), "  ")


def test_what_was_written_a_moment_ago_is_in_the_version(room, text):
    text = room.write(text)

    def change(doc):
        write_node(fragment_of(doc), 3, body("Other words")["content"][0])

    edit_on_server(text.uuid, change, author=room.user("coordinator").uuid, organisation=None)
    assert "Other words" in _name(room, text).canonical


def test_going_back_is_an_edit(room, text):
    text = room.write(text, "editor", "First words")
    version = _name(room, text)
    text = room.write(text, "editor", "Second words", title="Another title")
    result = restore_state(access=room.access("coordinator"), state=version)
    assert result.content_hash == version.hash
    assert result.revision == 3
    assert result.changed_by == room.user("coordinator")
    assert Version.objects.count() == 1


def test_going_back_to_what_stands_there_changes_nothing(room, text):
    text = room.write(text, "editor", "First words")
    version = _name(room, text)
    assert restore_state(access=room.access("coordinator"), state=version).revision == 1


def test_with_an_open_suggestion_nothing_is_named(room, text):
    text = room.write(text, "editor", "First words")
    suggest(room, text, "reviewer", " and more")
    with pytest.raises(Refused, match="1 suggestion is open: accept or reject it first"):
        _name(room, text)
    suggest(room, text, "contributor", " and even more")
    with pytest.raises(Refused, match="2 suggestions are open: accept or reject them first"):
        _name(room, text)
    assert not Version.objects.exists()
