"""Names that are none are no longer shown, and their supports count as before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions.confirm import SupportChoices, change_choices, withdraw_support
from coalition.campaigns.appeals.actions.hand_over import make_hand_over, take_out_file
from coalition.campaigns.appeals.actions.names import hide_name, show_name_again
from coalition.campaigns.appeals.counting import count_of
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import Support, SupportTotal
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.appeals.builders import support
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def at(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def public_names(desk, client) -> list[str]:
    page = client.get(f"/en/support/{desk.appeal.slug}/names/")
    return [row.name for row in page.context["page"]]


def test_two_presses_at_the_desk_hide_a_name_and_its_support_counts(desk, client, client_of):
    row = support(desk.version, name="Canary Insult", is_listed=True)
    desk.support(name="Aizhan Seitova", is_listed=True)
    browser = client_of(desk.made.coordinator)
    page = browser.get(at("appeal_names", desk.appeal.uuid)).content.decode()
    assert "Canary Insult" in page
    assert "<details>" in page
    answer = browser.post(at("appeal_name", desk.appeal.uuid, row.uuid), follow=True).content.decode()
    assert "The support counts as before" in answer
    assert public_names(desk, client) == ["Aizhan Seitova"]
    assert "Canary Insult" not in client.get(f"/en/support/{desk.appeal.slug}/").content.decode()
    assert count_of(desk.version) == 1
    own = client.get(SUPPORT.path(row)).content.decode()
    assert "do not show your name" in own
    browser.post(at("appeal_name", desk.appeal.uuid, row.uuid), {"act": "show"})
    assert set(public_names(desk, client)) == {"Aizhan Seitova", "Canary Insult"}
    assert "do not show your name" not in client.get(SUPPORT.path(row)).content.decode()


def test_the_audit_log_keeps_that_it_was_done_once_and_not_whose_name(desk):
    row = desk.support(name="Canary Insult", is_listed=True)
    for _time in range(2):
        hide_name(access=desk.access, appeal=desk.appeal, support=row.uuid)
    entry = AuditEntry.objects.get(action="appeal.name_hidden")
    assert (entry.target, entry.actor) == (desk.appeal.uuid, desk.access.user)
    assert str(row.uuid) not in str(entry.detail)
    assert "Canary" not in str(entry.detail)
    show_name_again(access=desk.access, appeal=desk.appeal, support=row.uuid)
    assert AuditEntry.objects.filter(action="appeal.name_shown_again").count() == 1


@pytest.mark.parametrize("role", [role for role in SeatRole if role != SeatRole.COORDINATOR])
def test_nobody_else_hides_names_or_reads_the_list(desk, role, client_of):
    row = desk.support(name="Canary Insult", is_listed=True)
    access = desk.other(role)
    with pytest.raises(NotAllowed):
        hide_name(access=access, appeal=desk.appeal, support=row.uuid)
    browser = client_of(access.user)
    expected = 404 if role == SeatRole.OBSERVER else 403
    assert browser.get(at("appeal_names", desk.appeal.uuid)).status_code == expected
    assert browser.post(at("appeal_name", desk.appeal.uuid, row.uuid)).status_code == expected
    assert not Support.objects.filter(is_name_hidden=True).exists()
    if expected == 403:
        page = browser.get(at("appeal", desk.appeal.uuid)).content.decode()
        assert at("appeal_names", desk.appeal.uuid) not in page


def test_a_name_of_another_appeal_or_one_that_is_not_shown_cannot_be_hidden(desk):
    row = desk.support(name="Canary Silent", in_hand_over=True)
    shown = desk.support(name="Canary Shown", is_listed=True)
    with pytest.raises(Refused, match="shows no name"):
        hide_name(access=desk.access, appeal=desk.appeal, support=row.uuid)
    other = stage()
    with pytest.raises(type(desk.appeal).DoesNotExist):
        hide_name(access=other.access, appeal=desk.appeal, support=shown.uuid)


def test_a_hidden_name_stays_hidden_when_its_owner_changes_it_and_goes_with_the_withdrawal(desk, client):
    row = support(desk.version, name="Canary Insult", is_listed=True)
    hide_name(access=desk.access, appeal=desk.appeal, support=row.uuid)
    change_choices(
        token=SUPPORT.token(row), choices=SupportChoices(name="Canary Insult Again", is_listed=True)
    )
    assert public_names(desk, client) == []
    withdraw_support(token=SUPPORT.token(row))
    row.refresh_from_db()
    assert (row.name, row.is_name_hidden) == ("", False)


def test_a_hidden_name_that_was_given_for_the_hand_over_is_handed_over(desk):
    row = desk.support(name="Canary Both", is_listed=True, in_hand_over=True)
    SupportTotal.objects.create(version=desk.version, region="KZ-75", language="kk", count=1)
    hide_name(access=desk.access, appeal=desk.appeal, support=row.uuid)
    made = make_hand_over(access=desk.access, appeal=desk.appeal, language="kk")
    assert b"Canary Both" in take_out_file(access=desk.access, hand_over=made, kind="csv")


def test_the_list_costs_the_same_with_one_and_with_three(desk, client_of):
    browser = client_of(desk.made.coordinator)
    address = at("appeal_names", desk.appeal.uuid)
    desk.support(name="Canary One", is_listed=True)
    browser.get(address)
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        costs.append(len(found))
        for number in range(2):
            desk.support(name=f"Canary {['Two', 'Three'][number]}", is_listed=True)
    assert costs[0] == costs[1]
