"""Who reads which thread."""

import pytest
from django.contrib.auth.models import AnonymousUser

from coalition.accounts.models import Membership
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from documents.comments.actions import (
    CommentGuest,
    delete_comment,
    end_legal_reader,
    name_legal_reader,
    reply_in_thread,
    start_thread_as_guest,
)
from documents.comments.queries import threads_for, threads_of_guest, with_comments
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import Audience, Handling
from tests.documents.comments.builders import begin, begin_legal
from tests.factories import FreezeFactory, UserFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads(room, text):
    """One of each audience. The organisation's is that of `member`, who has a colleague in it."""
    room.take("reviewer", name="member")
    room.take("reviewer", name="colleague", organisation=room.organisation("member"))
    room.take("reviewer", name="lawyer", organisation=room.organisation("member"))
    return {
        "workspace": begin(room, text, "contributor"),
        "organisation": begin(room, text, "member", audience=Audience.ORGANISATION),
        "legal": begin_legal(room, text, "lawyer"),
        "guest": start_thread_as_guest(
            guest=CommentGuest(UserFactory().uuid, "Aizada Guest"), text=text, body="A word on libel"
        ),
    }


def read_by(user, threads):
    seen = set(threads_for(user).values_list("pk", flat=True))
    return {name for name, thread in threads.items() if thread.pk in seen}


@pytest.mark.parametrize(
    "who, expected",
    [
        ("observer", set()),
        ("reviewer", {"workspace"}),
        ("contributor", {"workspace"}),
        ("editor", {"workspace"}),
        ("coordinator", {"workspace", "legal", "guest"}),
        ("member", {"workspace", "organisation"}),
        ("colleague", {"workspace", "organisation"}),
        ("lawyer", {"workspace", "organisation", "legal"}),
    ],
)
def test_who_reads_which(room, threads, who, expected):
    assert read_by(room.user(who), threads) == expected


def test_nobody_else_reads_any(room, threads):
    outside = seat(workspace=WorkspaceFactory(), role=SeatRole.COORDINATOR).person
    boss = UserFactory(is_superuser=True, is_staff=True)
    for user in (AnonymousUser(), outside, boss, None):
        assert read_by(user, threads) == set()


def test_who_leaves_the_organisation_or_whose_is_frozen_reads_nothing(room, threads):
    Membership.objects.filter(person=room.user("lawyer")).update(ended_at=now())
    assert read_by(room.user("lawyer"), threads) == set()
    FreezeFactory(organisation=room.organisation("member"), frozen_at=now())
    assert read_by(room.user("colleague"), threads) == set()


def test_who_is_no_longer_legal_reader_reads_no_legal_thread(room, threads):
    reader = threads["legal"].reader
    end_legal_reader(access=room.access("coordinator"), reader=reader)
    assert read_by(room.user("lawyer"), threads) == {"workspace", "organisation"}
    assert "legal" in read_by(room.user("coordinator"), threads)
    name_legal_reader(access=room.access("coordinator"), draft=reader.draft, seat=room.seats["lawyer"])
    assert "legal" in read_by(room.user("lawyer"), threads)


def test_another_legal_reader_reads_their_own_alone(room, text, threads):
    second = begin_legal(room, text, "reviewer", "Another risk")
    assert read_by(room.user("reviewer"), threads | {"second": second}) == {"workspace", "second"}
    assert "second" not in read_by(room.user("lawyer"), threads | {"second": second})


def test_a_person_with_two_seats_reads_for_both(room, text, threads):
    seat(
        person=room.user("contributor"),
        workspace=room.workspace,
        role=SeatRole.REVIEWER,
        organisation=room.organisation("member"),
    )
    assert read_by(room.user("contributor"), threads) == {"workspace", "organisation"}


def test_a_restricted_draft_restricts_its_threads_coordinators_included(room, text, threads):
    change_draft(
        access=room.access("editor"),
        draft=text.draft,
        title="Ours",
        kind=text.draft.kind,
        handling=text.draft.handling,
        restricted_to=[room.organisation("editor"), room.organisation("contributor")],
    )
    for who in ("coordinator", "reviewer", "member", "lawyer"):
        assert read_by(room.user(who), threads) == set()
    assert read_by(room.user("contributor"), threads) == {"workspace"}


def test_a_coordinator_for_an_organisation_that_is_not_admitted_is_none_for_the_draft(room, text, threads):
    """Their other seat lets them read the draft; it makes them no coordinator of it."""
    seat(
        person=room.user("coordinator"),
        workspace=room.workspace,
        role=SeatRole.REVIEWER,
        organisation=room.organisation("contributor"),
    )
    change_draft(
        access=room.access("editor"),
        draft=text.draft,
        title="Ours",
        kind=text.draft.kind,
        handling=text.draft.handling,
        restricted_to=[room.organisation("editor"), room.organisation("contributor")],
    )
    sync_grants(room.workspace)
    assert read_by(room.user("coordinator"), threads) == {"workspace"}


def test_nor_is_one_of_another_organisation_for_a_draft_that_is_marked_as_one_organisations(
    room, text, threads
):
    seat(
        person=room.user("coordinator"),
        workspace=room.workspace,
        role=SeatRole.REVIEWER,
        organisation=room.organisation("editor"),
    )
    text.draft.handling = Handling.ORGANISATION
    text.draft.save()
    assert read_by(room.user("coordinator"), threads) == {"workspace"}
    assert read_by(room.user("contributor"), threads) == set()


def test_a_guest_reads_their_own(room, text, threads):
    own = threads["guest"]
    assert list(threads_of_guest(own.guest, text)) == [own]
    assert not threads_of_guest(UserFactory().uuid, text)
    other = room.draft().texts.get(language="kk")
    assert not threads_of_guest(own.guest, other)


def test_a_thread_of_deleted_comments_is_none(room, text, threads):
    thread = threads["workspace"]
    comment = thread.comments.get()
    delete_comment(access=room.access("contributor"), comment=comment)
    assert read_by(room.user("editor"), threads) == set()


def test_as_many_queries_for_three_threads_as_for_one(room, text, django_assert_num_queries):
    def begin_and_answer():
        thread = begin(room, text, "reviewer", f"@{room.user('editor').name}, which year?")
        reply_in_thread(access=room.access("editor"), thread=thread, body="2018")

    def read():
        for thread in with_comments(threads_for(room.user("contributor"), text)):
            for comment in thread.comments.all():
                _ = (
                    comment.author.name,
                    comment.organisation.code,
                    [one.person for one in comment.mentions.all()],
                )

    begin_and_answer()
    read()
    with django_assert_num_queries(3):
        read()
    begin_and_answer()
    begin_and_answer()
    with django_assert_num_queries(3):
        read()
