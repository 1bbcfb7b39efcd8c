"""Forgettable keys need no Redis; every other key of the cache does."""

import socket
import time

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from coalition.core import safe_cache
from coalition.core.safe_cache import cache_delete, cache_get, cache_set

BACKEND = "coalition.core.safe_cache.RedisCache"


@pytest.fixture
def away(settings, monkeypatch):
    """`away(location)`: use a Redis that does not answer. Nothing listens at the one that is meant if no
    location is given."""
    monkeypatch.setattr(safe_cache, "_retry_at", {})

    def put(location: str = "redis://127.0.0.1:1/0", **options: object) -> None:
        settings.CACHES = {"default": {"BACKEND": BACKEND, "LOCATION": location, "OPTIONS": options}}

    put()
    return put


def test_what_is_remembered_is_recalled_until_it_is_forgotten() -> None:
    cache_set("one", 7, seconds=60)
    assert cache_get("one") == 7
    cache_delete("one")
    assert cache_get("one") is None


def test_a_redis_that_is_away_is_a_memory_that_is_empty(away, caplog: pytest.LogCaptureFixture) -> None:
    cache_set("one", 7, seconds=60)
    assert cache_get("one") is None
    cache_delete("one")
    assert cache.get("wagtail_site_root_paths", "none") == "none"
    assert cache.get_many(["wagtail-rendition-1", "wagtail-rendition-2"]) == {}
    assert cache.set_many({"wagtail-rendition-1": 1}) == ["wagtail-rendition-1"]
    assert {record.getMessage() for record in caplog.records} == {"Redis does not answer: ConnectionError"}


@pytest.mark.parametrize(
    "use",
    [
        lambda: cache.get("allauth:rl:login"),
        lambda: cache.set("allauth:rl:login", 1),
        lambda: cache.add("wagtail-counter", 1),
        lambda: cache.incr("stranger:login"),
        lambda: cache.get_many(["wagtail-rendition-1", "allauth:rl:login"]),
        lambda: cache.delete("allauth:rl:login"),
    ],
    ids=["get", "set", "add", "incr", "get_many", "delete"],
)
def test_what_has_to_be_true_raises_while_redis_is_away(away, use) -> None:
    with pytest.raises(RedisError):
        use()


def test_a_redis_that_never_answers_is_waited_for_once(away) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        away(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", socket_timeout=0.05)
        begun = time.perf_counter()
        for number in range(40):
            assert cache_get(str(number)) is None
        assert time.perf_counter() - begun < 1.0  # forty timeouts would take two seconds
