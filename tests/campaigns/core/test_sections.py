"""The page "Campaign" of a workspace shows the sections that capabilities register."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from coalition.campaigns.core.sections import Summary, register_section, unregister_section
from coalition.roles import Right, SeatRole
from tests.conftest import sign_in
from tests.factories import WorkspaceFactory, seat
from tests.markup import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sections() -> Iterator[None]:
    def lamps(access: object) -> Summary:
        return Summary("Nobody has a lamp yet.", next_step="Bring lamps.")

    def secrets(access: object) -> Summary:
        return Summary("Three secrets.", needs_attention=True)

    register_section("lamps", title="Lamps", url_name="workspaces:people", summary=lamps, order=2)
    register_section(
        "secrets", title="Secrets", url_name="workspaces:activity", summary=secrets, right=Right.MANAGE
    )
    yield
    unregister_section("lamps")
    unregister_section("secrets")


def test_each_section_says_where_it_stands_and_leads_to_its_page(client, sections):
    workspace = WorkspaceFactory()
    sign_in(client, seat(workspace=workspace, role=SeatRole.COORDINATOR).person)
    page = client.get(reverse("campaigns:campaign", args=[workspace.uuid])).content.decode()
    page = squeezed(page)
    assert f'href="{reverse("workspaces:people", args=[workspace.uuid])}">Lamps</a>' in page
    assert "Nobody has a lamp yet. Bring lamps." in page
    assert page.index("Lamps") < page.index("Secrets")
    assert page.count("Something waits") == 1


def test_a_section_is_shown_to_those_who_have_its_right(client, sections):
    workspace = WorkspaceFactory()
    sign_in(client, seat(workspace=workspace, role=SeatRole.REVIEWER).person)
    page = client.get(reverse("campaigns:campaign", args=[workspace.uuid])).content.decode()
    assert "Lamps" in page
    assert "Secrets" not in page


def test_observers_and_outsiders_do_not_see_the_campaign(client):
    workspace = WorkspaceFactory()
    address = reverse("campaigns:campaign", args=[workspace.uuid])
    sign_in(client, seat(workspace=workspace, role=SeatRole.OBSERVER).person)
    assert client.get(address).status_code == 403
    overview = client.get(reverse("workspaces:workspace", args=[workspace.uuid])).content.decode()
    assert address not in overview
    sign_in(client, seat(role=SeatRole.COORDINATOR).person)
    assert client.get(address).status_code == 404
