"""What a coordinator fills in about a call."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.core.typed_field import own_field
from documents.approval.actions.phone import Spoken

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class CallForm(forms.Form):
    """Whom, about which languages, and the code that they read back. Which button says what is to be done."""

    person = forms.ChoiceField(label=_("Who is called"), widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Reads and approves"), widget=forms.CheckboxSelectMultiple, required=False
    )
    relies = forms.MultipleChoiceField(
        label=_("Does not read, and relies on the translation"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    code = forms.CharField(
        label=_("The code that they read back"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_(
            "It was sent to them, not to you. Without it the approval counts after 24 hours in which nobody "
            "of the organisation objects, or once somebody of another organisation has called back."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, *args: Any, people: list[tuple[User, str]], put: list[str], relies: list[str], **kwargs: Any
    ) -> None:
        """`people`: whom to call, with words beside each; `relies`: languages that reviewers answer for."""
        super().__init__(*args, **kwargs)
        self._people = {str(person.uuid): person for person, _words in people}
        self._choose("person", [(str(person.uuid), words) for person, words in people])
        if len(people) == 1:
            self.fields["person"].initial = str(people[0][0].uuid)
        self._choose("languages", [(code, str(LANGUAGE_NAMES[code])) for code in put])
        self.fields["languages"].initial = [code for code in put if code not in relies] or put
        if relies:
            self._choose("relies", [(code, str(LANGUAGE_NAMES[code])) for code in relies])
            self.fields["relies"].initial = relies
        else:
            del self.fields["relies"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = own_field(self.fields, name, forms.ChoiceField)
        field.choices = choices

    @property
    def called(self) -> User:
        return self._people[self.cleaned_data["person"]]

    @property
    def spoken(self) -> Spoken:
        """What was approved in the call."""
        return Spoken(self.cleaned_data["languages"], self.cleaned_data.get("relies", []))
