"""Setting up an app takes a code of it, a passkey its device: the session has its second factor from then on.

A signal, since allauth has no other door between storing the app and showing the recovery codes.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from coalition.accounts.models import User


def count_as_second_factor(
    sender: object,
    *,
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    **_rest: Any,
) -> None:
    """Note in the session that it was proved; recovery codes alone prove nothing."""
    if authenticator.type in {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
