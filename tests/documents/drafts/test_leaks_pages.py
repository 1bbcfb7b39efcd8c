"""Whoever may not read gets the answer of something that does not exist, at every address of drafts."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from coalition.accounts.models import Membership
from coalition.core.clock import now
from coalition.workspaces.actions.seats import sync_grants
from documents.drafts.actions.manage import change_draft, name_version
from documents.drafts.models import Handling, TextKind
from documents.files.actions import upload_file
from tests.documents.conftest import Room
from tests.factories import FreezeFactory, UserFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.slow

CANARY = "canary-words-51c9"
PDF = b"%PDF-1.7\n" + CANARY.encode() + b"\n%%EOF\n"
FORBIDDEN = [
    "stranger",
    "outsider",
    "elsewhere",
    "ex_member",
    "frozen",
    "superuser",
    "observer",
]


@pytest.fixture
def things(room, text):
    """A draft, its version, and a file, each with the canary in it."""
    draft = text.draft
    room.take("editor", name="second")
    room.write(text, "editor", CANARY, title=CANARY)
    version = name_version(access=room.access("editor"), text=text, name=CANARY)
    file = upload_file(
        access=room.access("editor"), content=io.BytesIO(PDF), size=len(PDF), name=f"{CANARY}.pdf"
    )
    return {"draft": draft, "version": version, "file": file}


def addresses(room, things, *, none=False):
    """Every address: (name, arguments, method). `none`: of things that do not exist."""
    draft, version, file = (uuid7() if none else things[name].uuid for name in things)
    workspace = uuid7() if none else room.workspace.uuid
    return [
        ("drafts", [workspace], "get"),
        ("create", [workspace], "get"),
        ("create", [workspace], "post"),
        ("draft", [draft], "get"),
        ("draft_settings", [draft], "get"),
        ("draft_settings", [draft], "post"),
        ("archive", [draft], "post"),
        ("draft_unarchive", [draft], "post"),
        ("text", [draft, "kk"], "get"),
        ("up_to_date", [draft, "ru"], "post"),
        ("versions", [draft, "kk"], "get"),
        ("versions", [draft, "kk"], "post"),
        ("compare", [draft, "kk"], "get"),
        ("version", [version], "get"),
        ("restore", [version], "post"),
        ("files", [workspace], "get"),
        ("files", [workspace], "post"),
        ("file", [file], "get"),
        ("file", [file], "post"),
        ("delete", [file], "post"),
        ("undelete", [file], "post"),
        ("download", [file], "get"),
        ("picture", [file], "get"),
    ]


def person(room: Room, name: str):
    if name == "stranger":
        return None
    if name == "outsider":
        return seat(workspace=WorkspaceFactory()).person
    if name == "elsewhere":
        return seat(workspace=WorkspaceFactory(), role="coordinator").person
    if name == "superuser":
        return UserFactory(is_superuser=True, is_staff=True)
    if name == "ex_member":
        gone = room.take("coordinator", name="gone").person
        Membership.objects.filter(person=gone).update(ended_at=now())
        seat(person=gone, workspace=WorkspaceFactory())
        return gone
    if name == "frozen":
        cold = room.take("coordinator", name="cold")
        FreezeFactory(organisation=cold.organisation, frozen_at=now())
        seat(person=cold.person, workspace=WorkspaceFactory())
        return cold.person
    return room.user(name)


def ask(client, name, arguments, method):
    response = getattr(client, method)(reverse(f"documents:{name}", args=arguments))
    content = b"" if response.streaming else response.content
    # What differs from request to request, whoever asks: the CSRF token, and the address asked for.
    plain = re.sub(rb'(csrfmiddlewaretoken" value="|CSRFToken": "|next=)[^"]*', b"", content)
    for argument in arguments:
        plain = plain.replace(str(argument).encode(), b"")
    return response, plain


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_answer_is_that_of_something_that_does_not_exist(room, things, client_of, name):
    who = person(room, name)
    client = client_of(who) if who else Client()
    there = addresses(room, things)
    for (view, arguments, method), (_view, nowhere, _method) in zip(
        there, addresses(room, things, none=True), strict=True
    ):
        answer, content = ask(client, view, arguments, method)
        empty, nothing = ask(client, view, nowhere, method)
        expected = 302 if who is None else 404
        assert (view, method, answer.status_code) == (view, method, expected)
        assert empty.status_code == expected
        assert content == nothing, view
        assert CANARY not in str(answer.headers) + content.decode()


def test_even_as_a_superuser_with_a_seat_only_the_seat_counts(room, things, client_of):
    boss = room.user("observer")
    boss.is_superuser = True
    boss.save()
    client = client_of(boss)
    for view, arguments, method in addresses(room, things):
        assert ask(client, view, arguments, method)[0].status_code == 404, view


@pytest.fixture
def restricted(room, things):
    """The draft and a file are for the editor's organisation and one more."""
    ours = [room.organisation("editor"), room.organisation("contributor")]
    change_draft(
        access=room.access("editor"),
        draft=things["draft"],
        title=CANARY,
        kind=TextKind.STATEMENT,
        handling=Handling.WORKSPACE,
        restricted_to=ours,
    )
    secret = upload_file(
        access=room.access("editor"),
        content=io.BytesIO(PDF),
        size=len(PDF),
        name=f"{CANARY}.pdf",
        restricted_to=ours,
    )
    return {**things, "file": secret}


