"""Forms for facts."""

import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, display_name_for
from documents.canonical.serialise import CanonicalError
from documents.facts.content import FactContent, FactWording, missing_fact_fields, normalise_content
from documents.facts.enums import FactKind, FactTopic
from documents.facts.models import LONGEST_HOW, LONGEST_LINE, LONGEST_NUMERAL, LONGEST_SENTENCE, LONGEST_WHY
from documents.facts.queries import local_today

A_YEAR = datetime.timedelta(days=365)
_PARTS: Final = ("numeral", "sentence", "scope", "source", "how")


class NextCheckForm(forms.Form):
    """The day of the next comparison with its source."""

    next_check = forms.DateField(
        label=_("Next check"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("On this day its keepers are asked whether its source still says so."),
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_check"].initial = local_today() + A_YEAR


class FactCheckForm(NextCheckForm):
    """A check: what was compared, and the day of the next check."""

    note = forms.CharField(
        label=_("What you looked at"),
        required=False,
        max_length=LONGEST_WHY,
        help_text=_("For example: the report of this year, page 4."),
    )
    field_order = ["note", "next_check"]


class RetireFactForm(forms.Form):
    """Reason for retiring a fact."""

    why = forms.CharField(
        label=_("Why it is taken out of use"),
        max_length=LONGEST_WHY,
        help_text=_("Members read it; the public does not."),
    )


class FactForm(NextCheckForm):
    """A fact: its source, and its words in each language.
    Missing content is reported at its field."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=FactKind.choices, initial=FactKind.NUMERAL, widget=forms.RadioSelect
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=FactTopic.choices)
    as_of = forms.IntegerField(
        label=_("Year of which it holds"), help_text=_("Readers always see it with the fact."), min_value=1900
    )
    publisher = forms.CharField(
        label=_("Who published it"), max_length=LONGEST_LINE, help_text=_("As they write their own name.")
    )
    title = forms.CharField(
        label=pgettext_lazy("of a source", "Title"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("Of the report, article or table."),
    )
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.URLInput(attrs={"inputmode": "url"})
    )
    why = forms.CharField(
        label=_("Why it changes"),
        max_length=LONGEST_WHY,
        required=False,
        help_text=_("Those whose texts use it read this."),
    )

    def __init__(
        self, *args: Any, owners: list[Organisation], viewer: Viewer, changes: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if changes:
            self.fields["why"].required = True
        else:
            del self.fields["why"]
            self.fields["owner"] = forms.ChoiceField(
                label=_("Who keeps it"),
                choices=[(str(one.uuid), display_name_for(viewer, one)) for one in owners],
                help_text=_("Its editors are asked to check it."),
            )
        for language in Language:
            self.fields.update(_language_fields(language.value))

    def groups(self) -> list[tuple[Language, list[forms.BoundField]]]:
        """The fields of each language, Kazakh first."""
        return [(one, [self[f"{part}_{one.value}"] for part in _PARTS]) for one in Language]

    def about(self) -> list[forms.BoundField]:
        """The language-independent fields, in order."""
        names = ("kind", "topic", "as_of", "publisher", "title", "address", "owner", "next_check", "why")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Report missing content at each field."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        try:
            saying = normalise_content(self.saying())
        except CanonicalError as error:
            raise forms.ValidationError(error.message) from error
        for lack in missing_fact_fields(saying, kind=data["kind"], this_year=local_today().year):
            name = f"{lack.field}_{lack.language}" if lack.language else lack.field
            self.add_error(name or None, str(lack.message))
        return data

    def saying(self) -> FactContent:
        """Return the submitted content."""
        data = self.cleaned_data
        words = {
            code.value: FactWording(**{part: data.get(f"{part}_{code.value}", "") for part in _PARTS})
            for code in Language
        }
        return FactContent(data["as_of"], data["publisher"], data["title"], data["address"], words)


def fact_form_initial(saying: FactContent) -> dict[str, Any]:
    """Return the initial values of the form."""
    words = {
        f"{part}_{code}": getattr(wording, part) for code, wording in saying.words.items() for part in _PARTS
    }
    about = {name: getattr(saying, name) for name in ("as_of", "publisher", "title", "address")}
    return words | about


def _language_fields(code: str) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {
        "numeral": forms.CharField(
            label=_("Number"), max_length=LONGEST_NUMERAL, help_text=_("Empty for a statement.")
        ),
        "sentence": forms.CharField(
            label=_("What it says"),
            max_length=LONGEST_SENTENCE,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("One sentence that goes on from the number."),
        ),
        "scope": forms.CharField(
            label=_("Where and when"),
            max_length=LONGEST_LINE,
            help_text=_("For example: Kazakhstan, 2014–2017."),
        ),
        "source": forms.CharField(
            label=_("Source"), max_length=LONGEST_LINE, help_text=_("Who says so, as of which year.")
        ),
        "how": forms.CharField(
            label=_("How do we know?"), max_length=LONGEST_HOW, widget=forms.Textarea(attrs={"rows": 4})
        ),
    }
    for one in made.values():
        one.required = False
        one.widget.attrs["lang"] = code
    return {f"{name}_{code}": one for name, one in made.items()}
