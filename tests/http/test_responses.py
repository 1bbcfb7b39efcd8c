"""What was not taken over is answered with 422, whichever form it was sent in; looking at the form is not."""

import pytest
from django.urls import reverse

from coalition.accounts.actions.admission import invite_person
from coalition.accounts.models import Invitation, MembershipRole
from tests.documents.approval.builders import stage
from tests.factories import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db

OF_THE_SECRETARIAT = ["workspaces:create", "secretariat:organisation_create", "secretariat:offices"]
OF_AN_ORGANISATION = ["secretariat:organisation", "secretariat:invite"]


def is_refused(browser, address: str) -> bool:
    assert browser.get(address).status_code == 200
    return browser.post(address, {"nothing": "that any form asks for"}).status_code == 422


@pytest.mark.parametrize("name", OF_THE_SECRETARIAT)
def test_what_the_secretariat_fills_in(client_of, name):
    assert is_refused(client_of(OfficeFactory().person), reverse(name))


@pytest.mark.parametrize("name", OF_AN_ORGANISATION)
def test_what_the_secretariat_fills_in_about_an_organisation(client_of, name):
    row = MembershipFactory().organisation
    assert is_refused(client_of(OfficeFactory().person), reverse(name, args=[row.uuid]))


@pytest.mark.parametrize("name", ["organisation_edit", "invite", "mandate_give", "profile"])
def test_what_representatives_fill_in(client_of, name):
    held = MembershipFactory(role=MembershipRole.REPRESENTATIVE)
    member = MembershipFactory(organisation=held.organisation)
    arguments = {"profile": [], "mandate_give": [held.organisation.uuid, member.uuid]}
    given = arguments.get(name, [held.organisation.uuid])
    assert is_refused(client_of(held.person), reverse(f"partners:{name}", args=given))


def test_what_a_newcomer_fills_in(client, monkeypatch):
    held = MembershipFactory(role=MembershipRole.REPRESENTATIVE)
    monkeypatch.setattr("coalition.accounts.actions.admission.secrets.token_urlsafe", lambda _size: "known")
    invite_person(
        by=held.person,
        organisation=held.organisation,
        email="new@tests.example",
        name="New",
        role=MembershipRole.MEMBER,
        language="en",
    )
    assert is_refused(client, reverse("partners:invitation", args=["known"]))
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("name", ["workspaces:settings", "documents:create", "documents:files"])
def test_what_is_filled_in_in_a_workspace(client_of, name):
    made = stage()
    assert is_refused(client_of(made.coordinator), reverse(name, args=[made.workspace.uuid]))


def test_what_a_coordinator_fills_in_to_freeze(client_of):
    assert is_refused(client_of(stage().coordinator), reverse("workspaces:freezes"))


@pytest.mark.parametrize("name", ["draft_settings", "put", "versions", "withdraw"])
def test_what_is_filled_in_about_a_text(client_of, name, monkeypatch):
    made = stage()
    given = {"versions": [made.draft.uuid, "kk"], "withdraw": []}.get(name, [made.draft.uuid])
    if name == "withdraw":
        monkeypatch.setattr("documents.publication.hooks._presenters", [])
        given = [made.publish("kk").uuid]
    elif name != "draft_settings":
        made.write("We ask for a law.")
    assert is_refused(client_of(made.coordinator), reverse(f"documents:{name}", args=given))
