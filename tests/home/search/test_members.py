"""What a signed-in person finds in the same box: what they may see, at that moment, and nothing else."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Listing, Organisation, User
from coalition.core import crypto
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.permissions import access_to
from documents.drafts.actions.manage import create_draft, save_text
from documents.drafts.models import Handling
from documents.models import Draft
from events.core.actions.plan import announce_event
from events.core.enums import Visibility
from home.models import HomePage
from home.search import members
from home.search.members import find_for_member
from tests.conftest import sign_in
from tests.documents.conftest import body
from tests.events.planning.builders import announced, planned
from tests.factories import OrganisationFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db


def found(person: User, text: str) -> set[str]:
    """The titles of all that the person finds."""
    return {
        "".join(piece.text for piece in result["title"])
        for results in find_for_member(person, text).values()
        for result in results
    }


def draft_of(one: Seat, title: str, words: str = "Words.") -> Draft:
    access = access_to(one.person, one.workspace.uuid)
    draft = create_draft(access=access, title=title)
    text = draft.texts.get(language="kk")
    save_text(access=access, text=text, title=title, lead="", body=body(words))
    return draft


@pytest.fixture
def room(site: HomePage) -> Workspace:
    return WorkspaceFactory(title="Room of the tulipgarden")


@pytest.fixture
def editor(room: Workspace) -> Seat:
    return seat(workspace=room, role=SeatRole.EDITOR)


def test_drafts_are_found_by_title_and_by_words_in_any_form(editor: Seat) -> None:
    draft_of(editor, "Құқықтар туралы жоба", words="Мектептердегі жағдай өзгерді.")
    assert found(editor.person, "құқығы") == {"Құқықтар туралы жоба"}
    assert found(editor.person, "мектеп") == {"Құқықтар туралы жоба"}
    assert found(editor.person, "мектеп заңгер") == set()


def test_each_role_finds_what_it_may_see(room: Workspace, editor: Seat) -> None:
    draft_of(editor, "Tulipgarden draft")
    planned(title="Tulipgarden event", workspace=room)
    drafts = {"Tulipgarden draft"}
    for role in SeatRole:
        one = seat(workspace=room, role=role)
        seen = found(one.person, "tulipgarden")
        assert "Room of the tulipgarden" in seen
        assert drafts <= seen or (role == SeatRole.OBSERVER and not drafts & seen)
        assert ("Tulipgarden event kk" in seen) == (role != SeatRole.OBSERVER)
    assert found(seat(workspace=WorkspaceFactory()).person, "tulipgarden") == set()


def test_an_event_of_another_workspace_does_not_tell_what_that_is_called(editor: Seat) -> None:
    access = access_to(editor.person, editor.workspace.uuid)
    host = editor.organisation
    event = planned(access, title="Assembly")
    announce_event(access=access, event=event, visibility=Visibility.COALITION)

    def notes(person: User) -> set[str]:
        groups = find_for_member(person, "assembly")
        return {result["note"] for results in groups.values() for result in results}

    assert notes(editor.person) == {"Room of the tulipgarden"}
    elsewhere = seat(workspace=WorkspaceFactory()).person
    assert notes(elsewhere) == {host.name_in("en")}


def test_an_event_that_everyone_is_told_of_is_not_found_twice(editor: Seat) -> None:
    access = access_to(editor.person, editor.workspace.uuid)
    for title, visibility in (("Assembly", Visibility.PUBLIC), ("Assembly inside", Visibility.WORKSPACE)):
        announced(access, title=title, visibility=visibility)
    assert {title.rpartition(" ")[0] for title in found(editor.person, "assembly")} == {"Assembly inside"}


def test_the_newest_of_a_kind_are_looked_at(editor: Seat, monkeypatch) -> None:
    """Two texts: of three drafts in one language each, the two that were changed last."""
    monkeypatch.setattr(members, "MOST_LOOKED_AT", 2)
    for number in (1, 2, 3):
        draft = draft_of(editor, f"Tulipgarden {number}")
        draft.texts.exclude(language="kk").delete()
        Draft.objects.filter(pk=draft.pk).update(changed_at=f"2026-03-0{4 - number}T10:00Z")
    titles = {title for title in found(editor.person, "tulipgarden") if title != "Room of the tulipgarden"}
    assert titles == {"Tulipgarden 1", "Tulipgarden 2"}


def test_a_restricted_draft_and_a_marked_one_are_found_by_their_readers_alone(
    room: Workspace, editor: Seat
) -> None:
    draft = draft_of(editor, "Tulipgarden draft")
    other = seat(workspace=room, role=SeatRole.COORDINATOR)
    assert "Tulipgarden draft" in found(other.person, "tulipgarden")
    Draft.objects.filter(pk=draft.pk).update(handling=Handling.ORGANISATION)
    assert "Tulipgarden draft" not in found(other.person, "tulipgarden")
    assert "Tulipgarden draft" in found(editor.person, "tulipgarden")


def test_a_seat_that_ends_ends_the_finding(editor: Seat) -> None:
    draft_of(editor, "Tulipgarden draft")
    assert found(editor.person, "tulipgarden")
    editor.person.memberships.update(ended_at="2026-01-01T00:00Z")
    assert found(editor.person, "tulipgarden") == set()


def hidden(room: Workspace, listing: Listing) -> tuple[Organisation, User]:
    organisation = OrganisationFactory(
        listing=listing, name_kk="Tulipgarden house", name_ru="Tulipgarden house", name_en="Tulipgarden house"
    )
    one = seat(workspace=room, role=SeatRole.REVIEWER, organisation=organisation)
    one.person.name = "Tulipgardener Person"
    one.person.save()
    return organisation, one.person


def test_a_right_given_while_the_page_is_made_is_found_by_the_next_question(
    editor: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the question for the workspaces and the one for organisations that are unlisted."""
    other, read = WorkspaceFactory(title="Room that came between"), members.active_seats
    hidden(other, Listing.WITHHELD)
    seat(editor.person, other, SeatRole.EDITOR, editor.organisation, in_step=False)

    def given_meanwhile() -> QuerySet[Seat]:
        sync_grants(other)
        return read()

    monkeypatch.setattr(members, "active_seats", given_meanwhile)
    assert found(editor.person, "tulipgarden") == {"Room of the tulipgarden"}
    assert "Tulipgarden house" in found(editor.person, "tulipgarden")


