"""Marks of comments in a live text: who may only suggest adds them, and takes none away."""

from uuid import UUID

import pytest

from coalition.core.clock import now
from coalition.realtime.backend import SUGGEST_ONLY, Grant
from documents.drafts.actions.manage import name_version
from documents.drafts.live.backend import edit_text
from documents.drafts.live.resolve import suggestion_id, with_comment
from documents.drafts.live.suggestions import reject_all
from tests.documents.comments.builders import begin
from tests.documents.drafts.live import writing

ME, US = UUID(int=1), UUID(int=2)
THREAD, OTHER = str(UUID(int=3)), str(UUID(int=4))


def text(words, *marks):
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def comment(thread=THREAD):
    return {"type": "comment", "attrs": {"id": thread}}


def doc(*inline, title=None):
    head = {"type": "title", "content": list(title)} if title else {"type": "title"}
    return {
        "type": "doc",
        "content": [head, {"type": "lead"}, {"type": "paragraph", "content": list(inline)}],
    }


def verdict(before, after, *, suggests_only=True):
    return writing.verdict(before, after, Grant(ME, US, suggests_only=suggests_only))


PLAIN = doc(text("Twenty-five people were convicted."))
COMMENTED = doc(text("Twenty-five", comment()), text(" people were convicted."))


def test_who_may_only_suggest_puts_a_comment_on_words():
    assert verdict(PLAIN, COMMENTED) == ""
    title = [text("Twelve organisations")]
    marked = [text("Twelve", comment()), text(" organisations")]
    assert verdict(doc(text("Words"), title=title), doc(text("Words"), title=marked)) == ""


def test_comments_overlap():
    both = doc(
        text("Twenty-", comment()), text("five", comment(), comment(OTHER)), text(" people were convicted.")
    )
    assert verdict(COMMENTED, both) == ""


@pytest.mark.parametrize(
    "after",
    [
        PLAIN,
        doc(text("Twenty", comment()), text("-five people were convicted.")),
        doc(text("Twenty-five people", comment()), text(" were convicted.")),
        doc(text("Twenty-five", comment(OTHER)), text(" people were convicted.")),
    ],
    ids=["taken away", "shortened", "lengthened", "given to another thread"],
)
def test_who_may_only_suggest_leaves_the_comments_of_a_text(after):
    assert verdict(COMMENTED, after) == SUGGEST_ONLY
    assert verdict(COMMENTED, after, suggests_only=False) == ""


def test_a_comment_changes_no_words():
    assert verdict(PLAIN, doc(text("Twenty", comment()), text(" people were convicted."))) == SUGGEST_ONLY


@pytest.mark.parametrize("identity", ["", "x", "<b>", str(UUID(int=5)) + "."])
def test_a_mark_names_a_thread(identity):
    assert (
        verdict(PLAIN, doc(text("Twenty-five", comment(identity)), text(" people were convicted.")))
        == SUGGEST_ONLY
    )


def test_who_suggests_within_commented_words_moves_no_comment():
    identity = suggestion_id(person=ME, organisation=US, at=now(), counter=1)
    insertion = {"type": "insertion", "attrs": {"id": identity}}
    deletion = {"type": "deletion", "attrs": {"id": identity}}
    suggested = doc(
        text("Twenty", comment()),
        text(" or more", insertion, comment()),
        text("-five", deletion, comment()),
        text(" people were convicted."),
    )
    assert verdict(COMMENTED, suggested) == ""
    assert reject_all(suggested)["content"][2] == COMMENTED["content"][2]


def test_a_comment_on_suggested_words_is_one_too():
    identity = suggestion_id(person=UUID(int=8), organisation=UUID(int=9), at=now(), counter=1)
    insertion = {"type": "insertion", "attrs": {"id": identity}}
    before = doc(text("Twenty-five"), text(" women", insertion), text(" were convicted."))
    after = doc(text("Twenty-five"), text(" women", insertion, comment()), text(" were convicted."))
    assert verdict(before, after) == ""


def test_a_mark_is_put_on_words_across_pieces_of_a_line():
    bold = {"type": "bold"}
    before = doc(text("Twenty-"), text("five", bold), text(" people were convicted."))
    after = with_comment(before, words="ty-five people", thread=THREAD)
    assert after["content"][2]["content"] == [
        text("Twen"),
        text("ty-", comment()),
        text("five", comment(), bold),
        text(" people", comment()),
        text(" were convicted."),
    ]
    assert with_comment(before, words="nowhere", thread=THREAD) == before


@pytest.mark.django_db
def test_a_comment_is_in_no_words_and_no_version(room, text):
    saved = room.write(text, "editor", "Twenty-five people were convicted.")
    thread = begin(room, saved, "reviewer", quote="Twenty-five")
    marked = edit_text(
        text=saved,
        author=room.user("reviewer"),
        organisation=room.organisation("reviewer"),
        change=lambda marked: with_comment(marked, words="Twenty-five", thread=str(thread.uuid)),
    )
    assert str(thread.uuid) in str(marked.marked)
    assert str(thread.uuid) not in str(marked.body)
    assert marked.content_hash == saved.content_hash
    version = name_version(access=room.access("editor"), text=marked, name="First")
    assert str(thread.uuid) not in version.canonical
