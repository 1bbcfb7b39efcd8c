"""Signing in and out, failing, and new passwords and factors, in the log of the operator.

A person is told by their number, which means nothing outside of the database; the address that somebody typed
is not told, since it may be a password in the wrong field.
"""

import logging
from typing import Any

from django.http import HttpRequest

from coalition.accounts.models import User
from coalition.accounts.second_factor import METHODS

logger = logging.getLogger(__name__)


def signed_in(sender: object, *, request: HttpRequest, user: User, **_rest: Any) -> None:
    records = request.session.get(METHODS, [])
    ways = [":".join(filter(None, (one.get("method"), one.get("type")))) for one in records]
    logger.info("signed in: %s by %s", user.uuid, ", ".join(ways) or "nothing that is recorded")


def signed_out(sender: object, *, user: User | None, **_rest: Any) -> None:
    if user is not None:
        logger.info("signed out: %s", user.uuid)


def failed(sender: object, **_rest: Any) -> None:
    logger.warning("a sign-in failed")


def code_refused(sender: object, *, user: User, **_rest: Any) -> None:
    """After a password that was right: somebody else may have it."""
    logger.warning("second factor refused: %s", user.uuid)


def new_password(sender: object, *, user: User, **_rest: Any) -> None:
    logger.warning("new password: %s", user.uuid)


def factor_added(sender: object, *, user: User, **_rest: Any) -> None:
    logger.warning("second factor added: %s", user.uuid)


def factor_removed(sender: object, *, user: User, **_rest: Any) -> None:
    logger.warning("second factor taken away: %s", user.uuid)
