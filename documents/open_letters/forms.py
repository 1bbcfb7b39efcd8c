"""Forms for opening a letter, and for joining one from outside."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.applicants.forms import validate_single_line


class LetterForm(forms.Form):
    """The slug of an open letter, for coordinators."""

    slug = forms.SlugField(
        label=pgettext_lazy("of a page", "Address"),
        max_length=80,
        help_text=_("Latin letters, digits and hyphens. It stays, also when the text is corrected."),
    )
    looks_first = forms.BooleanField(
        label=_("A coordinator looks before a name appears"), required=False, initial=True
    )


class JoinForm(forms.Form):
    """The joining of an organisation from outside."""

    name = forms.CharField(
        label=_("Name of your organisation or group"), max_length=200, validators=[validate_single_line]
    )
    contact = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(
        label=_("Your position there"),
        max_length=120,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("It is shown to the coordinators of this text and nobody else. We send a link there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    authorised = forms.BooleanField(label=_("I am authorised to speak for this organisation"))
    is_listed = forms.BooleanField(
        label=_("Show our name on this page"),
        required=False,
        help_text=_("Without a tick your organisation is counted and not named."),
    )
    logo_allowed = forms.BooleanField(label=_("Our logo may be shown beside our name"), required=False)
