"""Browsers that a person lets be woken, and lets be no longer."""

import hashlib
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import PushSubscription

MOST = 10  # browsers a person; a new one takes the place of the oldest
LONGEST_ADDRESS = 2000


@transaction.atomic
def allow(*, person: User, address: str, session_key: str) -> PushSubscription:
    """Let the browser with this push address be woken, as long as the session stands.

    A browser belongs to who allowed it last. Raises Refused if the address is no address of a push service;
    whether it leads to a place that may be reached is decided at every sending.
    """
    parts = urlsplit(address)
    if len(address) > LONGEST_ADDRESS or parts.scheme != "https" or not parts.hostname or parts.username:
        raise Refused(_("This browser gave no address at which it can be woken."))
    browser, _new = PushSubscription.objects.update_or_create(
        address_hash=_hash(address),
        defaults={
            "person": person,
            "address": address,
            "session_key": session_key,
            "session_round": person.session_round,
            "created_at": now(),
            "pushed_at": None,
        },
    )
    own = PushSubscription.objects.filter(person=person).order_by("-created_at", "-pk")
    PushSubscription.objects.filter(pk__in=list(own.values_list("pk", flat=True)[MOST:])).delete()
    return browser


@transaction.atomic
def renew(*, person: User, address: str, session_key: str) -> bool:
    """The person has come back in a browser that they let be woken before: it counts with the new session.

    Not after signing out everywhere, nor for somebody else. Returns whether it counts.
    """
    browser = PushSubscription.objects.filter(person=person, address_hash=_hash(address)).first()
    if browser is None:
        return False
    if browser.session_round != person.session_round:
        browser.delete()
        return False
    browser.session_key = session_key
    browser.save(update_fields=["session_key"])
    return True


def stop(*, person: User, address: str = "") -> int:
    """Let one browser be woken no longer, or none of the person's. Returns how many there were."""
    rows = PushSubscription.objects.filter(person=person)
    if address:
        rows = rows.filter(address_hash=_hash(address))
    return rows.delete()[0]


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
