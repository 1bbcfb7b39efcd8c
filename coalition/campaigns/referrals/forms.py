"""The form that makes a referral code."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import validate_single_line
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.targets import Target
from coalition.core.localized_text import typed_field


class CodeForm(forms.Form):
    """What the code leads to, what carries it, and where. Filled in beforehand, so that a press is enough."""

    target = forms.ChoiceField(label=_("Leads to"), widget=forms.RadioSelect)
    medium = forms.ChoiceField(
        label=_("Carried by"), choices=Medium, initial=Medium.LINK, widget=forms.RadioSelect
    )
    label = forms.CharField(
        label=_("Where it is used"),
        required=False,
        max_length=80,
        validators=[validate_single_line],
        help_text=_("For your own table: “Chat of the volunteers”, “Library, Abai 14”."),
    )

    def __init__(self, *args: Any, targets: Sequence[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = typed_field(self.fields, "target", forms.ChoiceField)
        field.choices = [(one.value, f"{one.label}: {one.title}") for one in targets]
        field.initial = targets[0].value if targets else None

    @property
    def chosen(self) -> dict[str, Any]:
        """What the actions need, of a valid form."""
        action, _colon, uuid = self.cleaned_data["target"].rpartition(":")
        return {
            "action": action,
            "target": UUID(uuid),
            "medium": Medium(self.cleaned_data["medium"]),
            "label": self.cleaned_data["label"],
        }
