"""allauth's passkey forms with our texts: adding, renaming, using one."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    """Adds a key that requires a finger, a face or a PIN, so that it is both factors at once.

    `clean` raises ValidationError if the device did not verify the user.
    """

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you know it again among others: “My phone”."),
    )
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {**kwargs.get("initial", {}), "name": ""}
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        return name or gettext("Passkey")

    def clean_passwordless(self) -> bool:
        return True  # ignores the posted value


class EditPasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"), max_length=60)


class GivenPasskey(AuthenticateWebAuthnForm):
    """Validates the device's response. allauth's message would speak of a wrong code."""

    def clean_credential(self) -> Authenticator:
        try:
            given: Authenticator = super().clean_credential()
        except ValidationError as refused:
            if refused.code == "incorrect_code":
                raise ValidationError(
                    _("This passkey opens nothing here. It may have been taken away.")
                ) from refused
            raise
        return given


class SignInPasskeyForm(GivenPasskey, LoginWebAuthnForm):
    """Passkey in place of password and code."""


class PasskeyAgainForm(GivenPasskey, ReauthenticateWebAuthnForm):
    """Passkey reauthentication of a signed-in person."""
