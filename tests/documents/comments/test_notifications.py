"""Whom a comment concerns is told of it, and nobody who may not read its thread."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.naming import viewer_for
from coalition.mail.outbox import deliver_due
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.deliver import describe_notifications
from coalition.workspaces.notifications.queries import notifications_for, unread_of
from documents.comments.actions import (
    CommentGuest,
    delete_comment,
    edit_comment,
    end_legal_reader,
    reply_in_thread,
    resolve_thread,
    start_thread_as_guest,
)
from documents.drafts.models import Audience
from tests.documents.comments.builders import begin, begin_legal, lawyer
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def told(room, who):
    return [row.kind for row in notifications_for(room.user(who)).order_by("id")]


def sentences(room, who):
    user = room.user(who)
    return [one.sentence for one in describe_notifications(viewer_for(user), notifications_for(user))]


def test_who_is_called_is_told_once(room, text):
    call = f"@{room.user('contributor').name}, which year?"
    comment = begin(room, text, "reviewer", call).comments.get()
    edit_comment(access=room.access("reviewer"), comment=comment, body=call + " 2018?")
    assert told(room, "contributor") == ["comment_calls_you"]
    assert sentences(room, "contributor") == [
        f"{room.user('reviewer').name} calls you in a comment on “On Article 123” (Қазақша)."
    ]


def test_who_is_called_later_is_told_then(room, text):
    comment = begin(room, text, "reviewer").comments.get()
    edit_comment(
        access=room.access("reviewer"),
        comment=comment,
        body=f"@{room.user('contributor').name}?",
    )
    assert told(room, "contributor") == ["comment_calls_you"]


def test_who_wrote_the_text_hears_of_a_comment_and_who_took_part_of_answers(room, text):
    thread = begin(room, text, "reviewer")
    assert told(room, "editor") == ["comment_on_yours"]
    for words in ("2018", "or 2017"):
        reply_in_thread(access=room.access("editor"), thread=thread, body=words)
    assert told(room, "reviewer") == ["comment_answers_you"]
    assert "answers: 2" in sentences(room, "reviewer")[0]
    assert told(room, "contributor") == told(room, "coordinator") == []
    resolve_thread(access=room.access("editor"), thread=thread)
    assert told(room, "reviewer") == ["comment_answers_you", "comment_settled"]


def test_of_an_organisations_thread_nobody_else_is_told(room, text):
    thread = begin(room, text, "reviewer", audience=Audience.ORGANISATION)
    assert not Notification.objects.exists()
    room.take("contributor", name="colleague", organisation=room.organisation("reviewer"))
    reply_in_thread(access=room.access("colleague"), thread=thread, body="Yes")
    assert told(room, "reviewer") == ["comment_answers_you"]
    assert Notification.objects.count() == 1


def test_the_legal_reader_and_the_coordinators_tell_each_other(room, text):
    thread = begin_legal(room, text, "reviewer")
    assert told(room, "reviewer") == ["legal_reader_named"]
    assert told(room, "coordinator") == ["comment_for_the_lawyer"]
    reply_in_thread(access=room.access("coordinator"), thread=thread, body="Thank you")
    assert told(room, "reviewer") == ["legal_reader_named", "comment_for_the_lawyer"]
    assert told(room, "editor") == []


def test_of_a_guest_the_coordinators_are_told(room, text):
    start_thread_as_guest(guest=CommentGuest(UserFactory().uuid, "Aizada"), text=text, body="A word on libel")
    assert told(room, "coordinator") == ["comment_of_a_guest"]
    assert "A guest who reads “On Article 123” (Қазақша) as a lawyer" in sentences(room, "coordinator")[0]


def test_who_may_no_longer_read_the_thread_finds_nothing_of_it(room, text):
    thread = begin_legal(room, text, "reviewer")
    reply_in_thread(access=room.access("coordinator"), thread=thread, body="Thank you")
    end_legal_reader(access=room.access("coordinator"), reader=thread.reader)
    assert told(room, "reviewer") == []
    call = begin(room, text, "editor", f"@{room.user('contributor').name}?").comments.get()
    delete_comment(access=room.access("editor"), comment=call)
    assert told(room, "contributor") == []


def test_mails_hold_no_words_of_a_comment_and_no_title(room, text, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        begin(room, text, "reviewer", f"@{room.user('editor').name} Canary body", quote="Canary quote")
        begin_legal(room, text, "reviewer", "Canary legal")
    deliver_due()
    assert {message.to[0] for message in mail.outbox} >= {
        room.user("editor").email,
        room.user("coordinator").email,
    }
    for message in mail.outbox:
        said = message.subject + message.body + str(message.alternatives)
        assert "Canary" not in said
        assert text.draft.title not in said


def test_naming_a_legal_reader_again_tells_once(room, text):
    lawyer(room, text, "reviewer")
    lawyer(room, text, "reviewer")
    assert told(room, "reviewer") == ["legal_reader_named"]
    with override("kk"):
        assert sentences(room, "reviewer")


def _unread(user):
    return set(unread_of(user).values_list("kind", flat=True))


def test_opening_the_comments_or_the_draft_marks_what_was_told_of_them_as_read(room, text, client_of):
    room.write(text, "editor")
    reader = lawyer(room, text)
    begin(room, text, "coordinator", "A risk?", Audience.LEGAL, reader=reader)
    user = room.user("reviewer")
    assert {"legal_reader_named", "comment_for_the_lawyer"} <= _unread(user)
    client = client_of(user)
    client.get(text.get_absolute_url(), {"side": "history"})
    assert "comment_for_the_lawyer" in _unread(user)  # the comments were not looked at
    assert "legal_reader_named" not in _unread(user)
    client.get(text.get_absolute_url(), {"side": "comments"})
    assert not _unread(user)


def test_the_page_of_comments_alone_marks_them_as_read_too(room, text, client_of):
    room.write(text, "editor")
    begin(room, text, "reviewer")
    user = room.user("editor")
    assert "comment_on_yours" in _unread(user)
    address = reverse("documents:comments", args=[text.draft.uuid, text.language])
    client_of(user).get(address, headers={"HX-Request": "true"})  # a panel that may be hidden
    assert "comment_on_yours" in _unread(user)
    client_of(user).get(address)
    assert "comment_on_yours" not in _unread(user)
