"""Each language has one first page and one list of news, whoever adds another."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction

from home.models import HomePage, NewsIndexPage, NewsPage
from home.queries import home_page, news_index
from tests.documents.approval.builders import stage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MODELS = pytest.mark.parametrize("model", [HomePage, NewsIndexPage])
MIGRATION = import_module("home.migrations.0003_one_page_of_a_language")


def parent_of(model) -> Page:
    return model.objects.get(language="en").get_parent()


def another(model) -> HomePage | NewsIndexPage:
    return model(title="Second", slug="second", locale=Locale.objects.get(language_code="en"))


@MODELS
def test_the_site_has_one_of_each_language(site, model):
    assert set(model.objects.values_list("language", flat=True)) == {"kk", "ru", "en"}


@MODELS
def test_the_database_refuses_a_second(site, model):
    second = model.objects.get(language="ru")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=second.pk).update(language="en")


@MODELS
@pytest.mark.parametrize("live", [True, False])
def test_a_second_is_refused_in_words(site, model, live):
    second = another(model)
    second.live = live
    with pytest.raises(ValidationError, match="has this page in this language already"):
        parent_of(model).add_child(instance=second)


@MODELS
def test_the_newsroom_is_offered_no_second(newsroom, client_of, model):
    parent = parent_of(model)
    name = model._meta.model_name
    for client in (newsroom, client_of(UserFactory(is_superuser=True, is_staff=True))):
        offered = client.get(reverse("wagtailadmin_pages:add_subpage", args=[parent.pk]), follow=True)
        assert f"/add/home/{name}/" not in offered.content.decode()
        add = reverse("wagtailadmin_pages:add", args=["home", name, parent.pk])
        client.post(add, {"title": "Second", "slug": "second", "action-publish": "1"})
        copy = reverse("wagtailadmin_pages:copy", args=[model.objects.get(language="en").pk])
        given = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": parent.pk}
        assert client.post(copy, given).status_code == 302
    assert model.objects.count() == 3


def test_the_form_says_why_a_language_gets_no_second_first_page(newsroom):
    """A first page is offered while a language lacks one; the form may be opened for another language."""
    HomePage.objects.get(language="ru").delete()
    assert HomePage.can_create_at(Page.objects.get(depth=1))
    add = reverse("wagtailadmin_pages:add", args=["home", "homepage", Page.objects.get(depth=1).pk])
    empty = {"sections-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    posted = {"title": "Second", "slug": "second", "action-publish": "1", **empty}
    answer = newsroom.post(f"{add}?locale=en", posted)
    assert "has this page in this language already" in answer.content.decode()
    assert HomePage.objects.filter(language="en").count() == 1
    newsroom.post(f"{add}?locale=ru", posted)
    assert HomePage.objects.filter(language="ru").count() == 1


def test_an_earlier_second_list_of_news_is_no_part_of_the_site(site):
    first = news_index("en")
    NewsIndexPage.objects.filter(pk=first.pk).update(language=None)
    second = another(NewsIndexPage)
    first.get_parent().add_child(instance=second)
    NewsIndexPage.objects.update(language=None)
    MIGRATION.fill_languages(apps, None)
    assert set(NewsIndexPage.objects.values_list("language", flat=True)) == {"kk", "ru", "en", None}
    assert news_index("en") == first
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    assert page.get_parent().pk == first.pk
    second = NewsIndexPage.objects.get(pk=second.pk)
    second.unpublish()  # so the newsroom may take it away
    assert not NewsIndexPage.objects.get(pk=second.pk).live


def test_of_two_first_pages_from_before_the_live_one_stays(site):
    first = home_page("en")
    HomePage.objects.filter(pk=first.pk).update(language=None)
    second = another(HomePage)
    parent_of_all = Page.objects.get(depth=1)
    parent_of_all.add_child(instance=second)
    HomePage.objects.update(language=None)
    Page.objects.filter(pk=first.pk).update(live=False)
    MIGRATION.fill_languages(apps, None)
    assert home_page("en") == HomePage.objects.get(pk=second.pk)


@MODELS
def test_a_revision_without_a_language_leaves_the_page_its_own(site, model):
    """Revisions of the release before have no such key."""
    page = model.objects.get(language="kk")
    revision = page.save_revision()
    del revision.content["language"]
    revision.save()
    revision.publish()
    assert model.objects.get(language="kk") == page


@MODELS
def test_no_password_is_set_before_a_page_of_which_each_language_has_one(newsroom, client_of, model):
    """One before the list of news would take all news from lists and feeds."""
    page = model.objects.get(language="en")
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    for client in (newsroom, client_of(UserFactory(is_superuser=True, is_staff=True))):
        assert client.get(address).status_code == 302
        client.post(address, {"restriction_type": "login", "password": ""})
    assert not PageViewRestriction.objects.exists()
