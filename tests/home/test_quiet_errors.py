"""What goes wrong on a quiet page is said as quietly as the rest of it."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from home.views.root import not_found, server_error

pytestmark = pytest.mark.django_db


def is_as_quiet_as_the_rest(answer, settings):
    words = answer.content.decode()
    assert "<title>Information</title>" in words
    assert settings.SITE_NAME not in words
    assert words.count("data-safe-exit") == 2
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_page_that_is_not_there(site, client, settings):
    answer = client.get("/en/help/nothing-of-this-kind/")
    assert answer.status_code == 404
    is_as_quiet_as_the_rest(answer, settings)
    assert 'href="/en/help/"' in answer.content.decode()


def test_elsewhere_the_site_says_its_name(site, client, settings):
    answer = client.get("/en/nothing-of-this-kind/")
    assert answer.status_code == 404
    assert settings.SITE_NAME in answer.content.decode()


def test_an_address_without_a_language_leads_to_one_that_has_it(site, client):
    answer = client.get("/help/", headers={"accept-language": "ru"})
    assert answer.status_code in {301, 302}
    assert answer["Location"].endswith("/ru/help/")


@pytest.mark.parametrize("path", ["/help", "/help/", "/kk/help", "/kk/help/a/?b=c"])
def test_every_way_to_write_the_address_is_answered(path, settings):
    answer = not_found(RequestFactory().get(path), Exception())
    assert answer.status_code == 404
    is_as_quiet_as_the_rest(answer, settings)


@pytest.mark.parametrize(
    ("fault", "status"), [(RuntimeError("canary"), 500), (OperationalError("canary"), 503)]
)
def test_an_error_of_ours(settings, fault, status):
    request = RequestFactory().get("/en/help/")
    try:
        raise fault
    except type(fault):
        answer = server_error(request)
    assert answer.status_code == status
    is_as_quiet_as_the_rest(answer, settings)
    assert "canary" not in answer.content.decode()
