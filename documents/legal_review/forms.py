"""Forms for a lawyer's verdict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.drafts.enums import Verdict
from documents.legal_review.models import LONGEST_NOTE


class VerdictForm(forms.Form):
    """A verdict on the words displayed on the page; `digest` identifies these words."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What has to change, or why"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You and the coordinators read it, and nobody else."),
    )
