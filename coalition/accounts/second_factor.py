"""Who must have a second factor, whether a session was opened with one, and whether it is over."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY

from coalition.accounts.models import User
from coalition.accounts.queries import approves_for_an_organisation
from coalition.accounts.registry import registered_rule_needs_second_factor

SESSION_METHODS_KEY = "account_authentication_methods"  # allauth's record of how the session was opened
SESSION_METHODS_USER_KEY = "account_authentication_methods_user"  # and by whom


def has_second_factor(session: Mapping[str, Any]) -> bool:
    """Whether a code, a recovery code or a passkey was given in this session, by the person it is of."""
    if not session.get(SESSION_METHODS_USER_KEY) or session.get(SESSION_METHODS_USER_KEY) != session.get(
        SESSION_KEY
    ):
        return False
    methods = session.get(SESSION_METHODS_KEY, [])
    return any(isinstance(method, dict) and method.get("method") == "mfa" for method in methods)


def is_session_expired(session: Mapping[str, Any]) -> bool:
    """Whether the session was opened longer ago than any may last; proving again makes it no younger."""
    given = [one.get("at", 0) for one in session.get(SESSION_METHODS_KEY, []) if isinstance(one, dict)]
    return bool(given) and min(given) < time.time() - settings.SESSION_LONGEST


def needs_second_factor(person: User) -> bool:
    """Representatives, alternates, mandate holders, every office, superusers, and what higher layers name.

    Costs at most one query here and one in each registered layer. The accounts of the demo sign in
    without one, and only in the demo.
    """
    if settings.DEMO and person.is_demo:
        return False
    if person.is_superuser or approves_for_an_organisation(person):
        return True
    return registered_rule_needs_second_factor(person)
