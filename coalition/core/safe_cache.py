"""Small things that may be forgotten: the cache, whose absence keeps no page away."""

import logging
from typing import Any

from django.core.cache import cache

logger = logging.getLogger(__name__)


def away() -> tuple[type[Exception], ...]:
    """Faults of the caches that there are: in this process, which has none, and Redis. Asked for once there
    is a fault, so that a server without Redis does not load its client."""
    from redis.exceptions import RedisError  # not before there is a fault

    return OSError, RedisError


def remember(key: str, value: object, *, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except away():
        logger.info("the cache did not take it")


def recall(key: str) -> Any:
    """What was remembered, or None: it is over, or the cache does not answer."""
    try:
        return cache.get(key)
    except away():
        logger.info("the cache did not answer")
        return None


def forget(key: str) -> None:
    try:
        cache.delete(key)
    except away():
        logger.info("the cache did not forget it")
