"""What somebody types to support an appeal, and what they change later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.regions import REGIONS
from coalition.applicants.mailboxes import mailbox_of
from coalition.applicants.validators import validate_mail_address, validate_person_name
from coalition.campaigns.appeals.actions.confirm import SupportChoices
from coalition.campaigns.appeals.actions.support import SupportAsking, contact_words
from coalition.core.typed_field import own_field

LONGEST_NAME = 120
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3


class NameForm(forms.Form):
    """Two ticks, both off, and the name that either of them needs."""

    is_listed = forms.BooleanField(label=_("Show my name on this page"), required=False)
    in_hand_over = forms.BooleanField(
        label=_("Give my name to those whom the appeal is addressed to"), required=False
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=LONGEST_NAME,
        validators=[validate_person_name],
        help_text=_("Only if you ticked one of the two."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": None}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needs_name = data.get("is_listed") or data.get("in_hand_over")
        if needs_name and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write your name: it is needed for what you ticked."))
        return data

    @property
    def choices(self) -> SupportChoices:
        data = self.cleaned_data
        return SupportChoices(
            name=data["name"], is_listed=data["is_listed"], in_hand_over=data["in_hand_over"]
        )


class SupportForm(NameForm):
    """E-mail and region; everything else may stay as it is. `offered`: organisations that may ask for consent
    to write; `language`: of the page, and of the mail."""

    address = forms.CharField(
        label=_("Your e-mail"),
        max_length=LONGEST_ADDRESS,
        validators=[validate_mail_address],
        help_text=_("We send one mail there, with a link. After you confirm, we erase the address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": None}),
    )
    region = forms.ChoiceField(label=_("Your region"))
    contact = forms.MultipleChoiceField(
        label=_("If you want to hear from an organisation"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only then your address is kept, for this organisation alone, until you end it."),
    )
    field_order = ["address", "region", "is_listed", "in_hand_over", "name", "contact"]

    def __init__(self, *args: Any, offered: list[Organisation], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.language = {str(one.uuid): one for one in offered}, language
        region = own_field(self.fields, "region", forms.ChoiceField)
        region.choices = [("", _("Choose")), *REGIONS.items()]
        if offered:
            contact = own_field(self.fields, "contact", forms.MultipleChoiceField)
            contact.choices = [(str(one.uuid), contact_words(one, language)) for one in offered]
        else:
            del self.fields["contact"]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            mailbox_of(address)
        except ValueError as fault:
            raise forms.ValidationError(_("Enter a valid email address.")) from fault
        return address

    def asking(self, *, place: str, code: str) -> SupportAsking:
        """Return what was typed. Only after `is_valid`."""
        data = self.cleaned_data
        return SupportAsking(
            address=data["address"],
            region=data["region"],
            language=self.language,
            name=data["name"],
            is_listed=data["is_listed"],
            in_hand_over=data["in_hand_over"],
            contact=tuple(self.offered[one] for one in data.get("contact", [])),
            place=place,
            code=code,
        )
