"""What a person without an account answers, and what is filled in to ask them."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.typed_field import own_field
from documents.approval.models.one_time_link import OneTimeLink
from documents.canonical.serialise import short_hash
from documents.drafts.enums import DecisionKind
from documents.guests.actions import Guest

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class AnswerForm(forms.Form):
    """One answer for the organisation, on exactly the words that were shown."""

    WHOLE = frozenset({DecisionKind.ABSTAINS, DecisionKind.OBJECTS})
    decision = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (DecisionKind.APPROVED, _("We approve these words")),
            (DecisionKind.CHANGES_ASKED, _("We ask for changes")),
            (DecisionKind.ABSTAINS, _("We abstain: the text goes out without our name")),
            (DecisionKind.OBJECTS, _("We object to this text")),
        ],
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("If you abstain or object, that is for the whole text."),
    )
    relies = forms.MultipleChoiceField(
        label=_("Languages that we do not read: we rely on the translation"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("A reviewer of another organisation answers that it says the same."),
    )
    reason = forms.CharField(
        label=_("What should be changed, and why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed if you ask for changes."),
    )

    def __init__(self, *args: Any, link: OneTimeLink, relies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (code, f"{LANGUAGE_NAMES[code]} · {short_hash(link.words[code])}") for code in link.languages
        ]
        self._choose("languages", choices)
        if relies:
            self._choose("relies", [(code, str(LANGUAGE_NAMES[code])) for code in relies])
        else:
            del self.fields["relies"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = own_field(self.fields, name, forms.MultipleChoiceField)
        field.choices = choices
        field.initial = [code for code, _label in choices]

    def clean(self) -> dict[str, Any]:
        """Adds `relies` where it was not asked; a language is needed unless the answer is for the whole."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("relies", [])
        decision = cleaned.get("decision")
        if decision and decision not in self.WHOLE and not cleaned.get("languages"):
            raise ValidationError(_("Choose at least one language."))
        return cleaned


class OneTimeForm(forms.Form):
    """Whom to ask, for which organisation, in which languages."""

    organisation = forms.ChoiceField(label=_("For which organisation"))
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Who decides. It stays with the decision.")
    )
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of the mail and of the pages.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Reads and approves in"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, asked: list[Organisation], put: list[str], viewer: Viewer, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = {str(one.uuid): one for one in asked}
        names = [(uuid, display_name_for(viewer, one)) for uuid, one in self._asked.items()]
        for name, choices in (("organisation", names), ("languages", [(c, LANGUAGE_NAMES[c]) for c in put])):
            field = own_field(self.fields, name, forms.ChoiceField)
            field.choices = choices
        self.fields["languages"].initial = put

    def asked(self) -> dict[str, Any]:
        """The arguments of `make_one_time_link`."""
        given = self.cleaned_data
        return {
            "organisation": self._asked[given["organisation"]],
            "guest": Guest(given["name"], given["email"], Language(given["language"])),
            "languages": given["languages"],
        }
