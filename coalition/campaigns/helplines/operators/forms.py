"""What is written about an operators' link at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import validate_single_line, validate_visible_characters


class OperatorLinkForm(forms.Form):
    """Where the link lies."""

    label = forms.CharField(
        label=_("Where it lies"),
        required=False,
        max_length=80,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Only your organisation sees it: “Duty phone”, “Tablet”. No person’s name."),
    )