@pytest.mark.parametrize(
    ("listing", "told"),
    [(Listing.WITHHELD, {"editor", "coordinator"}), (Listing.CONFIDENTIAL, {"coordinator"})],
)
def test_names_are_found_by_those_alone_who_may_be_told(
    room: Workspace, editor: Seat, listing: Listing, told: set[str]
) -> None:
    hidden(room, listing)
    coordinator = seat(workspace=room, role=SeatRole.COORDINATOR)
    outside = seat(workspace=WorkspaceFactory())
    names = {"Tulipgarden house", "Tulipgardener Person"}
    for name, one in (("editor", editor), ("coordinator", coordinator), ("outside", outside)):
        assert (found(one.person, "tulipgarden") & names) == (names if name in told else set()), name


def test_nobody_and_superusers_without_a_seat_find_nothing(editor: Seat, client: Client) -> None:
    draft_of(editor, "Tulipgarden draft")
    editor.person.is_superuser = True
    stranger = seat(workspace=WorkspaceFactory()).person
    stranger.is_superuser = True
    stranger.save()
    assert found(stranger, "tulipgarden") == set()
    assert "Tulipgarden" not in client.get("/kk/search/?q=tulipgarden").content.decode()


def test_the_page_shows_both_and_is_kept_by_no_cache(editor: Seat) -> None:
    draft_of(editor, "Tulipgarden draft")
    answer = sign_in(Client(), editor.person).get("/en/search/?q=tulipgarden")
    assert "<mark>Tulipgarden</mark> draft" in answer.content.decode()
    assert "From your workspaces" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_as_many_queries_for_three_as_for_one(editor: Seat) -> None:
    costs = []
    for many in (1, 3):
        while Draft.objects.count() < many:
            draft_of(editor, f"Tulipgarden {Draft.objects.count()}")
            planned(title="Tulipgarden event", workspace=editor.workspace)
        with CaptureQueriesContext(connection) as queries:
            assert len(found(editor.person, "tulipgarden")) > many
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 15


def test_a_name_is_unsealed_once_however_many_things_it_stands_behind(editor: Seat, monkeypatch) -> None:
    """Three events of one organisation, and three of its people: unsealing costs more than the query."""
    unsealed: list[str] = []
    real = crypto.unseal
    monkeypatch.setattr(crypto, "unseal", lambda words: unsealed.append(words) or real(words))
    access, costs = access_to(editor.person, editor.workspace.uuid), []
    for many in range(1, 4):
        planned(access, title="Tulipgarden event")
        seat(workspace=editor.workspace, organisation=editor.organisation, role=SeatRole.EDITOR)
        unsealed.clear()
        assert len(found(editor.person, "tulipgarden event")) >= 1, many
        costs.append(len(unsealed))
    assert costs[2] <= costs[0]
