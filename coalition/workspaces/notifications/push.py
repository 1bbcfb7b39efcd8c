"""Waking browsers: a push without content. The browser says in its own words that something waits.

With nothing in it there is nothing to encrypt; the site only signs that it is the one who sends (VAPID,
RFC 8292). The addresses come from browsers, so that the fetcher's policy decides where a push may go.
"""

import base64
import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid

from coalition.accounts.queries import has_access
from coalition.core.clock import now
from coalition.core.safe_fetch import AddressPolicy, FetchError, post_empty
from coalition.jobs import scheduler
from coalition.workspaces.models import PushSubscription
from coalition.workspaces.notifications.deliver import PUSH_WORK, quiet_end
from coalition.workspaces.notifications.kinds import get_notification_kind
from coalition.workspaces.notifications.queries import browsers_of, muted_by, settings_of, unread_of

RENEWED = "push_renewed"  # session: the browser has said whether it may still be woken
PUSH_TTL_SECONDS = 24 * 3600  # seconds for which a push service keeps it for a browser that is off
SIGNATURE_SECONDS = 12 * 3600  # seconds, at most 24 hours by RFC 8292
PUSH_TIMEOUT_SECONDS = 5.0  # seconds
GONE = frozenset({404, 410})  # the browser has taken its address back (RFC 8030, 7.3)


class PushFailed(Exception):
    """The push service did not take the push; it is tried again later."""


def public_key() -> str:
    """The key that browsers tie their address to, in URL-safe base64; empty if nobody can be woken."""
    if not settings.VAPID_KEY:
        return ""
    point = _signer().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def wake_browser(key: str, _payload: dict[str, Any]) -> None:
    """Due work: wake the browser with the UUID `key`, if something new waits for its person.

    Session, settings and rights are those of now. Raises NotTaken if it has to be tried again.
    """
    browser = PushSubscription.objects.select_related("person").filter(uuid=key).first()
    if browser is None or not settings.VAPID_KEY:
        return
    if not has_access(browser.person) or not browsers_of([browser.person]).filter(pk=browser.pk).exists():
        return
    moment, wish = now(), settings_of(browser.person)
    waiting = _waiting_kinds(browser)
    quiet = quiet_end(wish, browser.person, moment)
    if quiet is not None and not (
        wish.urgent_passes and any(get_notification_kind(kind).urgent for kind in waiting)
    ):
        scheduler.schedule(kind=PUSH_WORK, key=key, due_at=quiet)
    elif waiting:
        _send(browser)


def _waiting_kinds(browser: PushSubscription) -> set[str]:
    """The kinds of what came since the browser was woken last, is unread and may be seen."""
    since = browser.pushed_at or browser.created_at
    rows = unread_of(browser.person).filter(at__gte=since)
    return set(rows.exclude(workspace__in=muted_by(browser.person)).values_list("kind", flat=True))


def _send(browser: PushSubscription) -> None:
    sent_at = now()
    headers = {
        **_signature(browser.address),
        "TTL": str(PUSH_TTL_SECONDS),
        "Urgency": "normal",
        "Topic": "inbox",
    }
    policy = AddressPolicy(loopback_port=settings.FETCH_LOOPBACK_PORT, ca_file=settings.FETCH_CA_FILE)
    try:
        status = post_empty(browser.address, headers=headers, policy=policy, longest=PUSH_TIMEOUT_SECONDS)
    except FetchError as refusal:
        if refusal.code in {"private", "https", "password"}:
            browser.delete()  # it leads where nothing may be sent, and always will
            return
        raise PushFailed(refusal.code) from refusal
    if status in GONE:
        browser.delete()
    elif status >= 300:
        raise PushFailed(status)
    else:
        browser.pushed_at = sent_at
        browser.save(update_fields=["pushed_at"])


def _signature(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNATURE_SECONDS,
        "sub": f"mailto:{settings.CALENDAR_ADDRESS}",
    }
    signed: dict[str, str] = _signer().sign(claims)
    return signed


def _signer() -> Vapid:
    return Vapid.from_string(settings.VAPID_KEY)
