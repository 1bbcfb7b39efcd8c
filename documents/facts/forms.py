"""Forms for facts."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from documents.facts.models import (
    FIRST_YEAR,
    LONGEST_LINE,
    LONGEST_WHY,
    SOURCE_FIELDS,
    WORDING_FIELDS,
    Fact,
    FactKind,
    FactTopic,
    FactWords,
    clean_content,
    content_of,
)
from documents.facts.queries import local_today

A_YEAR = datetime.timedelta(days=365)


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
    why = forms.CharField(
        label=_("Why it is taken out of use"),
        max_length=LONGEST_WHY,
        help_text=_("Members read it; the public does not."),
    )


class FactWordsForm(forms.ModelForm[FactWords]):
    class Meta:
        model = FactWords
        fields = WORDING_FIELDS
        labels = {
            "numeral": _("Number"),
            "sentence": _("What it says"),
            "scope": _("Where and when"),
            "source": _("Source"),
            "how": _("How do we know?"),
        }
        help_texts = {
            "numeral": _("Empty for a statement."),
            "sentence": _("One sentence that goes on from the number."),
            "scope": _("For example: Kazakhstan, 2014–2017."),
            "source": _("Who says so, as of which year."),
        }
        widgets = {
            "sentence": forms.Textarea(attrs={"rows": 2}),
            "how": forms.Textarea(attrs={"rows": 4}),
        }


class FactForm(NextCheckForm):
    """A fact: its source, and its words in each language. Once valid, `arguments` are what actions take."""

    arguments: dict[str, Any]
    kind = forms.ChoiceField(
        label=_("Kind"), choices=FactKind.choices, initial=FactKind.NUMERAL, widget=forms.RadioSelect
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=FactTopic.choices)
    as_of = forms.IntegerField(
        label=_("Year of which it holds"),
        help_text=_("Readers always see it with the fact."),
        min_value=FIRST_YEAR,
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
            for name, field in FactWordsForm().fields.items():
                field.required = False
                field.widget.attrs["lang"] = language.value
                self.fields[f"{name}_{language}"] = field

    def groups(self) -> list[tuple[Language, list[forms.BoundField]]]:
        """The fields of each language, Kazakh first."""
        return [(one, [self[f"{name}_{one}"] for name in WORDING_FIELDS]) for one in Language]

    def about(self) -> list[forms.BoundField]:
        """The language-independent fields, in order."""
        names = ("kind", "topic", *SOURCE_FIELDS, "owner", "next_check", "why")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        words = {code: {name: data[f"{name}_{code}"] for name in WORDING_FIELDS} for code in Language.values}
        source = {name: data[name] for name in SOURCE_FIELDS}
        content = clean_content(kind=data["kind"], this_year=local_today().year, words=words, **source)
        about = ("kind", "topic", "next_check", "why")
        self.arguments = {name: data[name] for name in about if name in data} | content
        return data


def fact_form_initial(fact: Fact) -> dict[str, Any]:
    """Return the initial values of the form. Needs `current` with its words."""
    initial: dict[str, Any] = {"kind": fact.kind, "topic": fact.topic, "seen": 0}
    if fact.current is not None:
        content = content_of(fact.current)
        wordings = content.pop("words")
        words = {f"{name}_{code}": text for code, one in wordings.items() for name, text in one.items()}
        initial |= content | words | {"seen": fact.current.number}
    return initial
