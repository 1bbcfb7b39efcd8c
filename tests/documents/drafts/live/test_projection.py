"""The rows of texts follow their live documents, and nothing but them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.realtime.hub import SERVER_PROCESS, edit_on_server
from coalition.realtime.models import LiveText, LiveUpdate
from coalition.realtime.store import begin_document
from coalition.workspaces.models import Activity
from documents.drafts.actions.manage import change_draft, name_version
from documents.drafts.live.backend import edit_text, marked_of
from documents.drafts.live.projection import update_stale_texts, update_text_row, update_text_rows
from documents.drafts.live.suggestions import fragment_of, write_node
from documents.drafts.models import TextKind
from documents.drafts.presenters import render_text_or_error
from documents.hooks import HOOKS
from documents.models import DraftText
from tests.documents.conftest import body, gap, suggest
from tests.documents.drafts.live.writing import paragraph, words


def type_in(room, text, by, said, *, at=2):
    """What the engine keeps when somebody types: a row of the log, and no row of the text."""

    def change(doc):
        write_node(fragment_of(doc), at, paragraph(words(said)))

    access = room.access(by)
    edit_on_server(text.uuid, change, author=access.user.uuid, organisation=access.organisation.uuid)


@pytest.fixture
def heard():
    """Return what listeners to changed texts hear during a test."""
    found = []

    def hear(*change):
        found.append(change)

    HOOKS.text_changed.append(hear)
    yield found
    HOOKS.text_changed.remove(hear)


def test_a_row_follows_what_was_typed(room, text):
    type_in(room, text, "editor", "Жаңа сөз 🌷")
    text.refresh_from_db()
    assert text.revision == 0
    followed = update_text_row(text.uuid)
    assert followed.body["content"][0] == paragraph(words("Жаңа сөз 🌷"))
    assert (followed.revision, followed.changed_by, followed.changed_for) == (
        1,
        room.user("editor"),
        room.organisation("editor"),
    )
    assert followed.marked["content"][2] == paragraph(words("Жаңа сөз 🌷"))
    assert AuditEntry.objects.filter(action="text.saved", target=text.draft.uuid).count() == 1
    assert Activity.objects.filter(kind="text_saved").count() == 1
    draft = followed.draft
    draft.refresh_from_db()
    assert draft.changed_at == followed.changed_at


def test_a_crash_between_saving_and_reading_loses_nothing(room, text, heard):
    type_in(room, text, "editor", "Written before the crash")
    update_stale_texts()
    text.refresh_from_db()
    assert (text.revision, text.changed_by) == (1, room.user("editor"))
    update_stale_texts()
    update_text_rows([text.uuid])
    assert len(heard) == 1


def test_who_wrote_what_was_committed_after_a_later_row_is_known_too(room, text, heard):
    """As on PostgreSQL with several processes: the number of a row is taken before its commit."""
    room.write(text, "editor", "Words")
    last = LiveUpdate.objects.latest("pk").pk
    LiveUpdate.objects.filter(pk=last).update(id=last + 1000)
    DraftText.objects.filter(pk=text.pk).update(read_to=last + 1000)
    type_in(room, text, "coordinator", "Late words")
    LiveUpdate.objects.filter(author=room.user("coordinator").uuid).update(id=last + 1)
    update_stale_texts()
    text.refresh_from_db()
    assert (text.revision, text.changed_by) == (2, room.user("coordinator"))
    assert heard[-1][3][-1].person == room.user("coordinator")
    assert AuditEntry.objects.filter(action="text.saved", actor=room.user("coordinator")).count() == 1
    update_stale_texts()
    assert len(heard) == 2


def test_what_is_written_in_a_text_that_is_gone_holds_nobody_up(room, draft, text):
    other = draft.texts.get(language="ru")
    for one in (text, other):
        type_in(room, one, "editor", "Words")
    gone = text.uuid
    text.delete()
    update_text_rows([gone, other.uuid])
    other.refresh_from_db()
    assert other.revision == 1


def test_opening_a_text_changes_nothing_in_it(room, draft, text):
    marks = [{"type": "link", "attrs": {"href": "https://example.org/", "target": None}}, {"type": "bold"}]
    parted = {
        "type": "doc",
        "content": [
            {
                "type": "orderedList",
                "attrs": {"start": 1, "tight": None},
                "content": [
                    {
                        "type": "listItem",
                        "content": [
                            {
                                "type": "paragraph",
                                "content": [
                                    words("One "),
                                    words("text", *marks),
                                    words(" in "),
                                    words("parts"),
                                ],
                            }
                        ],
                    },
                ],
            },
            {"type": "paragraph", "content": []},
        ],
    }
    DraftText.objects.filter(pk=text.pk).update(title="As before", body=parted, revision=7, content_hash="x")
    begin_document(text.uuid, SERVER_PROCESS)
    followed = update_text_row(text.uuid)
    assert (followed.revision, followed.body) == (7, parted)
    assert not Activity.objects.filter(kind="text_saved").exists()
    assert LiveUpdate.objects.filter(document=text.uuid).count() == 1


def test_a_suggestion_changes_no_words(room, text, heard):
    before = room.write(text, "editor", "First words")
    after = suggest(room, text, "reviewer", " and more")
    assert (after.revision, after.content_hash, after.changed_by) == (
        before.revision,
        before.content_hash,
        room.user("editor"),
    )
    assert after.body == body("First words")
    assert after.open_suggestions == 1
    assert Activity.objects.filter(kind="text_suggested", actor=room.user("reviewer")).count() == 1
    assert [[author.person for author in authors] for *_, authors in heard] == [
        [room.user("editor")],
        [room.user("reviewer")],
    ]


def test_approvals_stay_while_something_is_only_suggested(room, text):
    version = name_version(access=room.access("editor"), text=room.write(text), name="As agreed")
    assert suggest(room, text, "reviewer", " and more").content_hash == version.hash
    type_in(room, text, "editor", "Other words")
    assert update_text_row(text.uuid).content_hash not in {"", version.hash}


def test_who_keeps_writing_is_told_of_once_also_by_turns(room, text):
    for number in range(3):
        for by in ("editor", "coordinator"):
            type_in(room, text, by, f"Words {number}")
            update_text_row(text.uuid)
    assert Activity.objects.filter(kind="text_saved").count() == 2
    assert AuditEntry.objects.filter(action="text.saved").count() == 2


def test_what_changed_is_told_with_the_words_before_and_after(room, text, heard):
    room.write(text, "editor", "One")
    heard.clear()
    type_in(room, text, "coordinator", "Zero")
    type_in(room, text, "editor", "Minus one")
    update_text_row(text.uuid)
    ((told, before, after, authors),) = heard
    assert (told.pk, before["body"], after["body"]) == (
        text.pk,
        body("One"),
        body("Minus one", "Zero", "One"),
    )
    assert [author.person for author in authors] == [room.user("coordinator"), room.user("editor")]
    assert authors[0].organisation == room.organisation("coordinator")
    update_text_row(text.uuid)
    assert len(heard) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "script", "content": [words("alert(1)")]},
        paragraph(words("here", {"type": "link", "attrs": {"href": "javascript:alert(1)"}})),
        paragraph(words("struck", {"type": "strike"})),
        {"type": "heading", "attrs": {"level": 7}, "content": [words("Seven")]},
    ],
    ids=["script", "link", "mark", "level"],
)
def test_what_no_text_may_hold_is_kept_out_of_what_is_approved_and_said_in_words(room, text, bad):
    room.write(text, "editor", "Words")
    followed = edit_text(
        text=text,
        author=None,
        organisation=None,
        change=lambda marked: {**marked, "content": [*marked["content"], bad]},
    )
    assert followed.content_hash == ""
    assert "<" not in render_text_or_error(followed)  # a sentence
    with pytest.raises(Refused) as refusal:
        name_version(access=room.access("editor"), text=followed, name="First")
    assert len(refusal.value.message) > 15
    assert marked_of(followed)["content"][-1]["type"] == bad["type"]


def test_another_kind_of_text_counts_the_hash_again_and_later_reading_does_too(room, draft, text):
    room.write(text, "editor", body=gap())
    given = {"title": draft.title, "handling": draft.handling}
    change_draft(access=room.access("editor"), draft=draft, kind=TextKind.HOLDING, **given)
    text.refresh_from_db()
    held = text.content_hash
    assert held
    type_in(room, text, "editor", "More")
    assert update_text_row(text.uuid).content_hash not in {"", held}


def test_reading_anew_takes_as_many_queries_for_three_who_wrote_as_for_one(room, text):
    def count(*writers):
        for by in writers:
            type_in(room, text, by, f"Words of {by}")
        with CaptureQueriesContext(connection) as queries:
            update_text_row(text.uuid)
        return len(queries)

    for number in range(3):
        room.take("editor", name=str(number))
    count("0", "1", "2")  # of whom others are told now
    assert count("1", "2", "0") == count("0")


def test_nothing_is_read_where_nothing_was_written(room, text):
    assert update_text_row(text.uuid).revision == 0
    assert not LiveText.objects.exists()
    room.write(text)
    with CaptureQueriesContext(connection) as queries:
        update_text_row(text.uuid)
    assert len(queries) == 1


def test_what_no_database_takes_does_not_stop_a_text(room, text):
    type_in(room, text, "editor", "a\x00b")
    followed = update_text_row(text.uuid)
    followed.refresh_from_db()
    assert followed.body["content"][0] == paragraph(words("a\ufffdb"))
