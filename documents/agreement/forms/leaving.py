"""What a representative says when their organisation leaves the coalition."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.core.typed_field import own_field
from documents.publication.models.publication import PublicationName

LEAVE_WORD = pgettext_lazy("the word that is typed to leave the coalition", "leave")


class LeaveForm(forms.Form):
    """The texts from which the name is taken off, and the word that is typed."""

    drop = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Take our name off these texts"),
        help_text=_("Under every text without a tick your organisation keeps standing, as it approved it."),
    )
    word = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, names: list[PublicationName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {str(name.publication.uuid): name.publication for name in names}
        choices = [(uuid, publication.title) for uuid, publication in self.texts.items()]
        own_field(self.fields, "drop", forms.MultipleChoiceField).choices = choices
        if not choices:
            del self.fields["drop"]
        self.fields["word"].label = _("To leave, type the word “%(word)s”") % {"word": LEAVE_WORD}

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != str(LEAVE_WORD).casefold():
            raise ValidationError(_("Type the word exactly as it stands above."))
        return word
