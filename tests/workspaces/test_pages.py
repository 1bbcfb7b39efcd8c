"""The pages of workspaces over HTTP: who gets in, what they do, how much they ask of the database."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from coalition.accounts.models import Membership
from coalition.roles import SeatRole
from coalition.workspaces.actions import seats
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import access_to
from tests.factories import (
    PASSWORD,
    FreezeFactory,
    MembershipFactory,
    OfficeFactory,
    OrganisationFactory,
    ParticipationFactory,
    UserFactory,
    WorkspaceFactory,
    seat,
)
from tests.permissions.roles import nothing_there

pytestmark = pytest.mark.django_db

IN_A_WORKSPACE = ["workspace", "people", "activity", "act_for", "settings", "log"]
ACTS = ["seat_give", "bring_in", "archive", "take_back"]


def page(name, workspace) -> str:
    return reverse(f"workspaces:{name}", args=[workspace.uuid])


def words(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.mark.parametrize("name", IN_A_WORKSPACE)
def test_a_coordinator_opens_every_page(name, client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    response = client_of(here.person).get(page(name, here.workspace))
    assert response.status_code == 200
    assert here.workspace.title in response.content.decode()


@pytest.mark.parametrize("name", [*IN_A_WORKSPACE, *ACTS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_outsiders_and_superusers_find_nothing(name, method, client, client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    outsider = seat(role=SeatRole.COORDINATOR).person
    superuser = UserFactory(is_superuser=True, is_staff=True)
    ended = seat(workspace=here.workspace, role=SeatRole.EDITOR)
    MembershipFactory(person=ended.person)  # still somebody's member
    Membership.objects.filter(person=ended.person, organisation=ended.organisation).update(
        ended_at="2026-01-01T00:00Z"
    )
    for person in [outsider, superuser, OfficeFactory().person, ended.person]:
        answer = getattr(client_of(person), method)(page(name, here.workspace))
        assert answer.status_code == 404
        assert here.workspace.title not in answer.content.decode()
    assert getattr(client, method)(page(name, here.workspace)).status_code == 302


@pytest.mark.parametrize("name", ["settings", "log"])
def test_pages_of_coordinators_say_no_to_others_in_words(name, client_of) -> None:
    here = seat(role=SeatRole.EDITOR)
    answer = client_of(here.person).get(page(name, here.workspace))
    assert answer.status_code == 403


def test_a_seat_is_given_changed_and_taken(client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    part = ParticipationFactory(workspace=here.workspace)
    member = MembershipFactory(organisation=part.organisation)
    browser = client_of(here.person)
    browser.post(page("seat_give", here.workspace), {"member": member.uuid, "role": "editor"})
    given = Seat.objects.get(person=member.person)
    assert given.role == SeatRole.EDITOR
    change = reverse("workspaces:seat_change", args=[here.workspace.uuid, given.uuid])
    browser.post(change, {"role": "observer"})
    given.refresh_from_db()
    assert given.role == SeatRole.OBSERVER
    browser.post(reverse("workspaces:seat_take", args=[here.workspace.uuid, given.uuid]))
    given.refresh_from_db()
    assert given.ended_at is not None


def test_giving_a_seat_asks_again_who_it_is_and_then_goes_on(client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    member = MembershipFactory(organisation=here.organisation)
    browser = client_of(here.person, ago=3600)
    asked = browser.post(page("seat_give", here.workspace), {"member": member.uuid, "role": "editor"})
    assert asked.status_code == 302
    assert not Seat.objects.filter(person=member.person).exists()
    browser.post(asked.url, {"password": PASSWORD, "next": page("seat_give", here.workspace)})
    assert Seat.objects.get(person=member.person).role == SeatRole.EDITOR


def test_the_last_coordinator_is_told_why_they_stay(client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    answer = client_of(here.person).post(
        reverse("workspaces:seat_take", args=[here.workspace.uuid, here.uuid])
    )
    assert "at least one coordinator" in words(answer)


def test_an_observer_gives_no_seat(client_of) -> None:
    here = seat(role=SeatRole.OBSERVER)
    member = MembershipFactory(organisation=here.organisation)
    answer = client_of(here.person).post(
        page("seat_give", here.workspace), {"member": member.uuid, "role": "coordinator"}
    )
    assert answer.status_code == 403
    assert not Seat.objects.filter(person=member.person).exists()


def test_a_person_of_two_organisations_acts_for_the_one_they_chose(client_of) -> None:
    first = seat(role=SeatRole.COORDINATOR)
    second = seat(first.person, first.workspace, SeatRole.OBSERVER)
    browser = client_of(first.person)
    assert browser.get(page("settings", first.workspace)).status_code == 200
    browser.post(page("act_for", first.workspace), {"organisation": second.organisation.uuid})
    assert browser.get(page("settings", first.workspace)).status_code == 403
    wrong = browser.post(page("act_for", first.workspace), {"organisation": "no such thing"})
    assert wrong.status_code == 403


def test_archiving_offers_the_way_back(client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    browser = client_of(here.person)
    browser.post(page("archive", here.workspace))
    shown = browser.get(page("settings", here.workspace)).content.decode()
    assert page("take_back", here.workspace) in shown
    browser.post(page("take_back", here.workspace))
    here.workspace.refresh_from_db()
    assert here.workspace.archived_at is None


def test_a_title_too_long_is_refused_in_words(client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    answer = client_of(here.person).post(page("settings", here.workspace), {"title": "x" * 10_000})
    assert answer.status_code == 422
    here.workspace.refresh_from_db()
    assert len(here.workspace.title) < 200


def test_the_secretariat_sees_membership_and_no_content(client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    secretariat = OfficeFactory().person
    browser = client_of(secretariat)
    listed = browser.get(reverse("secretariat:workspaces")).content.decode()
    assert here.workspace.title in listed
    shown = browser.get(reverse("secretariat:workspace", args=[here.workspace.uuid])).content.decode()
    assert here.person.name in shown
    for name in IN_A_WORKSPACE:
        assert browser.get(page(name, here.workspace)).status_code == 404


@pytest.mark.parametrize("role", SeatRole)
def test_for_everyone_else_the_secretariat_pages_do_not_exist(role, client_of) -> None:
    here = seat(role=role)
    browser = client_of(here.person)
    assert browser.get(reverse("secretariat:workspaces")).status_code == 404
    assert browser.get(reverse("secretariat:workspace", args=[here.workspace.uuid])).status_code == 404


def test_a_coalition_without_members_is_told_what_comes_before_a_workspace(client_of) -> None:
    answer = client_of(OfficeFactory().person).get(reverse("workspaces:create"))
    assert answer.status_code == 200
    tree = html.document_fromstring(answer.content)
    assert reverse("secretariat:organisations") in tree.xpath("//main//a/@href")
    assert not tree.xpath("//main//form")


def test_the_secretariat_opens_a_workspace(client_of) -> None:
    member = MembershipFactory()
    answer = client_of(OfficeFactory().person).post(
        reverse("workspaces:create"), {"title": "Hotline rota", "member": member.uuid}
    )
    assert answer.status_code == 302
    assert Seat.objects.get(person=member.person).role == SeatRole.COORDINATOR


@pytest.mark.parametrize("role", SeatRole)
def test_nobody_else_finds_where_workspaces_are_opened(role, client_of) -> None:
    browser, address = client_of(seat(role=role).person), reverse("workspaces:create")
    nothing_there(browser, address)
    for shown in ("workspaces:dashboard", "workspaces:all"):
        assert address not in browser.get(reverse(shown)).content.decode()


def test_freezing_by_two_coordinators_through_the_pages(client_of) -> None:
    workspace = WorkspaceFactory()
    first, second = (seat(workspace=workspace, role=SeatRole.COORDINATOR).person for _ in range(2))
    held = seat(workspace=workspace, role=SeatRole.EDITOR)
    inside = client_of(held.person)
    assert inside.get(page("workspace", workspace)).status_code == 200
    asked = client_of(first).post(
        reverse("workspaces:freezes"), {"organisation": held.organisation.uuid, "reason": "Phone lost"}
    )
    other = client_of(second)
    assert "Phone lost" in other.get(reverse("workspaces:dashboard")).content.decode()
    assert "Phone lost" in other.get(asked.url).content.decode()
    other.post(asked.url + "confirm/")
    assert inside.get(page("workspace", workspace)).status_code == 302
    client_of(first).post(asked.url + "thaw/")
    other.post(asked.url + "thaw/")
    held.person.refresh_from_db()  # its sessions ended: the hash that opens a new one has changed
    assert client_of(held.person).get(page("workspace", workspace)).status_code == 200


def test_freezes_do_not_exist_for_those_without_a_word(client_of) -> None:
    row = FreezeFactory()
    editor = seat(role=SeatRole.EDITOR)
    browser = client_of(editor.person)
    assert browser.get(reverse("workspaces:freezes")).status_code == 403
    for name in ["freeze", "freeze_confirm", "freeze_withdraw", "freeze_thaw"]:
        assert browser.post(reverse(f"workspaces:{name}", args=[row.uuid])).status_code == 404


def test_a_confidential_organisation_and_its_people_are_named_to_coordinators_only(client_of) -> None:
    workspace = WorkspaceFactory()
    hidden = OrganisationFactory(listing="confidential", name_en="Canary centre")
    person = UserFactory(name="Canary Person")
    seat(person, workspace, SeatRole.EDITOR, hidden)
    coordinator = seat(workspace=workspace, role=SeatRole.COORDINATOR)
    editor = seat(workspace=workspace, role=SeatRole.EDITOR)
    access = access_to(coordinator.person, workspace.uuid)
    seats.change_seat_role(access=access, seat=Seat.objects.get(person=person), role=SeatRole.REVIEWER)
    for name in ["workspace", "people", "activity"]:
        told = client_of(coordinator.person).get(page(name, workspace)).content.decode()
        kept = client_of(editor.person).get(page(name, workspace)).content.decode()
        assert "Canary" in told
        assert "Canary" not in kept
    assert "Canary" not in client_of(editor.person).get(reverse("workspaces:dashboard")).content.decode()


@pytest.mark.parametrize("name", ["dashboard", "workspace", "people", "activity", "log", "all"])
def test_more_things_cost_no_more_queries(name, client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    browser = client_of(here.person)
    address = reverse(f"workspaces:{name}") if name in {"dashboard", "all"} else page(name, here.workspace)

    def cost() -> int:
        browser.get(address)  # the visit is noted, caches are warm
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    def add() -> None:
        other = seat(workspace=here.workspace, role=SeatRole.EDITOR)
        access = access_to(here.person, here.workspace.uuid)
        seats.change_seat_role(access=access, seat=other, role=SeatRole.REVIEWER)
        row = FreezeFactory(organisation=other.organisation, asked_by=other.person)
        assert row.frozen_at is None
        seat(here.person, role=SeatRole.COORDINATOR, organisation=here.organisation)

    add()
    one = cost()
    add()
    add()
    assert cost() == one
    assert one <= 15
