"""The doors of Wagtail's admin that stay shut."""

import pytest
from django.urls import NoReverseMatch, reverse

from tests.factories import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_password_posted_to_wagtails_login_signs_nobody_in(site, client):
    person = UserFactory(is_superuser=True, is_staff=True)
    data = {"username": person.email, "email": person.email, "password": PASSWORD}
    answer = client.post("/cms/login/", data)
    assert answer.url == "/accounts/login/?next=%2Fcms%2F"
    assert "_auth_user_id" not in client.session


def test_without_signing_in_the_way_leads_to_the_only_door(site, client):
    assert client.get("/cms/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["users/", "groups/", "users/1/", "groups/new/", "users/add/"])
def test_people_and_groups_have_no_screens(site, client_of, path):
    client = client_of(UserFactory(is_superuser=True, is_staff=True))
    assert client.get(f"/cms/{path}").status_code == 404


def test_a_member_has_nothing_to_do_there(site, client_of):
    person = MembershipFactory().person
    assert client_of(person).get("/cms/").status_code in {302, 403}


def test_wagtails_password_reset_leads_to_ours(site, client):
    assert client.get("/cms/password_reset/").url == reverse("account_reset_password")


def test_there_is_no_wagtail_api(site):
    with pytest.raises(NoReverseMatch):
        reverse("wagtailapi:pages:listing")
