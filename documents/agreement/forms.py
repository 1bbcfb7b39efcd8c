"""Forms for naming the coalition's agreement, and for leaving the coalition."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.core.clock import now
from coalition.core.localized_text import typed_field
from documents.agreement.queries import possible_agreements
from documents.drafts.forms import DeadlineField
from documents.publication.models import Publication, PublicationName


class PublicationField(forms.ModelChoiceField):
    """A choice of public text, labelled with its title and number in the chain."""

    def label_from_instance(self, publication: Publication) -> str:
        return f"{publication.title} (№ {publication.number})"


class AgreementForm(forms.Form):
    """The text of the agreement, and whether acceptance is required."""

    publication = PublicationField(
        queryset=Publication.objects.none(),
        to_field_name="uuid",
        label=_("Text"),
        help_text=_("Texts that are public in Kazakh, Russian and English."),
    )
    asks = forms.BooleanField(
        label=_("Every organisation has to accept this edition"),
        required=False,
        initial=True,
        help_text=_("Until its representative has, its people do not get into workspaces."),
    )
    asks_from = DeadlineField(
        label=_("From when it is asked for at the door"),
        required=False,
        help_text=_("Empty: at once. Almaty time (UTC+5)."),
    )
    words = forms.CharField(label=_("What changed"), required=False, max_length=1000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = typed_field(self.fields, "publication", PublicationField)
        field.queryset = possible_agreements()

    def clean(self) -> dict[str, Any]:
        """Reject a moment in the past."""
        cleaned: dict[str, Any] = super().clean() or {}
        since = cleaned.get("asks_from")
        if since and since <= now():
            self.add_error("asks_from", ValidationError(_("Choose a moment that is still to come.")))
        return cleaned


LEAVE_WORD = pgettext_lazy("the word that is typed to leave the coalition", "leave")


class LeaveForm(forms.Form):
    """The texts from which the name is withdrawn, and the typed confirmation word."""

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
        typed_field(self.fields, "drop", forms.MultipleChoiceField).choices = choices
        if not choices:
            del self.fields["drop"]
        self.fields["word"].label = _("To leave, type the word “%(word)s”") % {"word": LEAVE_WORD}

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != str(LEAVE_WORD).casefold():
            raise ValidationError(_("Type the word exactly as it stands above."))
        return word
