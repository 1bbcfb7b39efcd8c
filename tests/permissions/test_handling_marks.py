"""A handling mark is kept at every door: mark × role × way to the words, and at once when it changes."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from coalition.accounts.models import Language, User
from coalition.realtime.backend import get_document_backend
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import access_to
from coalition.workspaces.queries import activity_for
from documents.comments.actions import start_thread
from documents.drafts.access import GuestData
from documents.drafts.actions.manage import change_draft, create_draft, name_version, save_text
from documents.drafts.models import Audience, GuestPurpose, Handling, TextKind
from documents.drafts.permissions import may_export
from documents.drafts.queries import drafts_for, versions_for
from documents.files.actions import upload_file
from documents.guests.actions import make_guest_link
from documents.models import Draft, StoredFile
from tests.conftest import sign_in
from tests.documents.conftest import body
from tests.factories import OrganisationFactory, WorkspaceFactory, seat
from tests.realtime.sockets import Socket

CANARY = "Canarymarked"
PDF = b"%PDF-1.7\n" + CANARY.encode() + b"\n%%EOF\n"
ROLES = ["observer", "editor", "coordinator", "colleague", "named"]
# The two wider marks narrow nothing either: tests/documents/drafts/test_handling_marks.py has all five.
READ = {
    Handling.NAMED_PEOPLE: {"editor", "named"},
    Handling.ORGANISATION: {"editor", "colleague"},
    Handling.WORKSPACE: {"editor", "coordinator", "colleague", "named"},
}


@dataclass
class Marked:
    """A draft and a file by the editor, under one mark, and everybody around."""

    workspace: Workspace
    people: dict[str, User]
    draft: Draft
    file: StoredFile
    browsers: dict[int, Client] = field(default_factory=dict)

    def browser(self, person: User) -> Client:
        if person.pk not in self.browsers:
            self.browsers[person.pk] = sign_in(Client(), person)
        return self.browsers[person.pk]


def marked(handling: Handling) -> Marked:
    workspace, own = WorkspaceFactory(), OrganisationFactory()
    people = {
        role: seat(
            workspace=workspace, role=SeatRole(role), organisation=own if role == "editor" else None
        ).person
        for role in ("observer", "editor", "coordinator")
    }
    people["colleague"] = seat(workspace=workspace, role=SeatRole.REVIEWER, organisation=own).person
    people["named"] = seat(workspace=workspace, role=SeatRole.REVIEWER).person
    access = access_to(people["editor"], workspace.uuid)
    draft = create_draft(access=access, title=CANARY)
    text = draft.texts.select_related("draft").get(language=Language.KK)
    save_text(access=access, text=text, title=CANARY, lead="", body=body(CANARY))
    text.refresh_from_db()
    name_version(access=access, text=text, name=CANARY)
    start_thread(access=access, text=text, audience=Audience.WORKSPACE, body=CANARY)
    named = [people["named"]] if handling == Handling.NAMED_PEOPLE else []
    mark(draft, people["editor"], handling, named)
    draft.refresh_from_db()
    file = upload_file(
        access=access,
        content=io.BytesIO(PDF),
        size=len(PDF),
        name=f"{CANARY}.pdf",
        handling=handling,
        named_people=named,
    )
    return Marked(workspace, people, draft, file)


def mark(draft: Draft, by: User, handling: Handling, named: list[User] | None = None) -> None:
    access = access_to(by, draft.workspace.uuid)
    change_draft(
        access=access,
        draft=draft,
        title=CANARY,
        kind=TextKind.STATEMENT,
        handling=handling,
        named_people=named,
    )


def _page(name: str, *more: str, of_file: bool = False) -> Callable[[Marked, User], bool]:
    """A page that is there for the person, and the canary on it."""

    def shows(there: Marked, person: User) -> bool:
        thing = there.file if of_file else there.draft
        answer = there.browser(person).get(reverse(f"documents:{name}", args=[thing.uuid, *more]))
        assert answer.status_code in {200, 404}
        content = b"" if answer.streaming else answer.content
        assert answer.status_code == 200 or CANARY.encode() not in content
        return answer.status_code == 200

    return shows


def _list(name: str) -> Callable[[Marked, User], bool]:
    """A page that everyone with a seat opens; whether it tells of the draft or file."""

    def shows(there: Marked, person: User) -> bool:
        address = reverse(name, args=[] if name.endswith("dashboard") else [there.workspace.uuid])
        return CANARY in there.browser(person).get(address).content.decode()

    return shows


def _socket(there: Marked, person: User) -> bool:
    text = there.draft.texts.get(language=Language.KK)
    return get_document_backend().open(person.pk, "", text.uuid) is not None


def _version(there: Marked, person: User) -> bool:
    version = there.draft.texts.get(language=Language.KK).versions.get()
    return there.browser(person).get(version.get_absolute_url()).status_code == 200


def _export(there: Marked, person: User) -> bool:
    address = reverse("documents:export", args=[there.draft.uuid, "kk"])
    answer = there.browser(person).post(address, {"format": "md", "view": "standing"})
    assert answer.status_code in {302, 404}
    return answer.status_code == 302


DOORS: dict[str, Callable[[Marked, User], bool]] = {
    "query of drafts": lambda there, person: drafts_for(person).filter(pk=there.draft.pk).exists(),
    "query of versions": lambda _there, person: versions_for(person).filter(name=CANARY).exists(),
    "activity": lambda _there, person: activity_for(person).filter(detail__title=CANARY).exists(),
    "socket": _socket,
    "page of the text": _page("text", "kk"),
    "page of versions": _page("versions", "kk"),
    "page of a version": _version,
    "page of comparing": _page("compare", "kk"),
    "people of comments": _page("comment_people", "kk"),
    "people of the text": _page("people"),
    "history": _page("history", "kk"),
    "who wrote what": _page("history_who", "kk"),
    "checklist": _page("check"),
    "export": _export,
    "list of drafts": _list("documents:drafts"),
    "first page": _list("workspaces:dashboard"),
    "page of activity": _list("workspaces:activity"),
    "file": _page("file", of_file=True),
    "download": _page("download", of_file=True),
    "list of files": _list("documents:files"),
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("handling", list(READ))
def test_the_mark_is_kept_at_every_door(handling) -> None:
    there = marked(handling)
    found = {
        door: {role for role in ROLES if opens(there, there.people[role])} for door, opens in DOORS.items()
    }
    assert found == {door: set(READ[handling]) for door in DOORS}
    rows = {
        role: may_export(access_to(there.people[role], there.workspace.uuid), there.draft) for role in ROLES
    }
    assert {role for role, may in rows.items() if may} == READ[handling]


def _prepare() -> tuple[Marked, str, str, str]:
    """A draft for the workspace, a reader's open session, and a link of a coordinator."""
    there = marked(Handling.WORKSPACE)
    browser = there.browser(there.people["named"])
    text = there.draft.texts.get(language=Language.KK)
    _link, token = make_guest_link(
        access=access_to(there.people["coordinator"], there.workspace.uuid),
        draft=there.draft,
        guest=GuestData("Aizhan", "aizhan@lawyers.example", Language.KK),
        purpose=GuestPurpose.READ,
        reason="Our lawyer",
    )
    return there, browser.cookies["sessionid"].value, str(text.uuid), token


def _guest_opens(token: str) -> int:
    return Client().get(reverse("guest", args=[token])).status_code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("handling", [Handling.NAMED_PEOPLE, Handling.ORGANISATION])
async def test_a_narrower_mark_closes_open_texts_and_links(handling) -> None:
    there, session, text, token = await sync_to_async(_prepare)()
    socket = Socket(f"/ws/drafts/{text}/", cookie=f"sessionid={session}")
    assert await socket.open()
    assert (await socket.receive_output(2))["type"] == "websocket.send"
    assert await sync_to_async(_guest_opens)(token) == 200

    await sync_to_async(mark)(there.draft, there.people["editor"], handling)

    assert await socket.closing() == 4404
    assert await sync_to_async(_guest_opens)(token) == 404
