"""Right *comment*: reviewers and everyone above them."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import NotAllowed, access_to, require
from documents.comments.actions import start_thread
from documents.drafts.actions.manage import create_draft
from documents.drafts.models import Audience
from documents.models import Comment, Thread
from tests.factories import WorkspaceFactory, seat
from tests.permissions.roles import (
    WITHOUT_A_SEAT,
    every_role,
    everyone_without_a_seat,
    has,
    lists_agree,
    nothing_there,
)

pytestmark = pytest.mark.django_db


@every_role
def test_who_holds_it(role) -> None:
    here = seat(role=role)
    lists_agree(here.person, here.workspace, Right.COMMENT, expected=has(role, Right.COMMENT))


@every_role
def test_nobody_uses_it_in_an_archived_workspace(role) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now()), role=role)
    with pytest.raises(NotAllowed):
        require(access_to(here.person, here.workspace.uuid), Right.COMMENT)


@everyone_without_a_seat
def test_nobody_holds_it_without_a_seat(stranger) -> None:
    workspace = WorkspaceFactory()
    lists_agree(WITHOUT_A_SEAT[stranger](workspace), workspace, Right.COMMENT, expected=False)


def begun(workspace: Workspace) -> Thread:
    """A thread for the workspace, in a draft of somebody else there."""
    by = access_to(seat(workspace=workspace, role=SeatRole.EDITOR).person, workspace.uuid)
    text = create_draft(access=by, title="On Article 123").texts.select_related("draft").get(language="kk")
    return start_thread(access=by, text=text, audience=Audience.WORKSPACE, body="Which year?")


def addresses(thread: Thread) -> list[str]:
    text = [thread.text.draft.uuid, thread.text.language]
    return [
        reverse("documents:comments", args=text),
        reverse("documents:reply", args=[thread.uuid]),
    ]


@every_role
@pytest.mark.parametrize("state", ["open", "draft archived", "workspace archived"])
def test_comments_and_answers_through_the_pages(role, state, client_of) -> None:
    here = seat(role=role)
    thread = begun(here.workspace)
    put_away = {"draft archived": thread.text.draft, "workspace archived": here.workspace}.get(state)
    if put_away is not None:
        put_away.archived_at = now()
        put_away.save()
    expected = 404 if not has(role, Right.SEE_DRAFTS) else 302 if state == "open" else 403
    browser = client_of(here.person)
    for address in addresses(thread):
        answer = browser.post(address, {"body": "Mine", "audience": "workspace"})
        assert answer.status_code == expected, address
    assert Comment.objects.filter(body="Mine").count() == (2 if expected == 302 else 0)


@everyone_without_a_seat
def test_nobody_without_a_seat_finds_a_thread(stranger, client_of) -> None:
    workspace = WorkspaceFactory()
    thread = begun(workspace)
    browser = client_of(WITHOUT_A_SEAT[stranger](workspace))
    page, answer = addresses(thread)
    nothing_there(browser, page)
    assert browser.post(answer, {"body": "Mine"}).status_code == 404
    assert browser.get(thread.get_absolute_url()).status_code == 404
