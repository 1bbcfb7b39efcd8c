"""Comments: who may say what to whom, and what is kept of it."""

import pytest

from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import activity_for
from documents.comments.actions import (
    CommentGuest,
    delete_comment,
    edit_comment,
    end_legal_reader,
    name_legal_reader,
    reopen_thread,
    reply_as_guest,
    reply_in_thread,
    resolve_thread,
    start_thread_as_guest,
    undelete_comment,
)
from documents.drafts.actions.manage import archive_draft, change_draft
from documents.drafts.models import Audience
from documents.interchange.comments import threads_to_export
from documents.models import Comment, Mention, Thread
from tests.documents.comments.builders import begin, begin_legal, lawyer
from tests.factories import UserFactory, WorkspaceFactory, seat
from tests.permissions.roles import every_role, has

pytestmark = pytest.mark.django_db
POSITION = [{"type": None, "assoc": 0}, {"type": None, "assoc": -1}]


def restrict(room, draft, *names):
    change_draft(
        access=room.access("editor"),
        draft=draft,
        title=draft.title,
        kind=draft.kind,
        handling=draft.handling,
        restricted_to=[room.organisation(name) for name in names],
    )


@every_role
def test_who_holds_the_right_comments_and_answers(room, text, role):
    thread = begin(room, text, "editor")
    if has(role, Right.COMMENT):
        assert begin(room, text, role.value).comments.get().author == room.user(role.value)
        assert reply_in_thread(access=room.access(role.value), thread=thread, body="2018").thread == thread
    else:
        with pytest.raises(NotAllowed):
            begin(room, text, role.value)
        with pytest.raises(NotAllowed):
            reply_in_thread(access=room.access(role.value), thread=thread, body="2018")


