"""The comments beside a text, as a browser sees and sends them: roles × audiences × states."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from coalition.accounts.models import Listing, Membership
from coalition.core.clock import now
from coalition.roles import Right
from documents.comments.actions import (
    CommentGuest,
    delete_comment,
    reply_in_thread,
    resolve_thread,
    start_thread_as_guest,
)
from documents.drafts.actions.manage import archive_draft
from documents.drafts.models import Audience
from documents.models import Comment, LegalReader, Thread
from tests.documents.comments.builders import begin, begin_legal, lawyer
from tests.factories import OrganisationFactory, UserFactory
from tests.permissions.roles import every_role, has

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def address(text, name="comments"):
    return reverse(f"documents:{name}", args=[text.draft.uuid, text.language])


def page(client, text, show="open"):
    return client.get(address(text), {"show": show}).content.decode()


def post(client, name, thing, **sent):
    return client.post(reverse(f"documents:{name}", args=[thing.uuid]), sent)


# --- roles × audiences × states -------------------------------------------------------------------


@pytest.fixture
def threads(room, text):
    room.take("reviewer", name="member")
    room.take("reviewer", name="lawyer")
    return {
        "workspace": begin(room, text, "contributor", "Canaryworkspace"),
        "organisation": begin(room, text, "member", "Canaryorganisation", Audience.ORGANISATION),
        "legal": begin_legal(room, text, "lawyer", "Canarylegal"),
        "guest": start_thread_as_guest(guest=CommentGuest(uuid7(), "Aizada"), text=text, body="Canaryguest"),
    }


READS = {
    "reviewer": {"workspace"},
    "contributor": {"workspace"},
    "editor": {"workspace"},
    "coordinator": {"workspace", "legal", "guest"},
    "member": {"workspace", "organisation"},
    "lawyer": {"workspace", "legal"},
}


@pytest.mark.slow
@pytest.mark.parametrize("who", READS)
def test_who_reads_which_thread_open_and_resolved(room, text, threads, client_of, who):
    client = client_of(room.user(who))
    reads_exactly(client, room, text, threads, who, show="open")
    Thread.objects.update(resolved_at=now())
    reads_exactly(client, room, text, threads, who, show="resolved")


def reads_exactly(client, room, text, threads, who, show):
    for content in (
        page(client, text, show),
        client.get(text.get_absolute_url() + f"?show={show}").content.decode(),
    ):
        assert set(re.findall(r"Canary(\w+)", content)) == READS[who]
        assert set(re.findall(r'data-thread="([0-9a-f-]+)"', content)) == {
            str(threads[name].uuid) for name in READS[who]
        }
    other = page(client, text, "open" if show == "resolved" else "resolved")
    assert "Canary" not in other


@pytest.mark.slow
@pytest.mark.parametrize("who", READS)
def test_who_may_not_read_a_thread_does_nothing_with_it(room, text, threads, client_of, who):
    client = client_of(room.user(who))
    for name, thread in threads.items():
        does_what_they_may(client, room, thread, who, name)


def does_what_they_may(client, room, thread, who, name):
    expected = 302 if name in READS[who] else 404
    assert client.get(thread.get_absolute_url()).status_code == expected
    assert post(client, "reply", thread, body="An answer").status_code == expected
    settles = name in READS[who] and not (name == "workspace" and who in {"reviewer", "member", "lawyer"})
    for act in ("resolve_thread", "reopen_thread"):
        assert post(client, act, thread).status_code == (302 if settles else 403 if expected == 302 else 404)
    comment = thread.comments.first()
    own = comment.author == room.user(who)
    for act in ("edit_comment", "delete_comment", "undelete_comment"):
        assert post(client, act, comment, body="Other words").status_code == (302 if own else 404)


def test_observers_and_strangers_find_nothing(room, text, threads, client_of):
    strangers = [room.user("observer"), UserFactory(is_superuser=True, is_staff=True)]
    for client in [client_of(one) for one in strangers]:
        for path in (address(text), address(text, "comment_people")):
            assert client.get(path).status_code == 404
        assert client.post(address(text), {"body": "Hello", "audience": "workspace"}).status_code == 404
        for thread in threads.values():
            assert client.get(thread.get_absolute_url()).status_code == 404
            assert post(client, "reply", thread, body="Hello").status_code == 404
    assert Client().get(address(text)).status_code == 302
    assert not Comment.objects.filter(body="Hello").exists()


@every_role
def test_who_begins_a_thread(room, text, client_of, role):
    answer = client_of(room.user(role.value)).post(
        address(text), {"body": "Which year?", "audience": "workspace"}
    )
    assert answer.status_code == (302 if has(role, Right.COMMENT) else 404)
    assert Thread.objects.count() == (1 if has(role, Right.COMMENT) else 0)


def test_an_archived_draft_shows_its_threads_and_takes_nothing(room, text, threads, client_of):
    archive_draft(access=room.access("editor"), draft=text.draft)
    client = client_of(room.user("contributor"))
    content = page(client, text)
    assert "Canaryworkspace" in content
    assert "<textarea" not in content
    assert client.post(address(text), {"body": "Late", "audience": "workspace"}).status_code == 403
    assert post(client, "reply", threads["workspace"], body="Late").status_code == 403
    assert client.get(address(text, "comment_people"), {"audience": "workspace"}).status_code == 403


# --- without a script ------------------------------------------------------------------------------


def test_a_thread_without_a_script_begins_answered_resolved_and_open_again(room, text, client_of):
    client, editor = client_of(room.user("reviewer")), client_of(room.user("editor"))
    answer = client.post(address(text), {"body": "Which\nyear?", "audience": "workspace"}, follow=True)
    thread = Thread.objects.get()
    assert answer.redirect_chain[-1][0] == f"{text.get_absolute_url()}?side=comments#thread-{thread.uuid}"
    assert "Which\nyear?" in answer.content.decode()
    assert "Seen by this workspace" in answer.content.decode()
    post(editor, "reply", thread, body="In spring 2018")
    assert "In spring 2018" in page(client, text)
    post(editor, "resolve_thread", thread)
    assert "In spring 2018" not in page(client, text)
    assert f"Resolved by {room.user('editor').name}" in page(client, text, "resolved")
    undo = editor.get(text.get_absolute_url()).content.decode()
    assert reverse("documents:reopen_thread", args=[thread.uuid]) in undo
    post(editor, "reopen_thread", thread)
    assert "In spring 2018" in page(client, text)


def test_what_was_typed_is_not_lost(room, text, client_of):
    client = client_of(room.user("reviewer"))
    call = f"@{room.user('observer').name} must see this"
    answer = client.post(address(text), {"body": call, "audience": "workspace"})
    assert answer.status_code == 422
    assert "may not read this thread" in answer.content.decode()
    assert f">{call}</textarea>" in answer.content.decode()
    thread = begin(room, text, "reviewer")
    comment = thread.comments.get()
    for name, thing in (("reply", thread), ("edit_comment", comment)):
        answer = post(client, name, thing, body=call)
        assert answer.status_code == 422
        assert f">{call}</textarea>" in answer.content.decode()


def test_own_words_are_edited_deleted_and_brought_back(room, text, client_of):
    client = client_of(room.user("reviewer"))
    thread = begin(room, text, "reviewer", "Canary first")
    reply_in_thread(access=room.access("editor"), thread=thread, body="2018")
    comment = thread.comments.first()
    post(client, "edit_comment", comment, body="Canary second")
    assert "Canary second" in page(client, text)
    assert "Edited" in page(client, text)
    post(client, "delete_comment", comment)
    for who in ("reviewer", "editor", "coordinator"):
        content = page(client_of(room.user(who)), text)
        assert "This comment was deleted." in content
        assert "Canary" not in content
    post(client, "undelete_comment", comment)
    assert "Canary second" in page(client, text)


def test_a_thread_that_was_deleted_whole_comes_back_by_the_undo(room, text, client_of):
    comment = begin(room, text, "reviewer", "Only one").comments.get()
    client = client_of(room.user("reviewer"))
    delete_comment(access=room.access("reviewer"), comment=comment)
    assert "Only one" not in page(client, text)
    post(client, "undelete_comment", comment)
    assert "Only one" in page(client, text)


# --- by script -------------------------------------------------------------------------------------


def test_a_script_gets_the_panel_and_the_new_thread(room, text, client_of):
    client = client_of(room.user("reviewer"))
    sent = {"body": "Which year?", "audience": "workspace", "quote": "25 айыптау үкімі"}
    answer = client.post(address(text), sent, headers=HTMX)
    thread = Thread.objects.get()
    told = json.loads(answer.headers["HX-Trigger"])
    assert told == {"thread-started": {"thread": str(thread.uuid), "audience": "workspace"}}
    content = answer.content.decode()
    assert "<html" not in content
    assert "25 айыптау үкімі" in content
    assert thread.position is None


def test_a_refusal_answers_a_script_with_its_words(room, text, client_of):
    answer = client_of(room.user("reviewer")).post(
        address(text), {"body": " ", "audience": "workspace"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert "Write something first." in answer.content.decode()
    assert "HX-Trigger" not in answer.headers


def test_a_narrow_threads_position_goes_to_who_may_read_it(room, text, client_of):
    position = [{"item": {"client": 7, "clock": 47114711}}, {"item": {"client": 7, "clock": 47114712}}]
    sent = {"body": "Ours", "audience": "organisation", "quote": "words", "position": json.dumps(position)}
    client_of(room.user("reviewer")).post(address(text), sent, headers=HTMX)
    assert Thread.objects.get().position == position
    assert "47114711" in page(client_of(room.user("reviewer")), text)
    for who in ("editor", "coordinator"):
        assert "47114711" not in page(client_of(room.user(who)), text)


@pytest.mark.parametrize("sent", ["nonsense", "[1]", "{}", "[" * 5000, ""])
def test_a_strange_position_or_audience_does_no_harm(room, text, client_of, sent):
    client = client_of(room.user("reviewer"))
    client.post(address(text), {"body": "Ours", "audience": "organisation", "position": sent})
    assert Thread.objects.get().position is None
    assert client.post(address(text), {"body": "Ours", "audience": sent}).status_code == 422


def test_topics_are_those_that_the_person_may_hear(room, text, client_of):
    reader = lawyer(room, text, "reviewer")

    def topics(who):
        said = re.search(r'data-live="([^"]*)"', page(client_of(room.user(who)), text))
        return {topic.removeprefix(f"comments:{text.uuid}") for topic in said[1].split()}

    own = {who: f".{room.organisation(who).uuid}" for who in ("editor", "reviewer", "coordinator")}
    assert topics("editor") == {"", own["editor"]}
    assert topics("reviewer") == {"", own["reviewer"], f".{reader.uuid}"}
    assert topics("coordinator") == {"", own["coordinator"], ".legal"}


# --- legal readers ---------------------------------------------------------------------------------


def test_coordinators_name_and_take_back_legal_readers(room, text, client_of):
    client = client_of(room.user("coordinator"))
    place = reverse("documents:name_legal_reader", args=[text.draft.uuid])
    sent = {"seat": str(room.seats["reviewer"].uuid), "language": "kk"}
    assert client_of(room.user("editor")).post(place, sent).status_code == 403
    assert client.post(place, {"seat": "nonsense"}).status_code == 422
    assert client.post(place, {"seat": str(room.seats["observer"].uuid)}).status_code == 422
    assert client.post(place, sent).status_code == 302
    reader = LegalReader.objects.get()
    assert room.user("reviewer").name in page(client, text)
    assert "Legal readers of this draft" not in page(client_of(room.user("editor")), text)
    assert post(client_of(room.user("editor")), "end_legal_reader", reader).status_code == 403
    assert post(client, "end_legal_reader", reader).status_code == 302
    assert LegalReader.objects.get().ended_at is not None


def test_the_reader_begins_a_legal_thread_and_the_coordinator_one_with_them(room, text, client_of):
    reader = lawyer(room, text, "reviewer")
    sent = {"body": "A risk", "audience": f"legal:{reader.uuid}"}
    assert client_of(room.user("reviewer")).post(address(text), sent).status_code == 302
    assert client_of(room.user("coordinator")).post(address(text), sent).status_code == 302
    assert client_of(room.user("editor")).post(address(text), sent).status_code == 403
    assert (
        client_of(room.user("coordinator")).post(address(text), {**sent, "audience": "legal"}).status_code
        == 422
    )
    assert [thread.reader for thread in Thread.objects.all()] == [reader, reader]


# --- names -----------------------------------------------------------------------------------------


def test_what_somebody_wrote_stays_when_they_leave_as_their_organisations(room, text, client_of):
    begin(room, text, "reviewer", "Which year?")
    gone = room.user("reviewer")
    assert gone.name in page(client_of(room.user("editor")), text)
    Membership.objects.filter(person=gone).update(ended_at=now())
    content = page(client_of(room.user("editor")), text)
    assert "Which year?" in content
    assert gone.name not in content
    assert room.organisation("reviewer").name_en in content
    assert "Someone who has left" in content


def test_names_of_a_confidential_organisation_are_told_to_coordinators_alone(room, text, client_of):
    secret = OrganisationFactory(listing=Listing.CONFIDENTIAL, name_en="Canary House")
    held = room.take("reviewer", name="secret", organisation=secret)
    held.person.name = "Canary Person"
    held.person.save()
    begin(room, text, "secret", "From inside")
    begin(room, text, "coordinator", "@Canary Person, thank you")
    people = address(text, "comment_people")
    for who, told in (("coordinator", True), ("editor", False)):
        client = client_of(room.user(who))
        said = page(client, text) + client.get(people, {"audience": "workspace"}).content.decode()
        assert ("Canary" in said) is told
        assert "From inside" in said
        assert "thank you" in said


def test_who_can_be_called_is_who_would_read_it(room, text, threads, client_of):
    def called(who, **asked):
        answer = client_of(room.user(who)).get(address(text, "comment_people"), asked)
        assert answer.headers["Cache-Control"] == "no-store, private"
        return {one["name"] for one in answer.json()["people"]}

    def names(*who):
        return {room.user(one).name for one in who}

    readers = names("reviewer", "contributor", "coordinator", "member", "lawyer")
    assert called("editor", audience="workspace") == readers
    room.take("reviewer", name="colleague", organisation=room.organisation("member"))
    assert called("member", audience="organisation") == names("colleague")
    assert called("member", audience="nonsense") == names("colleague")
    assert called("colleague", thread=threads["organisation"].uuid) == names("member")
    assert called("lawyer", thread=threads["legal"].uuid) == names("coordinator")
    hidden = client_of(room.user("editor")).get(
        address(text, "comment_people"), {"thread": threads["legal"].uuid}
    )
    assert hidden.status_code == 404


def test_of_several_with_one_name_the_picked_one_is_called(room, text, client_of):
    for who in ("editor", "contributor"):
        room.user(who).__class__.objects.filter(pk=room.user(who).pk).update(name="Aigul Same")
    client = client_of(room.user("reviewer"))
    sent = {"body": "@Aigul Same, look", "audience": "workspace"}
    assert client.post(address(text), sent).status_code == 422
    chosen = str(room.user("editor").uuid)
    assert client.post(address(text), {**sent, "chosen": ["nonsense", chosen]}).status_code == 302
    assert Comment.objects.get().mentions.get().person == room.user("editor")


# --- pages -----------------------------------------------------------------------------------------


def test_as_many_queries_for_three_threads_as_for_one(room, text, client_of, django_assert_max_num_queries):
    client = client_of(room.user("coordinator"))

    def thread(body):
        begun = begin(room, text, "reviewer", f"@{room.user('editor').name}, {body}")
        reply_in_thread(access=room.access("editor"), thread=begun, body="2018")
        return begun

    thread("first")
    page(client, text)
    with django_assert_max_num_queries(200) as one:
        page(client, text)
    thread("second")
    resolve_thread(access=room.access("editor"), thread=thread("third"))
    with django_assert_max_num_queries(200) as three:
        page(client, text)
    assert len(three) == len(one)


def test_a_comment_is_text_and_nothing_else(room, text, client_of):
    begin(room, text, "reviewer", '<script>alert("x")</script>', quote="<b>bold</b>")
    content = page(client_of(room.user("editor")), text)
    assert "<script>alert" not in content
    assert "<b>bold" not in content
