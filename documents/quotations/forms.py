"""Forms for having a quotation approved by its speaker."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language


class AskSpeakerForm(forms.Form):
    """The address to which the speaker's link is sent."""

    email = forms.EmailField(label=_("E-mail of the speaker"))
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of the mail and of the page.")
    )


class RecordConsentForm(forms.Form):
    """The means by which the speaker answered, if not by the link."""

    how = forms.CharField(
        label=_("How and when the speaker approved it"),
        max_length=200,
        help_text=_("For example “in a call on 3 March”, “voice message in the group”, “signed on paper”."),
    )
