"""Browsers and networks in which somebody signed in before: guesses elsewhere do not lock them out.

The cookie follows OWASP, "Slow Down Online Guessing Attacks with Device Cookies". Nothing of it is stored
here, and no list of networks beside that of the sessions there are.
"""

import hashlib
import secrets
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from coalition.accounts.models import User
from coalition.core.throttling import network_of

_SALT: Final = "coalition.known_device"


def remember_device(response: HttpResponse, person: User) -> None:
    """Set the cookie by which this browser is known as one in which the person signed in, for a year.

    A new password, or signing out everywhere, makes it worth nothing: both change the hash in it.
    """
    device = secrets.token_urlsafe(16)
    response.set_signed_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        f"{device}:{_device_proof(device, person, person.get_session_auth_hash())}",
        salt=_SALT,
        max_age=settings.KNOWN_DEVICE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_device_cookie(response: HttpResponse) -> None:
    """Take the cookie away from this browser."""
    response.delete_cookie(settings.KNOWN_DEVICE_COOKIE_NAME, samesite="Lax")


def known_device(request: HttpRequest, person: User | None) -> str | None:
    """Return the random name of the browser, if the person signed in with it before; else None."""
    given = request.get_signed_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME, default="", salt=_SALT, max_age=settings.KNOWN_DEVICE_COOKIE_AGE
    )
    device, _colon, proof = (given or "").partition(":")
    if person is None or not device:
        return None
    hashes = (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())
    fits = any(constant_time_compare(proof, _device_proof(device, person, auth_hash)) for auth_hash in hashes)
    return device if fits else None


def has_session_in_network(person: User | None, network: str) -> bool:
    """Return whether a session of the person was used from this network and is not ended yet."""
    known = UserSession.objects.filter(user=person).values_list("ip", flat=True)
    return any(network_of(ip) == network for ip in known)


def _device_proof(device: str, person: User, auth_hash: str) -> str:
    return hashlib.sha256(f"{device}:{person.uuid}:{auth_hash}".encode()).hexdigest()
