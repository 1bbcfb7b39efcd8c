"""The form of a month, for a phone and for the desk, and the form that proposes a publication."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.helplines.content import language_names
from coalition.campaigns.helplines.figures.actions import MOST_CONTACTS, TotalBelowParts, refuse_month
from coalition.campaigns.helplines.figures.months import (
    OLDEST_MONTHS,
    month_key,
    month_of,
    month_words,
    shifted,
    this_month,
)
from coalition.campaigns.helplines.figures.queries import Counts, Part, stamp_of_counts
from coalition.core.errors import Refused
from coalition.core.localized_text import typed_field

SHOWN_MONTHS: Final = 12  # in the list of the form, that are over


class ContactsField(forms.IntegerField):
    """A whole number as people write it: “1 200” too. Letters are refused in words."""

    def __init__(self, **kwargs: Any) -> None:
        words = _("Write a whole number in digits, without letters.")
        super().__init__(
            min_value=0,
            max_value=MOST_CONTACTS,
            error_messages={"invalid": words},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 9}),
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        written = "".join(value.split()) if isinstance(value, str) else value
        return super().to_python(written)


@dataclass(frozen=True)
class RegionFields:
    """The fields of one region. `is_open`: whether its part of the form is shown unfolded."""

    name: str
    fields: list[forms.BoundField]
    is_open: bool


class MonthForm(forms.Form):
    """How many contacts a line had in a month: in all, and if known by region and language.

    `counts`: what is entered now. `regions` and `languages`: those of the line; what is entered of others is
    asked for too.
    """

    month = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    entered_meanwhile: int | None = None
    total = ContactsField(label=_("Contacts in all"), help_text=_("Calls, chats and messages together."))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        on: datetime.date,
        counts: Counts,
        regions: Iterable[str],
        languages: Iterable[str],
    ) -> None:
        initial = {"month": month_key(on), "seen": stamp_of_counts(counts)}
        if counts:
            initial["total"] = str(sum(counts.values()))
        super().__init__(data, initial=initial, auto_id="f-%s")
        known = {code for code in regions if code in REGIONS} or set(REGIONS)
        entered = {region for region, _language in counts if region}
        self._regions = [code for code in REGIONS if code in known | entered]
        spoken = list(dict.fromkeys([*languages, *sorted({one for _region, one in counts if one})]))
        self._parts: dict[str, Part] = {}
        for region in self._regions:
            for language in [*spoken, ""]:
                self._add(region, language, counts, has_languages=bool(spoken))

    def _add(self, region: str, language: str, counts: Counts, *, has_languages: bool) -> None:
        name = f"{region}_{language}"
        label = _("Contacts") if not has_languages else _("Another language, or not known")
        self.fields[name] = ContactsField(
            label=(", ".join(language_names([language])) or language) if language else label,
            required=False,
        )
        self._parts[name] = region, language
        if (region, language) in counts:
            self.initial[name] = str(counts[region, language])

    @property
    def region_fields(self) -> list[RegionFields]:
        """The fields of the parts, by region. Those with numbers or errors, or the only one, are unfolded."""
        found = []
        for region in self._regions:
            fields = [self[name] for name, part in self._parts.items() if part[0] == region]
            filled = any(field.value() not in {None, ""} or field.errors for field in fields)
            found.append(RegionFields(str(REGIONS[region]), fields, filled or len(self._regions) == 1))
        return found

    @property
    def parts(self) -> Counts:
        """What was typed by region and language."""
        values = {part: self.cleaned_data.get(name) for name, part in self._parts.items()}
        return {part: value for part, value in values.items() if value is not None}

    def show_changed(self, counts: Counts) -> None:
        """After `MonthChanged`: keep what was typed, and let it be saved over what is entered now."""
        self.data = {**{name: self.data[name] for name in self.data}, "seen": stamp_of_counts(counts)}
        self.entered_meanwhile = sum(counts.values())

    def clean_month(self) -> datetime.date:
        try:
            month = month_of(self.cleaned_data["month"])
            refuse_month(month)
        except ValueError as error:
            raise forms.ValidationError(_("Choose a month.")) from error
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return month

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        total = cleaned.get("total")
        if total is not None and sum(self.parts.values()) > total:
            self.add_error("total", TotalBelowParts(total, sum(self.parts.values())).message)
        return cleaned


def month_choices(chosen: str) -> list[tuple[str, str]]:
    """Return the months that can be entered, the newest first, and the chosen one if it is older."""
    keys = [month_key(shifted(this_month(), -number)) for number in range(1, SHOWN_MONTHS + 1)]
    return [(key, month_words(month_of(key))) for key in dict.fromkeys([*keys, chosen])]


def asked_month(sent: Mapping[str, Any]) -> datetime.date:
    """Return the month that an address or a form asks for; the last one that is over where it is none."""
    try:
        month = month_of(str(sent.get("month", "")))
        refuse_month(month)
    except (ValueError, Refused):
        return shifted(this_month(), -1)
    return month


class ProposalForm(forms.Form):
    """From which month to which, in the name of which organisation."""

    first = forms.ChoiceField(label=_("First month"))
    last = forms.ChoiceField(label=_("Last month"))
    organisation = forms.ChoiceField(label=_("In the name of"))

    def __init__(self, *args: Any, owners: Iterable[Organisation], viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {str(one.uuid): one for one in owners}
        months = [shifted(this_month(), -number) for number in range(1, OLDEST_MONTHS + 1)]
        choices = [(month_key(month), capfirst(month_words(month))) for month in months]
        for name, initial in (("first", shifted(this_month(), -3)), ("last", months[0])):
            field = typed_field(self.fields, name, forms.ChoiceField)
            field.choices, field.initial = choices, month_key(initial)
        organisation = typed_field(self.fields, "organisation", forms.ChoiceField)
        organisation.choices = [(key, display_name_for(viewer, one)) for key, one in self._owners.items()]
        if len(self._owners) == 1:
            organisation.initial, organisation.widget = next(iter(self._owners)), forms.HiddenInput()

    @property
    def months(self) -> tuple[datetime.date, datetime.date]:
        """The first and the last month."""
        return month_of(self.cleaned_data["first"]), month_of(self.cleaned_data["last"])

    @property
    def owner(self) -> Organisation:
        """The organisation in whose name it is proposed."""
        return self._owners[self.cleaned_data["organisation"]]
