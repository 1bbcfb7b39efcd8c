"""Forms for glossary terms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from documents.drafts.enums import GlossaryField
from documents.glossary.models import LONGEST_NOTE, LONGEST_WORDS

_TERM_HINT = _("A semicolon divides words that say the same. The first is the one we write.")
_AVOID_HINT = _("Words not to be used for it; a semicolon divides them.")


class TermForm(forms.Form):
    """A term: its field, and for each language its words, words to avoid and a note."""

    field = forms.ChoiceField(label=_("Field"), choices=GlossaryField.choices)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in Language:
            code = language.value
            words = forms.CharField(label=_("Term"), max_length=LONGEST_WORDS, help_text=_TERM_HINT)
            avoid = forms.CharField(
                label=_("Avoid"), max_length=LONGEST_WORDS, required=False, help_text=_AVOID_HINT
            )
            note = forms.CharField(
                label=_("Note"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea
            )
            for name, made in ((code, words), (f"avoid_{code}", avoid), (f"note_{code}", note)):
                made.widget.attrs["lang"] = code
                self.fields[name] = made

    def groups(self) -> list[tuple[Language, list[forms.BoundField]]]:
        """The fields of each language, Kazakh first."""
        return [
            (language, [self[name] for name in (language, f"avoid_{language}", f"note_{language}")])
            for language in Language
        ]
