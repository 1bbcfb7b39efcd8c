"""What is remembered may be forgotten: a cache that is away keeps no page away."""

import pytest

from coalition.core.safe_cache import forget, recall, remember


def test_what_is_remembered_is_recalled_until_it_is_forgotten() -> None:
    remember("one", 7, seconds=60)
    assert recall("one") == 7
    forget("one")
    assert recall("one") is None


def test_a_redis_that_is_away_is_a_memory_that_is_empty(settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "coalition.core.safe_cache")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    remember("one", 7, seconds=60)
    assert recall("one") is None
    forget("one")
    assert len(caplog.records) == 3
