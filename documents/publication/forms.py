"""What people fill in to publish and to withdraw, and organisations about their names under public texts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class LogoForm(forms.Form):
    """The logo of an organisation that joined, with the permission to display it."""

    file = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Best on a transparent or white ground."),
        widget=forms.ClearableFileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
    )
    permitted = forms.BooleanField(label=_("We permit that it is shown beside our name on the page"))


PUBLISH_WORD = _("publish")


class PublishForm(forms.Form):
    """The typed confirmation word of a publication; for a correction also the correction note."""

    correction_note = forms.CharField(
        label=_("What was corrected"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The public reads it above the text, with the day, in the language you write it in."),
    )
    word = forms.CharField(max_length=40)

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction_note"]
        self.fields["word"].label = _("To publish, type the word “%(word)s”") % {"word": PUBLISH_WORD}
        self.fields["word"].widget.attrs["autocomplete"] = "off"

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != str(PUBLISH_WORD).casefold():
            raise ValidationError(_("Type the word exactly as it stands above."))
        return word


class WithdrawForm(forms.Form):
    """The public reason for a withdrawal."""

    note = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("The public reads this note in the place of the text, in the language you write it in."),
    )
