"""The newsroom's screens and the requests that they make of themselves."""

import pytest
from django.apps import apps
from django.urls import reverse

from home.models import NewsPage
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(site) -> NewsPage:
    return NewsPage.objects.get(publication=stage(2).publish("en"))


def test_the_rest_api_is_not_served():
    assert not apps.is_installed("wagtail.api.v3")


@pytest.mark.parametrize("view", ["edit", "history", "move", "usage"])
def test_a_page_has_its_screens(newsroom, news, view):
    assert newsroom.get(reverse(f"wagtailadmin_pages:{view}", args=[news("Own").pk])).status_code == 200


def test_the_explorer_lists_it(newsroom, page):
    answer = newsroom.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    assert str(page.pk) in answer.content.decode()


@pytest.mark.parametrize(
    ("chooser", "step"),
    [
        ("wagtailadmin_choose_page", "browse"),
        ("wagtailimages_chooser:choose", "choose"),
        ("wagtaildocs_chooser:choose", "choose"),
    ],
)
def test_choosers_open(newsroom, page, chooser, step):
    assert newsroom.get(reverse(chooser)).json()["step"] == step


def test_the_menu_of_pages_asks_and_is_answered(newsroom, page):
    """`wagtail.admin.api`: what the explorer at the side loads."""
    parent = page.get_parent()
    answer = newsroom.get(f"/cms/api/main/pages/?child_of={parent.pk}&for_explorer=1&fields=parent")
    assert page.pk in [one["id"] for one in answer.json()["items"]]
    assert newsroom.get(f"/cms/api/main/pages/{page.pk}/").json()["title"] == page.title