@pytest.mark.parametrize("put_away", ["draft", "workspace"])
def test_in_the_archive_nothing_is_said_or_changed(room, text, put_away):
    thread = begin(room, text, "editor")
    comment = thread.comments.get()
    if put_away == "draft":
        archive_draft(access=room.access("editor"), draft=text.draft)
    else:
        room.workspace.archived_at = now()
        room.workspace.save()
    access = room.access("editor")
    for refused in (
        lambda: begin(room, text, "editor"),
        lambda: reply_in_thread(access=access, thread=thread, body="2018"),
        lambda: resolve_thread(access=access, thread=thread),
        lambda: edit_comment(access=access, comment=comment, body="Other"),
        lambda: delete_comment(access=access, comment=comment),
        lambda: name_legal_reader(
            access=room.access("coordinator"), draft=text.draft, seat=room.seats["editor"]
        ),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_restricted_draft_is_commented_on_by_those_it_is_open_to(room, text):
    restrict(room, text.draft, "editor", "reviewer")
    assert begin(room, text, "reviewer")
    for who in ("contributor", "coordinator"):
        with pytest.raises(NotAllowed):
            begin(room, text, who)


def test_a_thread_keeps_the_words_it_is_about(room, text):
    thread = begin(room, text, quote="  25 айыптау\nүкімі ", position=POSITION)
    assert thread.quote == "25 айыптау үкімі"
    assert thread.position is None  # the mark in the document is the place
    assert thread.organisation == room.organisation("reviewer")
    long = begin(room, text, quote="ә" * 600)
    assert len(long.quote) == 500
    assert long.quote.endswith("…")


@pytest.mark.parametrize("strange", [[], [1, 2], [{}], [{"x": "y" * 2000}, {}]])
def test_a_narrower_thread_keeps_the_browsers_position_if_it_is_one(room, text, strange):
    kept = begin(room, text, audience=Audience.ORGANISATION, quote="words", position=POSITION)
    assert kept.position == POSITION
    assert begin(room, text, audience=Audience.ORGANISATION, position=strange).position is None


@pytest.mark.parametrize("body", ["", " \n ", "\u200b\u202e"])
def test_an_empty_comment_is_refused(room, text, body):
    with pytest.raises(Refused):
        begin(room, text, body=body)
    assert not Thread.objects.exists()


def test_a_comment_is_plain_text_with_line_breaks_of_at_most_4000_characters(room, text):
    assert (
        begin(room, text, body="One\r\n\r\n\r\n\r\n<b>Two</b>\u202e ").comments.get().body
        == "One\n\n<b>Two</b>"
    )
    assert begin(room, text, body="ә" * 4000)
    with pytest.raises(Refused, match="4000"):
        begin(room, text, body="ә" * 4001)


# --- audiences -----------------------------------------------------------------------------------


def test_in_an_organisations_thread_its_people_alone_take_part(room, text):
    thread = begin(room, text, "reviewer", audience=Audience.ORGANISATION)
    room.take("contributor", name="colleague", organisation=room.organisation("reviewer"))
    assert reply_in_thread(access=room.access("colleague"), thread=thread, body="Yes")
    resolve_thread(access=room.access("colleague"), thread=thread)
    for who in ("editor", "coordinator"):
        for act in (
            lambda who=who: reply_in_thread(access=room.access(who), thread=thread, body="No"),
            lambda who=who: resolve_thread(access=room.access(who), thread=thread),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_legal_thread_is_begun_by_the_reader_or_a_coordinator_with_them(room, text):
    reader = lawyer(room, text, "reviewer")
    for who in ("reviewer", "coordinator"):
        thread = begin(room, text, who, audience=Audience.LEGAL, reader=reader)
        for answers in ("reviewer", "coordinator"):
            assert reply_in_thread(access=room.access(answers), thread=thread, body="Seen")
        with pytest.raises(NotAllowed):
            reply_in_thread(access=room.access("editor"), thread=thread, body="Let me in")
        with pytest.raises(NotAllowed):
            resolve_thread(access=room.access("editor"), thread=thread)
    with pytest.raises(NotAllowed):
        begin(room, text, "editor", audience=Audience.LEGAL, reader=reader)


def test_a_legal_thread_needs_a_reader_of_this_draft(room, text):
    elsewhere = lawyer(room, room.draft().texts.get(language="kk"), "reviewer")
    ended = end_legal_reader(access=room.access("coordinator"), reader=lawyer(room, text, "contributor"))
    for reader in (None, elsewhere, ended):
        with pytest.raises(Refused):
            begin(room, text, "coordinator", audience=Audience.LEGAL, reader=reader)


def test_a_legal_reader_who_is_one_no_more_takes_no_part(room, text):
    thread = begin_legal(room, text)
    end_legal_reader(access=room.access("coordinator"), reader=thread.reader)
    with pytest.raises(NotAllowed):
        reply_in_thread(access=room.access("reviewer"), thread=thread, body="Still here")


def test_coordinators_name_legal_readers_among_those_who_may_comment(room, text):
    access = room.access("coordinator")
    row = name_legal_reader(access=access, draft=text.draft, seat=room.seats["reviewer"])
    assert name_legal_reader(access=access, draft=text.draft, seat=room.seats["reviewer"]) == row
    for who in ("editor", "contributor", "reviewer"):
        with pytest.raises(NotAllowed):
            name_legal_reader(access=room.access(who), draft=text.draft, seat=room.seats["reviewer"])
        with pytest.raises(NotAllowed):
            end_legal_reader(access=room.access(who), reader=row)
    outside = seat(workspace=WorkspaceFactory(), role=SeatRole.EDITOR)
    for stranger in (room.seats["observer"], outside):
        with pytest.raises(Refused):
            name_legal_reader(access=access, draft=text.draft, seat=stranger)
    restrict(room, text.draft, "editor", "coordinator")
    with pytest.raises(Refused):
        name_legal_reader(access=access, draft=text.draft, seat=room.seats["contributor"])


def test_a_guest_writes_in_their_own_thread_and_coordinators_answer(room, text):
    guest = CommentGuest(UserFactory().uuid, "Aizada Guest")
    thread = start_thread_as_guest(guest=guest, text=text, body="A word on libel", quote="ешкім")
    assert thread.audience == Audience.LEGAL
    assert reply_in_thread(access=room.access("coordinator"), thread=thread, body="Thank you")
    assert reply_as_guest(guest=guest, thread=thread, body="One more").guest_name == "Aizada Guest"
    with pytest.raises(NotAllowed):
        reply_as_guest(guest=CommentGuest(UserFactory().uuid, "Other"), thread=thread, body="Mine")
    with pytest.raises(Refused):
        reply_as_guest(guest=guest, thread=thread, body=" ")
    archive_draft(access=room.access("editor"), draft=text.draft)
    with pytest.raises(Refused):
        start_thread_as_guest(guest=guest, text=text, body="Late")


# --- resolving, editing, deleting ----------------------------------------------------------------


def test_who_began_it_and_who_edits_the_text_resolve_a_thread_for_the_workspace(room, text):
    thread = begin(room, text, "reviewer")
    with pytest.raises(NotAllowed):
        resolve_thread(access=room.access("contributor"), thread=thread)
    for who in ("reviewer", "editor", "coordinator"):
        done = resolve_thread(access=room.access(who), thread=thread)
        assert (done.resolved_by, done.resolved_for) == (room.user(who), room.organisation(who))
        assert done.resolved_at is not None
        again = reopen_thread(access=room.access(who), thread=thread)
        assert (again.resolved_at, again.resolved_by, again.resolved_for) == (None, None, None)
    own = room.draft("contributor").texts.get(language="kk")
    assert resolve_thread(access=room.access("contributor"), thread=begin(room, own, "reviewer"))


def test_an_answer_opens_a_resolved_thread(room, text):
    thread = resolve_thread(access=room.access("editor"), thread=begin(room, text))
    reply_in_thread(access=room.access("reviewer"), thread=thread, body="Not yet")
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_resolving_twice_is_once(room, text):
    thread = begin(room, text)
    first = resolve_thread(access=room.access("editor"), thread=thread)
    second = resolve_thread(access=room.access("coordinator"), thread=thread)
    assert (second.resolved_at, second.resolved_by) == (first.resolved_at, room.user("editor"))
    assert Activity.objects.filter(kind="comment_resolved").count() == 1


def test_people_change_what_they_wrote_themselves_and_nothing_else(room, text):
    comment = begin(room, text, "reviewer").comments.get()
    room.take("reviewer", name="colleague", organisation=room.organisation("reviewer"))
    for who in ("editor", "coordinator", "colleague"):
        access = room.access(who)
        for act in (
            lambda access=access: edit_comment(access=access, comment=comment, body="Other"),
            lambda access=access: delete_comment(access=access, comment=comment),
        ):
            with pytest.raises(NotAllowed):
                act()
    edited = edit_comment(access=room.access("reviewer"), comment=comment, body="Which years?")
    assert (edited.body, edited.edited_at is None) == ("Which years?", False)


def test_a_deleted_comment_keeps_its_place_and_comes_back(room, text):
    thread = begin(room, text, "reviewer")
    comment = thread.comments.get()
    reply_in_thread(access=room.access("editor"), thread=thread, body="2018")
    access = room.access("reviewer")
    delete_comment(access=access, comment=comment)
    assert thread.comments.count() == 2
    with pytest.raises(Refused):
        edit_comment(access=access, comment=comment, body="Changed")
    assert undelete_comment(access=access, comment=comment).deleted_at is None


# --- mentions ------------------------------------------------------------------------------------


def test_who_is_called_by_name_is_kept_by_uuid(room, text):
    editor = room.user("editor")
    comment = begin(room, text, body=f"@{editor.name}, which year? Ask a@b.example too.").comments.get()
    assert comment.body == f"@[{editor.uuid}], which year? Ask a@b.example too."
    assert comment.mentions.get().person == editor


def test_the_longest_name_is_meant(room, text):
    editor, contributor = room.user("editor"), room.user("contributor")
    editor.name, contributor.name = "Ann", "Ann Lee"
    editor.save(), contributor.save()
    assert begin(room, text, body="@Ann Lee, look").comments.get().mentions.get().person == contributor
    assert begin(room, text, body="@Ann, look").comments.get().mentions.get().person == editor
    assert not begin(room, text, body="@Anna, look").comments.get().mentions.exists()


@pytest.mark.parametrize("audience", [Audience.WORKSPACE, Audience.ORGANISATION])
def test_nobody_is_called_who_may_not_read_the_thread(room, text, audience):
    who = "observer" if audience == Audience.WORKSPACE else "editor"
    for call in (f"@{room.user(who).name}", f"@[{room.user(who).uuid}]", f"@[{UserFactory().uuid}]"):
        with pytest.raises(Refused, match="may not read this thread"):
            begin(room, text, body=f"{call}, look", audience=audience)
    assert not Comment.objects.exists()


def test_in_a_legal_thread_coordinators_and_its_reader_are_called(room, text):
    thread = begin_legal(room, text)
    answer = reply_in_thread(
        access=room.access("reviewer"), thread=thread, body=f"@{room.user('coordinator').name}?"
    )
    assert answer.mentions.get().person == room.user("coordinator")
    with pytest.raises(Refused):
        reply_in_thread(access=room.access("reviewer"), thread=thread, body=f"@{room.user('editor').name}?")


def test_of_several_with_one_name_the_author_chooses(room, text):
    for who in ("editor", "contributor"):
        person = room.user(who)
        person.name = "Aigul Same"
        person.save()
    with pytest.raises(Refused, match="Several people"):
        begin(room, text, body="@Aigul Same, look")
    thread = begin(room, text, body="@Aigul Same, look", chosen=[room.user("editor").uuid])
    assert thread.comments.get().mentions.get().person == room.user("editor")


def test_an_edited_comment_calls_whom_it_names_now(room, text):
    comment = begin(room, text, body=f"@{room.user('editor').name}, look").comments.get()
    edit_comment(access=room.access("reviewer"), comment=comment, body="Nobody, look")
    assert not Mention.objects.exists()


# --- what is kept and told ------------------------------------------------------------------------


def test_what_is_kept_holds_no_words(room, text):
    begin(room, text, body="Canary body", quote="Canary quote")
    entry = AuditEntry.objects.filter(action="comment.started").get()
    assert "Canary" not in str(entry.detail)
    assert entry.target == text.draft.uuid


def test_the_workspace_hears_of_its_threads_alone(room, text):
    thread = begin(room, text, "reviewer")
    begin(room, text, "reviewer", audience=Audience.ORGANISATION)
    begin_legal(room, text)
    told = Activity.objects.filter(kind__startswith="comment_")
    assert [row.subject for row in told] == [thread.uuid]
    assert not told.get().restricted


def test_when_a_draft_is_restricted_what_was_told_of_its_threads_is_too(room, text):
    begin(room, text, "reviewer")
    restrict(room, text.draft, "editor")
    heard = {
        who: activity_for(room.user(who)).filter(kind="comment_written").count()
        for who in ("editor", "reviewer")
    }
    assert heard == {"editor": 1, "reviewer": 0}


def test_only_threads_for_the_workspace_are_exported(room, text):
    thread = begin(room, text, "reviewer", f"@{room.user('editor').name}, which year?", quote="25")
    gone = reply_in_thread(access=room.access("editor"), thread=thread, body="Canary deleted")
    delete_comment(access=room.access("editor"), comment=gone)
    reply_in_thread(access=room.access("editor"), thread=thread, body="2018")
    begin(room, text, "reviewer", "Canary", Audience.ORGANISATION)
    begin_legal(room, text, body="Canary")
    for who in ("reviewer", "coordinator"):
        (exported,) = threads_to_export(room.user(who), text)
        assert (exported["id"], exported["resolved"]) == (str(thread.uuid), False)
        remarks = [(author.partition(" (")[0], words) for author, _at, words in exported["remarks"]]
        editor = room.user("editor").name
        assert remarks == [(room.user("reviewer").name, f"@{editor}, which year?"), (editor, "2018")]
    assert threads_to_export(room.user("observer"), text) == []
