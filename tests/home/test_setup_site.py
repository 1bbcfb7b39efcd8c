"""The site that `setup_site` makes, in three languages."""

import pytest
from django.utils.translation import gettext, override

from home.models import StandardPage
from home.setup_site import PLANNED_PAGES, setup_site

pytestmark = pytest.mark.django_db

TITLES = {"kk": "Коалиция туралы", "ru": "О коалиции", "en": "About the coalition"}


def titles():
    return dict(StandardPage.objects.filter(slug="about").values_list("locale__language_code", "title"))


def test_every_page_of_a_new_site_has_its_title_in_its_own_language(site):
    assert titles() == TITLES
    for planned in PLANNED_PAGES:
        for language in ("kk", "ru"):
            with override(language):
                assert gettext(planned.title) != planned.title


def test_the_page_about_the_coalition_is_not_empty(site, client):
    page = StandardPage.objects.get(slug="about", locale__language_code="ru")
    assert page.lead in client.get("/ru/about/").content.decode()
    assert page.lead


def test_an_english_title_of_an_earlier_release_is_translated_and_an_editors_stays(site):
    StandardPage.objects.filter(slug="about", locale__language_code="ru").update(title=TITLES["en"])
    StandardPage.objects.filter(slug="about", locale__language_code="kk").update(title="Біз туралы")
    setup_site()
    assert titles() == TITLES | {"kk": "Біз туралы"}
