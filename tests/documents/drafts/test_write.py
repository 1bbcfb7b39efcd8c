"""Writing a text whole."""

import threading

import pytest
from django.db import connection

from coalition.accounts.models import Language
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.drafts.actions.manage import archive_draft, create_draft, mark_up_to_date, save_text
from documents.drafts.live.backend import edit_text
from tests.documents.conftest import body
from tests.factories import WorkspaceFactory, seat


def _save(access, text, words="We ask for a law.", *, title="A title", lead="", of=None, **given):
    return save_text(access=access, text=text, title=title, lead=lead, body=of or body(words), **given)


def test_saving_raises_the_revision_and_says_who_wrote_for_whom(room, text):
    _save(room.access("editor"), text)
    text.refresh_from_db()
    assert (text.revision, text.changed_by, text.changed_for) == (
        1,
        room.user("editor"),
        room.organisation("editor"),
    )
    assert len(text.content_hash) == 64
    assert AuditEntry.objects.filter(action="text.saved", target=text.draft.uuid).count() == 1


def test_the_hash_is_of_the_words_not_of_their_form(room, text):
    one = _save(room.access("editor"), text, "We ask  for a law. ").content_hash
    two = _save(room.access("coordinator"), text, "We ask for a law.").content_hash
    assert one == two


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"of": {"type": "doc", "content": [{"type": "paragraph"}]}},
        {
            "of": {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [
                            {"type": "gap", "attrs": {"name": "Place", "kind": "place", "value": ""}}
                        ],
                    }
                ],
            }
        },
    ],
    ids=["no title", "no words", "a gap"],
)
def test_what_cannot_be_approved_yet_is_saved_without_a_hash(room, text, change):
    saved = _save(room.access("editor"), text, **change)
    assert saved.revision == 1
    assert saved.content_hash == ""


def test_the_same_words_are_no_change(room, text):
    _save(room.access("coordinator"), text, "The same.")
    saved = _save(room.access("editor"), text, "The same.")
    assert saved.revision == 1
    assert saved.changed_by == room.user("coordinator")


def test_a_change_makes_translations_older_until_somebody_says_otherwise(room, draft, text):
    room.write(text, "editor", "One.")
    russian = draft.texts.get(language=Language.RU)
    room.write(russian, "editor", "Один.")
    assert not draft.texts.select_related("based_on").get(language=Language.RU).is_older
    text.refresh_from_db()
    room.write(text, "editor", "Two.")
    russian = draft.texts.select_related("based_on").get(language=Language.RU)
    assert russian.is_older
    marked = mark_up_to_date(access=room.access("editor"), text=russian, seen_revision=2)
    assert not marked.is_older


def test_up_to_date_counts_for_what_was_seen(room, draft, text):
    room.write(text, "editor", "One.")
    russian = room.write(draft.texts.get(language=Language.RU), "editor", "Один.")
    text.refresh_from_db()
    room.write(text, "editor", "Two.")
    text.refresh_from_db()
    room.write(text, "editor", "Three.")
    assert mark_up_to_date(access=room.access("editor"), text=russian, seen_revision=2).is_older


@pytest.mark.parametrize("name", ["observer", "reviewer", "contributor"])
def test_who_may_not_edit_saves_nothing(room, text, name):
    with pytest.raises(NotAllowed):
        _save(room.access(name), text)
    text.refresh_from_db()
    assert text.revision == 0


def test_a_contributor_edits_an_own_draft(room):
    own = room.draft("contributor").texts.get(language=Language.KK)
    assert _save(room.access("contributor"), own).revision == 1


def test_an_archived_draft_is_not_written(room, draft, text):
    archive_draft(access=room.access("editor"), draft=draft)
    with pytest.raises(NotAllowed):
        _save(room.access("coordinator"), text)


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "doc", "content": [{"type": "script", "content": []}]},
        {"type": "doc", "content": "alert"},
        {"type": "paragraph"},
        {},
        {
            "type": "doc",
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {
                            "type": "text",
                            "text": "press",
                            "marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}],
                        }
                    ],
                }
            ],
        },
        {
            "type": "doc",
            "content": [{"type": "picture", "attrs": {"id": "0195d9a0-0000-7000-8000-000000000000"}}],
        },
    ],
    ids=["script", "no list", "no doc", "nothing", "javascript link", "picture of nobody"],
)
def test_what_no_text_may_hold_is_refused_in_words(room, text, bad):
    with pytest.raises(Refused) as refusal:
        save_text(access=room.access("editor"), text=text, title="T", lead="", body=bad)
    text.refresh_from_db()
    assert text.revision == 0
    assert len(refusal.value.message) > 15


def test_a_title_of_ten_thousand_characters_is_refused_in_words(room, text):
    with pytest.raises(Refused, match="10000 characters"):
        _save(room.access("editor"), text, title="Ұ" * 10_000)


def test_script_tags_are_words_like_others(room, text):
    saved = _save(room.access("editor"), text, "<script>alert(1)</script>")
    assert saved.revision == 1


def test_who_keeps_writing_is_told_of_once(room, text):
    for base in range(3):
        _save(room.access("editor"), text, f"Words {base}")
    assert Activity.objects.filter(kind="text_saved").count() == 1
    _save(room.access("coordinator"), text, "Other words")
    assert Activity.objects.filter(kind="text_saved").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_both_are_there():
    workspace = WorkspaceFactory()
    seats = [seat(workspace=workspace, role=SeatRole.EDITOR) for _ in range(2)]
    accesses = [access_to(one.person, workspace.uuid) for one in seats]
    text = create_draft(access=accesses[0], title="At once").texts.get(language=Language.KK)
    _save(accesses[0], text, of=body("First.", "Second."))

    def add(number: int) -> None:
        added = body(f"Words of {number}.")["content"]
        by = seats[number]
        edit_text(
            text=text,
            author=by.person,
            organisation=by.organisation,
            change=lambda marked: {**marked, "content": [*marked["content"], *added]},
        )
        connection.close()

    threads = [threading.Thread(target=add, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text.refresh_from_db()
    said = [block["content"][0]["text"] for block in text.body["content"]]
    assert said[:2] == ["First.", "Second."]
    assert sorted(said[2:]) == ["Words of 0.", "Words of 1."]
    assert text.revision == 3
