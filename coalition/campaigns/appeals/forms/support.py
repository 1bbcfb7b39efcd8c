"""What somebody types to support an appeal, and what they change later."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation
from coalition.applicants.forms import MailAddressField, PersonNameField
from coalition.campaigns.appeals.actions.confirm import SupportChoices
from coalition.campaigns.appeals.actions.support import SupportAsking, contact_words
from coalition.core.localized_text import typed_field


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
    """E-mail and region; everything else may stay as it is. `offered`: returns the organisations that may ask
    for consent to write, and is asked only where one is shown or ticked; `language`: of the page, and of the
    mail."""

    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We send one mail there, with a link. After you confirm, we erase the address."),
    )
    region = forms.ChoiceField(label=_("Your region"))
    contact = forms.MultipleChoiceField(
        label=_("If you want to hear from an organisation"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("An organisation that you ticked does not ask any more. Send it once more.")
        },
        help_text=_("Only then your address is kept, for this organisation alone, until you end it."),
    )
    field_order = ["address", "region", "is_listed", "in_hand_over", "name", "contact"]

    def __init__(
        self, *args: Any, offered: Callable[[], list[Organisation]], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offered, self.language = offered, language
        region = typed_field(self.fields, "region", forms.ChoiceField)
        region.choices = [("", _("Choose")), *REGIONS.items()]
        contact = typed_field(self.fields, "contact", forms.MultipleChoiceField)
        contact.choices = self._contact_choices

    @cached_property
    def offered(self) -> dict[str, Organisation]:
        return {str(one.uuid): one for one in self._offered()}

    def _contact_choices(self) -> list[tuple[str, str]]:
        return [(uuid, contact_words(one, self.language)) for uuid, one in self.offered.items()]

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
            contact=tuple(self.offered[one] for one in data["contact"]),
            place=place,
            code=code,
        )
