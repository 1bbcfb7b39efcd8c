"""Fields about people from outside."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.applicants.validators import validate_single_line, validate_visible_characters


def phone_field() -> forms.CharField:
    """How somebody who comes or helps is reached on the day."""
    return forms.CharField(
        label=_("Phone"),
        max_length=40,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("So that you can be reached on the day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
