"""Small things that may be forgotten: the cache, whose absence keeps no page away."""

import logging
from typing import Any

from django.core.cache import cache

logger = logging.getLogger(__name__)


def remember(key: str, value: object, *, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep a page away
        logger.info("the cache did not take it")


def recall(key: str) -> Any:
    """What was remembered, or None: it is over, or the cache does not answer."""
    try:
        return cache.get(key)
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep a page away
        logger.info("the cache did not answer")
        return None


def forget(key: str) -> None:
    try:
        cache.delete(key)
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep a page away
        logger.info("the cache did not forget it")
