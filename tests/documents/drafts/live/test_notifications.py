"""Who wrote in a text hears of what others do to their words."""

import pytest

from coalition.accounts.models import User
from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.workspaces.notifications.deliver import describe_notifications
from coalition.workspaces.notifications.queries import notifications_for
from documents.drafts.actions.manage import save_text
from documents.drafts.live.backend import edit_text
from documents.drafts.live.resolve import suggestion_id
from documents.drafts.live.suggestions import accept_all, reject_all
from tests.documents.conftest import body

pytestmark = pytest.mark.django_db


def inbox(person: User, kind: str) -> list[str]:
    rows = notifications_for(person).filter(kind=kind)
    return [one.sentence for one in describe_notifications(viewer_for(person), rows)]


def write(room, text, role: str, words: str) -> None:
    save_text(access=room.access(role), text=text, title="A title", lead="", body=body(words))


def change(room, text, role: str, how) -> None:
    text.refresh_from_db()
    edit_text(text=text, author=room.user(role), organisation=room.organisation(role), change=how)


def suggest(room, text, role: str) -> None:
    """Put one inserted word at the end of the last block, in the name of the person of this role."""
    person, organisation = room.user(role), room.organisation(role)
    identity = suggestion_id(person=person.uuid, organisation=organisation.uuid, at=now(), counter=1)

    def add(marked):
        *others, block = marked["content"]
        mark = {"type": "insertion", "attrs": {"id": identity}}
        words = [*block["content"], {"type": "text", "text": " Now!", "marks": [mark]}]
        return {**marked, "content": [*others, {**block, "content": words}]}

    change(room, text, role, add)


def test_who_wrote_there_hears_that_others_change_it(room, text) -> None:
    write(room, text, "editor", "We ask for a law.")
    assert inbox(room.user("editor"), "text_changed") == []
    write(room, text, "coordinator", "We demand a law.")
    (sentence,) = inbox(room.user("editor"), "text_changed")
    assert room.user("coordinator").name in sentence
    assert text.draft.title in sentence
    assert inbox(room.user("coordinator"), "text_changed") == []
    write(room, text, "coordinator", "We demand a law now.")
    assert len(inbox(room.user("editor"), "text_changed")) == 1, "once while somebody keeps writing"


@pytest.mark.parametrize(
    ("how", "kind"), [(accept_all, "suggestion_accepted"), (reject_all, "suggestion_rejected")]
)
def test_who_suggested_hears_what_became_of_it(room, text, how, kind) -> None:
    write(room, text, "editor", "We ask for a law.")
    suggest(room, text, "reviewer")
    change(room, text, "editor", how)
    (sentence,) = inbox(room.user("reviewer"), kind)
    assert room.user("editor").name in sentence
    assert inbox(room.user("editor"), kind) == []
    both = {"suggestion_accepted", "suggestion_rejected"} - {kind}
    assert inbox(room.user("reviewer"), both.pop()) == []


def test_who_takes_their_own_suggestion_back_hears_nothing(room, text) -> None:
    write(room, text, "editor", "We ask for a law.")
    suggest(room, text, "reviewer")
    change(room, text, "reviewer", reject_all)
    assert inbox(room.user("reviewer"), "suggestion_rejected") == []
