"""What is written about an operators' link at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.core.throttling import one_line
from events.press.registration.forms import whole_line


class OperatorLinkForm(forms.Form):
    """Where the link lies."""

    label = forms.CharField(
        label=_("Where it lies"),
        required=False,
        max_length=80,
        validators=[one_line, whole_line],
        help_text=_("Only your organisation sees it: “Duty phone”, “Tablet”. No person’s name."),
    )
