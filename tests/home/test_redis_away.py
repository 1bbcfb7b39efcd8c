"""Public pages need no Redis, also where this process has nothing in memory yet; signing in does."""

import pytest

from coalition.core import safe_cache
from documents.publication.actions import publish_approved
from home.models import NewsPage
from tests.documents.approval.builders import stage
from tests.home.pictured import round_with_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_away(settings, monkeypatch):
    """`redis_away()`: from now on nothing listens where Redis is meant to be, and nothing is in memory."""

    def take_away() -> None:
        monkeypatch.setattr(safe_cache, "_retry_at", {})
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        settings.CACHES = settings.CACHES | {
            "default": {"BACKEND": "coalition.core.safe_cache.RedisCache", "LOCATION": settings.REDIS_URL}
        }

    return take_away


def test_public_pages_are_served_without_redis(site, client, news, redis_away):
    made = stage(3)
    publication = publish_approved(access=made.access, round_=round_with_picture(made))
    article = NewsPage.objects.get(publication=publication, locale__language_code="kk").get_url()
    news("Own")
    redis_away()
    for address in ("/kk/", "/ru/", "/en/", "/en/news/", "/en/events/", article):
        assert client.get(address).status_code == 200, address
    shown = client.get(article).content.decode()
    assert "<img" in shown


def test_nobody_signs_in_without_redis(client, site, redis_away):
    redis_away()
    client.raise_request_exception = False
    answer = client.post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    assert answer.status_code == 503


def test_readiness_names_redis_and_stays_ready(client, site, redis_away):
    """Every public page is served without it, so no load balancer may take the process out."""
    redis_away()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok, but away: redis\n")


def test_readiness_names_both_what_is_needed_and_what_is_only_missed(client, site, redis_away, monkeypatch):
    from home.views import root as views_root  # its table of checks is what is broken here

    redis_away()
    monkeypatch.setitem(views_root._CHECKS, "database", lambda: 1 / 0)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready: database; also away: redis\n")
