"""allauth's two adapters: no open sign-up, mail through the outbox, encrypted secrets."""

from functools import lru_cache
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext

from coalition.accounts.models import User
from coalition.accounts.queries import account_for_address, has_access
from coalition.accounts.sign_in import (
    has_session_in_network,
    known_device,
    normalize_login_address,
    remember_device,
)
from coalition.core.throttling import network_of, unmap_ipv4
from coalition.mail import outbox

# Context that our mails use; allauth's also has the request, the visitor's address and browser.
MAIL_CONTEXT_KEYS = ("password_reset_url", "activate_url", "from_email", "to_email", "deleted_email")
# Names in settings.ACCOUNT_RATE_LIMITS, as keyword arguments for allauth's functions.
LOGIN_FAILURES_ANYWHERE = {"app": "allauth.account", "action": "login_failed_anywhere"}
LOGIN_FAILURES_ON_DEVICE = {"app": "allauth.account", "action": "login_failed_device"}


class AccountAdapter(DefaultAccountAdapter):
    guessed_too_often = False  # limit over all networks is exceeded, but this attempt is checked anyway

    def get_client_ip(self, request: HttpRequest) -> str:
        return unmap_ipv4(super().get_client_ip(request))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **words: Any) -> HttpResponse | None:
        """Refuse a session, with a message, to a person with the right password but no access."""
        refusal: HttpResponse | None = super().pre_login(request, user, **words)
        if refusal is None and not has_access(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return refusal

    def post_login(self, request: HttpRequest, user: User, **words: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **words)
        remember_device(response, user)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return a key of the account, however its address is spelled, and the client's network.

        allauth's own key contains the host name sent by the browser, so each name would allow more
        guesses. It contains no network, so a stranger's guesses would lock the person out everywhere.
        """
        return f"{_login_account(credentials)}:{self._network(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Raises ValidationError if it is one too many.

        A browser in which the person signed in before has only its own counter. Other attempts count
        per network and over all networks. Once the latter limit is exceeded, only attempts from a
        network with a session of the person are checked.
        """
        person = account_for_address(_login_address(credentials))
        device = known_device(request, person)
        if device is not None:
            self._login_failed_rl_usage = ratelimit.consume(request, key=device, **LOGIN_FAILURES_ON_DEVICE)
            if self._login_failed_rl_usage is None:
                raise self.validation_error("too_many_login_attempts")
            return
        super().pre_authenticate(request, **credentials)
        anywhere = ratelimit.consume(request, key=_login_account(credentials), **LOGIN_FAILURES_ANYWHERE)
        if anywhere is not None:
            self._login_failed_rl_usage.usage += anywhere.usage  # a right password resets both
            return
        self.guessed_too_often = True
        if not has_session_in_network(person, self._network(request)):
            make_password(credentials.get("password"))  # takes as long as a password check
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer a wrong password as for every other network while the overall limit is exceeded.

        Otherwise somebody in the person's network would learn that they have an account and sign in
        there. Raises ValidationError.
        """
        super().authentication_failed(request, **credentials)
        if self.guessed_too_often:
            raise self.validation_error("too_many_login_attempts")

    def _network(self, request: HttpRequest) -> str:
        return network_of(self.get_client_ip(request))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, key=_login_account(credentials), **LOGIN_FAILURES_ANYWHERE)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Return the reauthentication methods; passkeys are labelled as on the other pages."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        passkey = {"description": gettext("Use a passkey")}
        return [one | (passkey if one["id"].endswith(":webauthn") else {}) for one in methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue `mail/account/<name>` for `account/email/<name>` and `mfa/email/<name>`.

        The person's own address is looked up again when sending; another one (being verified, or
        theirs until now) is stored as given.
        """
        if template_prefix.endswith("/unknown_account"):
            # The mail that a known address would get, without a recipient: it is dropped on sending.
            # Otherwise the response time would reveal who has an account.
            outbox.queue_mail(
                key=f"account:{uuid4()}",
                template="account/password_reset_key",
                language=get_language() or settings.LANGUAGE_CODE,
                person=uuid4(),
                context={"password_reset_url": str(context.get("signup_url", ""))},
            )
            return
        person = context.get("user")
        person = person if isinstance(person, User) else account_for_address(email)
        own = person is not None and person.email.lower() == email.lower()
        outbox.queue_mail(
            key=f"account:{uuid4()}",
            template=f"account/{template_prefix.rpartition('/')[2]}",
            language=person.language if person is not None else get_language() or settings.LANGUAGE_CODE,
            person=person.uuid if own and person is not None else None,
            address="" if own else email,
            context={name: str(context[name]) for name in MAIL_CONTEXT_KEYS if name in context},
        )


def _login_address(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


def _login_account(credentials: dict[str, Any]) -> str:
    return normalize_login_address(_login_address(credentials))


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts secrets of authenticator apps with a separate key; the newest key encrypts."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the relying party: devices display the site's name; passkeys are bound to its host."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

    def encrypt(self, text: str) -> str:
        return _fernet(tuple(settings.TOTP_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet(tuple(settings.TOTP_KEYS)).decrypt(encrypted_text.encode()).decode()


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
