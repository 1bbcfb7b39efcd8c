"""Naming versions and going back to them."""

import io

import pytest
from PIL import Image

from coalition.partners.enums import Language
from coalition.refused import Refused
from coalition.workspaces.rules import NotAllowed
from documents.canonical.serialise import canonical_bytes, canonical_hash
from documents.domain.name_version import name_version
from documents.domain.restore import document_of, restore
from documents.domain.settle import Outcome, settle
from documents.domain.tend import archive_draft, change_draft
from documents.domain.upload import upload
from documents.domain.write import Conflict, Saved, save_text
from documents.enums import Handling, TextKind
from documents.models import Version
from tests.documents.conftest import body, gap


def _name(room, text, name="First", by="editor", **given):
    return name_version(access=room.access(by), text=text, name=name, **given)


def test_a_version_holds_the_canonical_bytes_and_their_hash(room, text):
    text = room.write(text)
    version = _name(room, text)
    document = document_of(version)
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
    file = upload(access=room.access("editor"), content=out, size=out.tell(), name="p.png")
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


def test_what_was_not_seen_is_not_named(room, text):
    text = room.write(text)
    room.write(text, "coordinator", "Other words")
    with pytest.raises(Refused, match="a moment ago"):
        _name(room, text, seen_revision=1)


def test_going_back_is_an_edit(room, text):
    text = room.write(text, "editor", "First words")
    version = _name(room, text)
    text = room.write(text, "editor", "Second words", title="Another title")
    result = restore(access=room.access("coordinator"), version=version, base_revision=2)
    assert isinstance(result, Saved)
    assert result.text.content_hash == version.hash
    assert result.text.revision == 3
    assert result.text.changed_by == room.user("coordinator")


def test_going_back_from_an_old_page_loses_nothing(room, text):
    text = room.write(text, "editor", "First words")
    version = _name(room, text)
    text = room.write(text, "editor", "Second words")
    room.write(text, "coordinator", "Third words")
    result = restore(access=room.access("editor"), version=version, base_revision=2)
    assert isinstance(result, Conflict)
    text.refresh_from_db()
    assert text.body == body("Third words")


def test_deciding_twice_is_refused(room, text):
    room.write(text, "coordinator", "Theirs")
    conflict = save_text(
        access=room.access("editor"), text=text, title="T", lead="", body=body("Mine"), base_revision=0
    )
    given = {"access": room.access("editor"), "set_aside": conflict.set_aside, "seen_revision": 1}
    settle(outcome=Outcome.THEIRS, **given)
    with pytest.raises(Refused, match="decided already"):
        settle(outcome=Outcome.MINE, **given)
    text.refresh_from_db()
    assert text.body == body("Theirs")


def test_who_lost_the_right_to_write_can_still_let_go(room, draft, text):
    room.write(text, "coordinator", "Theirs")
    conflict = save_text(
        access=room.access("editor"), text=text, title="T", lead="", body=body("Mine"), base_revision=0
    )
    archive_draft(access=room.access("coordinator"), draft=draft)
    given = {"access": room.access("editor"), "set_aside": conflict.set_aside, "seen_revision": 1}
    with pytest.raises(NotAllowed):
        settle(outcome=Outcome.MINE, **given)
    assert isinstance(settle(outcome=Outcome.THEIRS, **given), Saved)
