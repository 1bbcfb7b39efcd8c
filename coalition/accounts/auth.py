"""Authentication by e-mail address, for people with access. Sessions store the path of this class."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from coalition.accounts.models import User
from coalition.accounts.queries import get_person_with_access, has_access


class PersonBackend(AuthenticationBackend):
    """allauth's backend, with a check on every request whether the person still has access."""

    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, User) and has_access(user)

    def get_user(self, user_id: int) -> User | None:
        return get_person_with_access(user_id)
