"""Forms for people's own details, passkeys, their organisation and invitations."""

import datetime
import re
import zoneinfo
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
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from coalition.accounts.actions.organisations import PROFILE_FIELDS
from coalition.accounts.models import (
    REGIONS,
    Language,
    Listing,
    MembershipRole,
    OfficeKind,
    Organisation,
    OrganisationKind,
    User,
)
from coalition.accounts.registry import subject_choices
from coalition.applicants.forms import MailAddressField, validate_single_line
from coalition.core.localized_text import typed_field


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), help_text=_("The invitation works for this address only"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(
        label=_("Role in the organisation"), choices=MembershipRole, initial=MembershipRole.MEMBER
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=Language)


class NewAccountForm(forms.Form):
    """The first visit: name, language and password. The address comes from the invitation."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Four words that do not belong together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return cleaned


class PersonForm(forms.ModelForm[User]):
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_(
            "For urgent approvals. Your organisation sees it, and coordinators who ask your organisation to "
            "approve a text."
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
        help_text=_("Times are shown with their place; this one is yours"),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "phone"]

    def clean_phone(self) -> str:
        phone: str = " ".join(self.cleaned_data["phone"].split())
        if phone and not re.fullmatch(r"\+?[\d ()-]{5,30}", phone):
            raise forms.ValidationError(_("Write a phone number: digits, with +7 or another country."))
        return phone


class OrganisationForm(forms.ModelForm[Organisation]):
    """The profile. `named=False` omits fields that would reveal a name the viewer may not see."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"), choices=REGIONS, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages it works in"),
        choices=Language,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reads = forms.MultipleChoiceField(
        label=_("Languages it reads"),
        choices=Language,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Texts in these languages can be put to it for approval"),
    )

    class Meta:
        model = Organisation
        fields = PROFILE_FIELDS
        widgets = {
            **{f"name_{code}": forms.TextInput(attrs={"lang": code}) for code in Language.values},
            **{
                f"description_{code}": forms.Textarea(attrs={"rows": 3, "lang": code})
                for code in Language.values
            },
            "initials": forms.TextInput(attrs={"maxlength": 3}),
        }
        help_texts = {"initials": _("One to three letters for its square; left empty, they follow the name")}

    def __init__(self, *args: Any, named: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [*self.fields]:
            if name.startswith("name_"):
                typed_field(self.fields, name, forms.CharField).max_length = 200
                self.fields[name].validators.append(_max_length_validator(200))
            if name.startswith("description_"):
                self.fields[name].validators.append(_max_length_validator(2000))
            if not named and name.startswith(("name_", "description_", "initials", "website", "regions")):
                del self.fields[name]


class FirstListingForm(forms.Form):
    listing = forms.ChoiceField(
        label=_("How it may be named"),
        choices=Listing,
        initial=Listing.WITHHELD,
        widget=forms.RadioSelect,
        help_text=_("Withhold the name unless the organisation has said that it may be told"),
    )


class NewOrganisationForm(OrganisationForm, FirstListingForm):
    """The profile of a new organisation, with its listing."""


class ListingForm(forms.Form):
    listing = forms.ChoiceField(label=_("How it may be named"), choices=Listing, widget=forms.RadioSelect)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role in the organisation"), choices=MembershipRole)


class MandateForm(forms.Form):
    """A mandate; its dates are whole days in the person's time zone."""

    subject = forms.ChoiceField(label=_("Kind of text"), required=False)
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zoneinfo.ZoneInfo(time_zone)
        typed_field(self.fields, "subject", forms.ChoiceField).choices = [
            ("", _("Every kind of text")),
            *subject_choices(),
        ]

    def period(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Return the first moment of the first day and the last moment of the last one."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        start = datetime.datetime.combine(first, datetime.time.min, self.zone)
        return start, datetime.datetime.combine(last, datetime.time.max, self.zone)


class OfficeForm(forms.Form):
    """An office that the secretariat gives to a person with an account."""

    email = forms.EmailField(label=_("E-mail of the person"))
    kind = forms.ChoiceField(
        label=_("Office"),
        choices=[(kind.value, kind.label) for kind in OfficeKind if kind is not OfficeKind.PRESS_OFFICER],
    )


def _max_length_validator(length: int) -> Any:
    def check(text: str) -> None:
        if len(text) > length:
            raise forms.ValidationError(
                _("At most %(length)s characters; this has %(has)s."),
                params={"length": length, "has": len(text)},
            )

    return check


class RequestForm(forms.Form):
    name = forms.CharField(
        label=_("Name of your organisation or group"), max_length=200, validators=[validate_single_line]
    )
    region = forms.ChoiceField(
        label=_("Where you work"),
        required=False,
        choices=[("", _("All of Kazakhstan, or elsewhere")), *REGIONS.items()],
    )
    why = forms.CharField(
        label=_("What you do, and why you would like to join"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Representatives of member organisations read this and the name, and nobody else."),
    )
    contact = forms.CharField(
        label=_("Contact person"),
        max_length=120,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = MailAddressField(
        label=_("E-mail of the contact person"),
        help_text=_("Only the secretariat sees it. We send a link there to confirm the request."),
    )


class AcceptForm(FirstListingForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind)
    field_order = ["kind", "listing"]


class DeclineForm(forms.Form):
    words = forms.CharField(
        label=_("What they are told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The contact person gets these words by mail."),
    )


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
