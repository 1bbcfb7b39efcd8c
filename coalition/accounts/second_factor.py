"""Second factor: who needs one, whether a session verified one, and the maximum session age."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY

from coalition.accounts.models import User
from coalition.accounts.queries import approves_for_an_organisation
from coalition.accounts.registry import registered_rule_needs_second_factor

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
