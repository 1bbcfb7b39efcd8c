"""allauth's two adapters: no open sign-up, mail through the outbox, secrets sealed."""

from functools import lru_cache
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from coalition.outbox import mail
from coalition.partners.models import User
from coalition.partners.queries import account_of, may_enter

# What our mails say; allauth's context also holds the request, the visitor's address and browser.
SAID = ("password_reset_url", "activate_url", "from_email", "to_email", "deleted_email")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **words: Any) -> HttpResponse | None:
        """Who gave the right password but belongs nowhere any more is told so, and gets no session."""
        refusal: HttpResponse | None = super().pre_login(request, user, **words)
        if refusal is None and not may_enter(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return refusal

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue `mail/account/<name>` for `account/email/<name>` and `mfa/email/<name>`.

        To the person's own address it is looked up again when sending; another one (an address that is
        being proved, or was until now theirs) is kept as given.
        """
        person = context.get("user")
        person = person if isinstance(person, User) else account_of(email)
        own = person is not None and person.email.lower() == email.lower()
        mail.queue(
            key=f"account:{uuid4()}",
            template=f"account/{template_prefix.rpartition('/')[2]}",
            language=person.language if person is not None else get_language() or settings.LANGUAGE_CODE,
            person=person.uuid if own and person is not None else None,
            address="" if own else email,
            context={name: str(context[name]) for name in SAID if name in context},
        )


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are kept under a key of their own; the newest one encrypts."""

    def encrypt(self, text: str) -> str:
        return _fernet(tuple(settings.TOTP_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet(tuple(settings.TOTP_KEYS)).decrypt(encrypted_text.encode()).decode()


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
