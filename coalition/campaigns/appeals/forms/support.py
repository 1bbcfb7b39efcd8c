"""What somebody types to support an appeal, and what they change later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.regions import REGIONS
from coalition.applicants.form_fields import MailAddressField, PersonNameField
from coalition.campaigns.appeals.actions.confirm import SupportChoices
from coalition.campaigns.appeals.actions.support import SupportAsking, contact_words
from coalition.core.typed_field import own_field


class NameForm(forms.Form):
    """Two ticks, both off, and the name that either of them needs."""

    is_listed = forms.BooleanField(label=_("Show my name on this page"), required=False)
    in_hand_over = forms.BooleanField(
        label=_("Give my name to those whom the appeal is addressed to"), required=False
    )
    name = PersonNameField(
        label=_("Your name"), required=False, help_text=_("Only if you ticked one of the two.")
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

    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We send one mail there, with a link. After you confirm, we erase the address."),
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
