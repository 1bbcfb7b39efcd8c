"""Signing in by e-mail, for people who still have business here."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from coalition.accounts.models import User
from coalition.accounts.queries import get_person_with_access, has_access


class PersonBackend(AuthenticationBackend):
    """allauth's backend, asking at every request whether the person may still enter."""

    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, User) and has_access(user)

    def get_user(self, user_id: int) -> User | None:
        return get_person_with_access(user_id)
