"""Marks the second factor as verified on enrolment: an app requires its code, a passkey its device.

A signal, since allauth offers no other hook between storing the app and displaying recovery codes.
"""

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from coalition.accounts.actions.people import end_sessions
from coalition.accounts.models import User
from coalition.accounts.second_factor import SESSION_METHODS_KEY


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


# --- password changes ---
# A new password ends everything opened with the old one: pages, sockets, stolen sessions. A signal, since
# allauth offers no other hook after storing the password, by change or by mail.


def end_sessions_after_password_change(sender: object, *, user: User, **_rest: Any) -> None:
    """End every session of the person, on every device, including this one."""
    end_sessions([user], reason="password changed")


# --- sign in log ---
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


def log_refused_code(sender: object, *, user: User, **_rest: Any) -> None:
    """Log a refused code after a right password: somebody else may have the password."""
    logger.warning("second factor refused: %s", user.uuid)


def log_new_password(sender: object, *, user: User, **_rest: Any) -> None:
    logger.warning("new password: %s", user.uuid)


def log_factor_added(sender: object, *, user: User, **_rest: Any) -> None:
    logger.warning("second factor added: %s", user.uuid)


def log_factor_removed(sender: object, *, user: User, **_rest: Any) -> None:
    logger.warning("second factor taken away: %s", user.uuid)
