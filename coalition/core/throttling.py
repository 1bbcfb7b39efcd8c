"""Limits for people without an account: per network, per kind of request, and per mailbox.

No network address is stored or logged: what is counted for an hour is a keyed hash of it.
"""

import datetime
import ipaddress
import logging
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused

HOUR = datetime.timedelta(hours=1)
MOST_FROM_ONE_PLACE = 10  # an hour; an office shares an address
MOST_AN_HOUR = 300  # new requests for one thing: more is not people
LINKS_A_DAY = 3  # mails to one address

logger = logging.getLogger(__name__)


class TooManyRequests(Refused):
    """More requests within an hour than people make."""

    def __init__(self) -> None:
        super().__init__(_("So many have asked within an hour that we cannot take more. Try again later."))


def fingerprint(words: str, *, key: str | None = None) -> str:
    """A keyed hash by which the same address is found again, and nothing is read. `key`: SECRET_KEY, or a
    former one."""
    plain = words.strip().lower()
    return salted_hmac("coalition.strangers", plain, secret=key, algorithm="sha256").hexdigest()


def unmap_ipv4(ip: str) -> str:
    """Return the IPv4 address that an IPv6 socket shows as `::ffff:a.b.c.d`; any other one as it is."""
    try:
        mapped = getattr(ipaddress.ip_address(ip), "ipv4_mapped", None)
    except ValueError:
        return ip
    return str(mapped or ip)


def network_of(ip: str) -> str:
    """Return what counts as one network: an IPv4 address, or the first 48 bits of an IPv6 address.

    A site gets up to a /48 (RFC 6177), so that all of its networks are one.
    """
    plain = unmap_ipv4(ip)
    if ":" not in plain:
        return plain
    return str(ipaddress.ip_network(f"{plain}/{settings.ALLAUTH_RATE_LIMIT_IPV6_PREFIX}", strict=False))


def is_rate_limited(request: HttpRequest, what: str, most: int = MOST_FROM_ONE_PLACE) -> bool:
    """Count one more attempt from this network; whether it is one too many within the hour.

    Without a cache nothing is counted here: the database's own limits hold in any case.
    """
    place = fingerprint(network_of(get_adapter().get_client_ip(request)))
    key = f"stranger:{what}:{place}"
    try:
        cache.add(key, 0, int(HOUR.total_seconds()))
        return int(cache.incr(key)) > most
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep anyone away
        logger.info("the cache did not count")
        return False


def refuse_flood[M: Model](rows: QuerySet[M]) -> None:
    """Raise TooMany if MOST_AN_HOUR or more of the rows were written within an hour (`written_at`)."""
    if rows.filter(written_at__gt=now() - HOUR).count() >= MOST_AN_HOUR:
        raise TooManyRequests


def queue_few_a_day(queue: Callable[[str], bool]) -> None:
    """Queue a mail under the first free key of the day, LINKS_A_DAY keys at most.

    Somebody who types another person's address again and again must not fill that mailbox. `queue` gets the
    key's ending and returns whether there was no mail under it.
    """
    for ending in daily_key_endings():
        if queue(ending):
            return


def daily_key_endings() -> list[str]:
    """Return how the keys of `few_a_day` end today."""
    day = now().date().isoformat()
    return [f"{day}:{number}" for number in range(LINKS_A_DAY)]
