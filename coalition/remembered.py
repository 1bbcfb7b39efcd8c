"""Small things that may be forgotten: the cache, whose absence keeps no page away."""

import logging
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

AWAY = (OSError, RedisError)  # the kinds of cache that there are: in this process, which is never, and Redis

logger = logging.getLogger(__name__)


def remember(key: str, value: object, *, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except AWAY:
        logger.info("the cache did not take it")


def recall(key: str) -> Any:
    """What was remembered, or None: it is over, or the cache does not answer."""
    try:
        return cache.get(key)
    except AWAY:
        logger.info("the cache did not answer")
        return None


def forget(key: str) -> None:
    try:
        cache.delete(key)
    except AWAY:
        logger.info("the cache did not forget it")
