"""People from outside without an account: how often they may ask, and how an address is known again.

No network address is kept or logged: what is counted for an hour is a keyed hash of it.
"""

import logging

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

HOUR = 60 * 60
MOST_FROM_ONE_PLACE = 10  # an office shares an address

logger = logging.getLogger(__name__)


def fingerprint(words: str) -> str:
    """A keyed hash by which the same address is found again, and nothing is read."""
    return salted_hmac("coalition.strangers", words.strip().lower(), algorithm="sha256").hexdigest()


def one_line(name: str) -> None:
    """A field's validator: a name stands in mails that we send, so it brings neither lines nor addresses of
    its own. Raises ValidationError."""
    if len(name.splitlines()) > 1:
        raise ValidationError(_("Write it in one line."))
    lower = name.lower()
    if "://" in lower or "www." in lower:
        raise ValidationError(_("Write the name only, without an address of a website."))


def too_often(request: HttpRequest, what: str, most: int = MOST_FROM_ONE_PLACE) -> bool:
    """Count one more attempt from this place; whether it is one too many within the hour.

    Without a cache nothing is counted here: the database's own limits hold in any case.
    """
    place = fingerprint(get_adapter().get_client_ip(request))
    key = f"stranger:{what}:{place}"
    try:
        cache.add(key, 0, HOUR)
        return int(cache.incr(key)) > most
    except Exception:  # noqa: BLE001  a cache that is away, whatever kind it is, must not keep anyone away
        logger.info("the cache did not count")
        return False
