"""The public site's trees, and people of its newsroom."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Collection, Locale, Page

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import OfficeKind
from home.models import HomePage, NewsIndexPage, NewsPage
from home.setup_site import setup_site
from tests.conftest import sign_in
from tests.factories import UserFactory
from tests.recording import recorded


@pytest.fixture
def site(db: None) -> HomePage:
    """The trees of three languages."""
    return site_of_three_languages()


@recorded
def site_of_three_languages() -> HomePage:
    """Make the trees of three languages, and Wagtail's roots where they are gone."""
    if not Page.objects.exists():  # a test that commits has emptied what Wagtail's migrations wrote
        locale = Locale.objects.get_or_create(language_code="kk")[0]
        Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
        Collection.add_root(instance=Collection(name="Root"))
    return setup_site()


@pytest.fixture
def newsroom(site: HomePage) -> Client:
    """The browser of a person of the newsroom."""
    person = UserFactory()
    give_office(by=None, person=person, kind=OfficeKind.NEWSROOM)
    return sign_in(Client(), person)


@pytest.fixture
def news(site: HomePage) -> Callable[..., NewsPage]:
    """`news("Title", language="en")`: the newsroom's own news, live."""
    return news_page


@recorded
def news_page(title: str, language: str = "en", **given: object) -> NewsPage:
    index = NewsIndexPage.objects.get(locale__language_code=language)
    page = NewsPage(title=title, locale=index.locale, lead=f"Lead of {title}", **given)
    index.add_child(instance=page)
    page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)
