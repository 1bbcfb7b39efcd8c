"""Throttling of people without an account, and the tokens of their links.

No network address is stored or logged: counters, kept for an hour, use a keyed hash of it.
"""

import base64
import datetime
import hashlib
import ipaddress
import logging
from collections.abc import Callable
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused

HOUR = datetime.timedelta(hours=1)
MOST_FROM_ONE_PLACE = 10  # per hour; an office shares an address
MOST_AN_HOUR = 300  # new requests for one thing: a higher rate is abuse
LINKS_A_DAY = 3  # mails to one address

logger = logging.getLogger(__name__)


class TooManyRequests(Refused):
    """More requests within an hour than people make."""

    def __init__(self) -> None:
        super().__init__(_("So many have asked within an hour that we cannot take more. Try again later."))


def fingerprint(words: str, *, key: str | None = None) -> str:
    """Return a keyed, irreversible hash of an address. `key`: SECRET_KEY, or a former one."""
    plain = words.strip().lower()
    return salted_hmac("coalition.strangers", plain, secret=key, algorithm="sha256").hexdigest()


def unmap_ipv4(ip: str) -> str:
    """Return the IPv4 address of an IPv4-mapped one (`::ffff:a.b.c.d`); any other one unchanged."""
    try:
        mapped = getattr(ipaddress.ip_address(ip), "ipv4_mapped", None)
    except ValueError:
        return ip
    return str(mapped or ip)


def network_of(ip: str) -> str:
    """Return the network of the address: an IPv4 address, or the first 48 bits of an IPv6 address.

    A site gets up to a /48 (RFC 6177), so all of its networks count as one.
    """
    plain = unmap_ipv4(ip)
    if ":" not in plain:
        return plain
    return str(ipaddress.ip_network(f"{plain}/{settings.ALLAUTH_RATE_LIMIT_IPV6_PREFIX}", strict=False))


def is_rate_limited(request: HttpRequest, what: str, most: int = MOST_FROM_ONE_PLACE) -> bool:
    """Count an attempt from this network; return whether it exceeds the limit per hour.

    Without a cache nothing is counted here: the database's own limits apply in any case.
    """
    place = fingerprint(network_of(get_adapter().get_client_ip(request)))
    key = f"stranger:{what}:{place}"
    try:
        cache.add(key, 0, int(HOUR.total_seconds()))
        return int(cache.incr(key)) > most
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep anyone away
        logger.info("the cache did not count")
        return False


def refuse_flood[M: Model](rows: QuerySet[M], most: int = 0) -> None:
    """Raise TooManyRequests if `most` (0: MOST_AN_HOUR) rows or more were written within an hour."""
    if rows.filter(written_at__gt=now() - HOUR).count() >= (most or MOST_AN_HOUR):
        raise TooManyRequests


def queue_few_a_day(queue: Callable[[str], bool]) -> None:
    """Queue a mail under the first free key of the day, LINKS_A_DAY keys at most.

    Somebody who repeatedly types another person's address must not flood that mailbox. `queue` gets the
    key's suffix and returns whether there was no mail under it.
    """
    for ending in daily_key_endings():
        if queue(ending):
            return


def daily_key_endings() -> list[str]:
    """Return the key suffixes of `queue_few_a_day` for today."""
    day = localdate(now()).isoformat()
    return [f"{day}:{number}" for number in range(LINKS_A_DAY)]


def hash_token(token: str) -> str:
    """Return the hash to store. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def lookup_keys() -> list[str]:
    """Return the keys used for hashes and tokens, the current one first."""
    return [settings.SECRET_KEY, *settings.FORMER_SECRET_KEYS]


def derive_token(purpose: str, name: str | UUID, *, known_hash: str = "") -> str:
    """Return the token of one thing, the same at every call, so that each mail about it can contain it.

    Derived with the site's SECRET_KEY; `purpose` separates the tokens of different kinds of links.
    `known_hash`: its stored hash (`hash_token`). If a former key made it, that key's token is returned.
    """
    digests = (
        salted_hmac(purpose, str(name), secret=key, algorithm="sha256").digest() for key in lookup_keys()
    )
    tokens = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in digests]
    return next((one for one in tokens if known_hash == hash_token(one)), tokens[0])
