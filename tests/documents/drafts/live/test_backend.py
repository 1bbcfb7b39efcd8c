"""Who may open a live text, and as what: each role in each state of the draft."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Membership
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.access import ACTING_FOR_KEY
from coalition.workspaces.actions.workspaces import archive_workspace
from documents.drafts.actions.manage import archive_draft, change_draft
from documents.drafts.live.backend import open_text
from documents.models import DraftText
from tests.factories import FreezeFactory, UserFactory, seat

READS, SUGGESTS, WRITES = "reads", "suggests", "writes"


def _level(grant):
    if grant is None:
        return None
    assert not (grant.may_write and grant.suggests_only)
    return WRITES if grant.may_write else SUGGESTS if grant.suggests_only else READS


@pytest.fixture
def opened(room, client_of):
    """`opened(user, text)`: what the person may do there, in a new session of theirs."""

    def open_as(user, text, acting_for=None):
        session = client_of(user).session
        if acting_for is not None:
            session[ACTING_FOR_KEY] = {str(room.workspace.uuid): str(acting_for.uuid)}
            session.save()
        return open_text(user.pk, session.session_key, text.uuid)

    return open_as


ROLES = ["observer", "reviewer", "contributor", "editor", "coordinator"]


@pytest.mark.parametrize(
    ("state", "levels"),
    [
        ("in work", [None, SUGGESTS, SUGGESTS, WRITES, WRITES]),
        ("archived", [None, READS, READS, READS, READS]),
        ("in an archived workspace", [None, READS, READS, READS, READS]),
        ("for the editor's organisation", [None, None, None, WRITES, None]),
    ],
)
def test_each_role_in_each_state(room, draft, text, opened, state, levels):
    if state == "archived":
        archive_draft(access=room.access("editor"), draft=draft)
    elif state == "in an archived workspace":
        archive_workspace(access=room.access("coordinator"))
    elif state != "in work":
        change_draft(
            access=room.access("editor"),
            draft=draft,
            title=draft.title,
            kind=draft.kind,
            handling=draft.handling,
            restricted_to=[room.organisation("editor")],
        )
    assert [_level(opened(room.user(role), text)) for role in ROLES] == levels


def test_a_contributor_writes_in_an_own_draft(room, opened):
    own = room.draft("contributor").texts.get(language="kk")
    assert _level(opened(room.user("contributor"), own)) == WRITES


@pytest.mark.parametrize("who", ["outsider", "superuser", "ex-member", "frozen", "elsewhere", "nobody"])
def test_nobody_else_knows_that_it_is_there(room, text, opened, who):
    user = room.take("editor", name="one").person
    if who == "outsider":
        user = UserFactory()
    elif who == "superuser":
        user = UserFactory(is_superuser=True, is_staff=True)
    elif who == "ex-member":
        Membership.objects.filter(person=user).update(ended_at=now())
    elif who == "frozen":
        FreezeFactory(organisation=room.organisation("one"), frozen_at=now())
    elif who == "elsewhere":
        user = seat(role=SeatRole.COORDINATOR).person
    assert (open_text(0, "", text.uuid) if who == "nobody" else opened(user, text)) is None


def test_the_identity_is_that_of_the_seat_chosen_at_the_door(room, text, opened):
    first = room.take("reviewer", name="first")
    second = seat(person=first.person, workspace=room.workspace, role=SeatRole.EDITOR)
    by_choice = opened(first.person, text, acting_for=second.organisation)
    assert (_level(by_choice), by_choice.organisation) == (WRITES, second.organisation.uuid)
    other = opened(first.person, text, acting_for=first.organisation)
    assert (_level(other), other.organisation) == (SUGGESTS, first.organisation.uuid)
    assert other.identity == {"person": str(first.person.uuid), "organisation": str(first.organisation.uuid)}
    assert other.author == first.person.uuid


def test_it_takes_few_queries_however_many_seats_and_texts_there_are(room, text, client_of):
    session = client_of(room.user("editor")).session.session_key

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert open_text(room.user("editor").pk, session, text.uuid)
        return len(queries)

    one = count()
    for number in range(2):
        room.take("editor", name=str(number))
        room.draft()
    assert count() == one <= 8
    assert DraftText.objects.count() == 9
