"""Sign-in: throttling by address, known devices, password rules, session check.

The cookie follows OWASP, "Slow Down Online Guessing Attacks with Device Cookies". It is not stored
on the server, and the only list of networks is that of the current sessions.

Second factor: who needs one, when a session counts as verified, the maximum session age.

Receivers of signals, since allauth offers no other hook after storing an app or a password.
"""

import hashlib
import logging
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from coalition.accounts.actions.memberships import end_sessions
from coalition.accounts.models import User
from coalition.accounts.queries import approves_for_an_organisation, has_access
from coalition.accounts.registry import registered_rule_needs_second_factor
from coalition.core.throttling import network_of
from coalition.realtime.backend import FORBIDDEN, SIGNED_OUT, SessionState


def normalize_login_address(address: str) -> str:
    """Return the address without differences that a reader, mail server or database might ignore.

    Case, accents, full-width letters and invisible characters create no separate account to guess at.
    Addresses that differ only in these share one counter.
    """
    decomposed = unicodedata.normalize("NFKD", address.casefold())
    visible = (one for one in decomposed if unicodedata.category(one) not in {"Mn", "Me", "Cf", "Cc", "Zs"})
    return unicodedata.normalize("NFKC", "".join(visible)).casefold()


_SALT: Final = "coalition.known_device"


def remember_device(response: HttpResponse, person: User) -> None:
    """Set a cookie, valid for a year, that marks this browser as one in which the person signed in.

    A new password, or signing out everywhere, invalidates it: both change the hash in it.
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
    response.delete_cookie(settings.KNOWN_DEVICE_COOKIE_NAME, samesite="Lax")


def known_device(request: HttpRequest, person: User | None) -> str | None:
    """Return the browser's random name if the person signed in with it before; else None."""
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
    """Return whether a current session of the person was used from this network."""
    known = UserSession.objects.filter(user=person).values_list("ip", flat=True)
    return any(network_of(ip) == network for ip in known)


def _device_proof(device: str, person: User, auth_hash: str) -> str:
    return hashlib.sha256(f"{device}:{person.uuid}:{auth_hash}".encode()).hexdigest()


# Listed in docs/limits.md.
COMMON_WORDS: Final = (
    "қорғау",
    "корғау",
    "коргау",
    "qorghau",
    "qorgau",
    "korgau",
    "korghau",
    "coalition",
    "коалиция",
    "campaign",
    "кампания",
    "науқан",
    "statement",
    "article",
    "статья",
    "бап",
    "password",
    "пароль",
    "құпиясөз",
)

MIN_OTHER_LETTERS: Final = 6  # letters besides these words, digits and signs

_COMMON_WORDS_PATTERN: Final = re.compile(
    "|".join(sorted((normalize_login_address(word) for word in COMMON_WORDS), key=len, reverse=True))
)


class NoWordsOfTheCoalition:
    """Requires a few letters besides these words, digits and signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError if the password is little more than such words."""
        plain = normalize_login_address(password)
        rest = re.sub(r"[\W\d_]", "", _COMMON_WORDS_PATTERN.sub("", plain))
        if _COMMON_WORDS_PATTERN.search(plain) and len(rest) < MIN_OTHER_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_of_the_coalition")

    def get_help_text(self) -> str:
        return _("A password must not be little more than the name or the words of the coalition.")


def read_session_state(session_key: str) -> SessionState:
    """Reload the session from the database, as a page request would."""
    session = SessionStore(session_key or None)
    owner: str = session.get(SESSION_KEY) or ""
    person = User.objects.filter(pk=owner).first() if owner else None
    if person is None or BACKEND_SESSION_KEY not in session:
        return SessionState(close_code=SIGNED_OUT, reason="signed out")
    given = session.get(HASH_SESSION_KEY) or ""
    fits = any(
        constant_time_compare(given, known)
        for known in (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())
    )
    if not fits or is_session_expired(session) or not has_access(person):
        return SessionState(close_code=SIGNED_OUT, reason="signed out")
    if not has_second_factor(session) and needs_second_factor(person):
        return SessionState(close_code=FORBIDDEN, reason="second factor needed")
    return SessionState(user_id=person.pk)


SESSION_METHODS_KEY = "account_authentication_methods"  # allauth's session key: the methods used to sign in
SESSION_METHODS_USER_KEY = "account_authentication_methods_user"  # and by whom


def has_second_factor(session: Mapping[str, Any]) -> bool:
    """Whether the session's person gave a code, a recovery code or a passkey in this session."""
    if not session.get(SESSION_METHODS_USER_KEY) or session.get(SESSION_METHODS_USER_KEY) != session.get(
        SESSION_KEY
    ):
        return False
    methods = session.get(SESSION_METHODS_KEY, [])
    return any(isinstance(method, dict) and method.get("method") == "mfa" for method in methods)


def is_session_expired(session: Mapping[str, Any]) -> bool:
    """Whether the session is past its maximum age; reauthentication does not extend it."""
    given = [one.get("at", 0) for one in session.get(SESSION_METHODS_KEY, []) if isinstance(one, dict)]
    return bool(given) and min(given) < time.time() - settings.SESSION_LONGEST


def needs_second_factor(person: User) -> bool:
    """Whether the person has a role that needs one.

    These are representatives, alternates, mandate holders, office holders, superusers, and what higher
    layers register. Costs at most one query here and one in each registered layer. Demo accounts sign
    in without one, and only in the demo.
    """
    if settings.DEMO and person.is_demo:
        return False
    if person.is_superuser or approves_for_an_organisation(person):
        return True
    return registered_rule_needs_second_factor(person)


def mark_second_factor_proved(
    sender: object,
    *,
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    **_rest: Any,
) -> None:
    """Record the verification in the session; recovery codes alone do not count."""
    if authenticator.type in {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def end_sessions_after_password_change(sender: object, *, user: User, **_rest: Any) -> None:
    """End everything opened with the old password: pages, sockets, stolen sessions, also this one."""
    end_sessions([user], reason="password changed")


# Operator log of sign-ins, sign-outs, failures, and new passwords and factors. A person is logged by
# primary key, which means nothing outside the database. The typed address is not logged, since it may be
# a password in the wrong field.
logger = logging.getLogger(__name__)


def log_sign_in(sender: object, *, request: HttpRequest, user: User, **_rest: Any) -> None:
    records = request.session.get(SESSION_METHODS_KEY, [])
    ways = [":".join(filter(None, (one.get("method"), one.get("type")))) for one in records]
    logger.info("signed in: %s by %s", user.uuid, ", ".join(ways) or "nothing that is recorded")


def log_sign_out(sender: object, *, user: User | None, **_rest: Any) -> None:
    if user is not None:
        logger.info("signed out: %s", user.uuid)


def log_failed_sign_in(sender: object, **_rest: Any) -> None:
    logger.warning("a sign-in failed")


SECURITY_EVENTS: dict[Signal, str] = {
    authentication_failed: "second factor refused",  # after a right password, which another may have
    authenticator_added: "second factor added",
    authenticator_removed: "second factor taken away",
    password_changed: "new password",
    password_reset: "new password",
    password_set: "new password",
}


def log_security_event(sender: object, *, signal: Signal, user: User, **_rest: Any) -> None:
    logger.warning("%s: %s", SECURITY_EVENTS[signal], user.uuid)