def test_a_restricted_draft_or_file_is_for_the_listed_organisations(room, restricted, client_of):
    for name, expected in [("contributor", 200), ("editor", 200), ("coordinator", 404), ("reviewer", 404)]:
        client = client_of(room.user(name))
        for view in ("text", "versions", "compare"):
            address = reverse(f"documents:{view}", args=[restricted["draft"].uuid, "kk"])
            assert client.get(address).status_code == expected, (name, view)
        assert client.get(restricted["version"].get_absolute_url()).status_code == expected
        for view in ("file", "download", "picture"):
            address = reverse(f"documents:{view}", args=[restricted["file"].uuid])
            assert client.get(address).status_code == expected, (name, view)


def test_a_restricted_draft_is_in_no_list_of_others(room, restricted, client_of):
    # The open file of `things` stays open, so only its name may be told.
    for name in ("coordinator", "reviewer"):
        client = client_of(room.user(name))
        pages = [
            reverse("documents:drafts", args=[room.workspace.uuid]),
            reverse("workspaces:dashboard"),
        ]
        for address in pages:
            page = client.get(address).content.decode()
            assert str(restricted["draft"].uuid) not in page, (name, address)
        files = client.get(reverse("documents:files", args=[room.workspace.uuid])).content.decode()
        assert str(restricted["file"].uuid) not in files
        activity = client.get(reverse("workspaces:activity", args=[room.workspace.uuid])).content.decode()
        assert str(restricted["draft"].uuid) not in activity


def test_opening_it_again_opens_it(room, restricted, client_of):
    change_draft(
        access=room.access("editor"),
        draft=restricted["draft"],
        title="Open",
        kind=TextKind.STATEMENT,
        handling=Handling.WORKSPACE,
        restricted_to=[],
    )
    assert client_of(room.user("reviewer")).get(restricted["version"].get_absolute_url()).status_code == 200


def test_a_restriction_holds_although_guardian_rows_were_lost_or_left_over(room, restricted, client_of):
    """Both have to say yes: guardian's rows and the list with the seats."""
    client = client_of(room.user("contributor"))
    address = restricted["version"].get_absolute_url()
    assert client.get(address).status_code == 200
    gone = room.seats["contributor"]
    gone.ended_at = now()
    gone.save()
    assert client.get(address).status_code == 404
    sync_grants(room.workspace)
    assert client.get(address).status_code == 404
