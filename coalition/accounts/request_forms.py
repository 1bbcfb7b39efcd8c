"""What a group from outside says of itself, and what the secretariat decides about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Listing, OrganisationKind
from coalition.accounts.regions import REGIONS
from coalition.applicants.validators import one_line
from coalition.core.typed_field import own_field


class RequestForm(forms.Form):
    name = forms.CharField(
        label=_("Name of your organisation or group"), max_length=200, validators=[one_line]
    )
    region = forms.ChoiceField(label=_("Where you work"), required=False)
    why = forms.CharField(
        label=_("What you do, and why you would like to join"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Representatives of member organisations read this and the name, and nobody else."),
    )
    contact = forms.CharField(
        label=_("Contact person"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail of the contact person"),
        help_text=_("Only the secretariat sees it. We send a link there to confirm the request."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All of Kazakhstan, or elsewhere")), *REGIONS.items()]
        own_field(self.fields, "region", forms.ChoiceField).choices = choices


class AcceptForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind)
    listing = forms.ChoiceField(
        label=_("How it may be named"),
        choices=Listing,
        initial=Listing.WITHHELD,
        widget=forms.RadioSelect,
        help_text=_("Withhold the name unless the organisation has said that it may be told"),
    )


class DeclineForm(forms.Form):
    words = forms.CharField(
        label=_("What they are told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The contact person gets these words by mail."),
    )
