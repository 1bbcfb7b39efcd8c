"""Redis cache: forgettable keys are misses while Redis is unavailable, all others raise.

Public pages cache what Wagtail could read from the database: site paths, image renditions. Those
pages need no Redis. Counters of sign-in attempts and used codes live in the same cache and must be
correct: without Redis they raise, and the response is 503 (`coalition.core.infra_errors`).
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache

FAIL_SOFT_PREFIX: Final = "forgettable:"
# Keys whose values are read from the database on a miss: Wagtail's site root paths, names of
# locales and renditions, and those of `cache_set`. Every other key is strict.
FAIL_SOFT_PREFIXES: Final = ("wagtail", FAIL_SOFT_PREFIX)
RETRY_PAUSE_SECONDS: Final = 5.0  # seconds without reads or writes of forgettable keys after a failure

logger = logging.getLogger(__name__)
_retry_at: dict[str, float] = {}  # per server, in seconds of the monotonic clock


class RedisCache(DjangoRedisCache):
    """Django's Redis cache with forgettable keys that do not require Redis.

    While it is unavailable, reading them is a miss and writing them does nothing. After a failure they
    are skipped for `RETRY_PAUSE_SECONDS`, so that a Redis that accepts connections without answering
    costs one page its timeout, not every page. Deletes are always tried, since stale values would be
    read once Redis is back.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._server = server

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask([key], lambda: super(RedisCache, self).get(key, default, version), otherwise=default)

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask([key], lambda: super(RedisCache, self).set(key, value, timeout, version), otherwise=None)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)
        found: dict[str, Any] = self._ask(
            wanted, lambda: super(RedisCache, self).get_many(wanted, version), otherwise={}
        )
        return found

    def set_many(
        self,
        data: Mapping[str, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[str]:
        failed: list[str] = self._ask(
            data, lambda: super(RedisCache, self).set_many(dict(data), timeout, version), otherwise=list(data)
        )
        return failed

    def delete(self, key: str, version: int | None = None) -> bool:
        found = self._ask(
            [key],
            lambda: super(RedisCache, self).delete(key, version),
            otherwise=False,
            despite_pause=True,
        )
        return bool(found)

    def _ask(
        self, keys: Iterable[str], ask: Callable[[], Any], *, otherwise: Any, despite_pause: bool = False
    ) -> Any:
        """Return Redis's answer; `otherwise` if it is unavailable and all `keys` are forgettable."""
        if not all(key.startswith(FAIL_SOFT_PREFIXES) for key in keys):
            return ask()
        if not despite_pause and time.monotonic() < _retry_at.get(self._server, 0.0):
            return otherwise
        try:
            return ask()
        except redis_faults() as fault:
            _retry_at[self._server] = time.monotonic() + RETRY_PAUSE_SECONDS
            logger.warning("Redis does not answer: %s", type(fault).__name__)
            return otherwise


def redis_faults() -> tuple[type[Exception], ...]:
    """Return the cache's exceptions while Redis is unavailable. Call only while handling an error."""
    from redis.exceptions import RedisError  # a server without Redis does not load its client

    return OSError, RedisError


def cache_set(key: str, value: object, *, seconds: int) -> None:
    """Cache a value that may be evicted at any time."""
    cache.set(FAIL_SOFT_PREFIX + key, value, seconds)


def cache_get(key: str) -> Any:
    """Return the cached value, or None: expired, or Redis is unavailable."""
    return cache.get(FAIL_SOFT_PREFIX + key)


def cache_delete(key: str) -> None:
    """Delete the cached value, if Redis answers."""
    cache.delete(FAIL_SOFT_PREFIX + key)
