"""Opening hours as people fill them in: a row a weekday with a break at noon if there is one, and days
that differ. Rows are added by a button of the form, so that no script is needed."""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.accounts.enums import Language
from events.core.enums import Weekday
from events.core.forms.times import date_field, time_field
from events.core.models.event import Event

MOST_SPECIAL = 60
PARTS = ("morning", "evening")  # before and after the break; without one only the first is filled in


class WeekForm(forms.Form):
    """From when to when it is open on each weekday. `hours` gives (weekday, opens, closes)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in Weekday:
            for part in PARTS:
                for end, label in (("opens", _("Opens")), ("closes", _("Closes"))):
                    field = time_field(label=label, required=False)
                    field.widget.attrs["aria-label"] = _label(day, part, end)
                    self.fields[f"{part}_{end}_{day}"] = field

    @property
    def rows(self) -> Iterator[tuple[Weekday, list[forms.BoundField], list[str]]]:
        """Each weekday with its four fields and what is to be put right in them."""
        for day in Weekday:
            fields = [self[f"{part}_{end}_{day}"] for part in PARTS for end in ("opens", "closes")]
            yield day, fields, [str(error) for field in fields for error in field.errors]

    @property
    def hours(self) -> list[tuple[int, datetime.time, datetime.time]]:
        return [
            (int(day), opens, closes)
            for day in Weekday
            for part in PARTS
            if (opens := self.cleaned_data.get(f"{part}_opens_{day}"))
            and (closes := self.cleaned_data.get(f"{part}_closes_{day}"))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for day in Weekday:
            before: datetime.time | None = None
            for part in PARTS:
                opens, closes = cleaned.get(f"{part}_opens_{day}"), cleaned.get(f"{part}_closes_{day}")
                self._check(f"{part}_opens_{day}", f"{part}_closes_{day}", opens, closes, before)
                before = closes or before
        return cleaned

    def _check(
        self,
        first: str,
        last: str,
        opens: datetime.time | None,
        closes: datetime.time | None,
        before: datetime.time | None,
    ) -> None:
        if first in self.errors or last in self.errors:
            return
        if (opens is None) != (closes is None):
            self.add_error(first if opens is None else last, _("Give both times, or none for a closed day."))
        elif opens and closes and closes <= opens:
            self.add_error(last, _("It closes before it opens."))
        elif opens and before and opens < before:
            self.add_error(first, _("The second opening begins before the first ends."))


def _label(day: Weekday, part: str, end: str) -> Any:
    words = {
        ("morning", "opens"): _("%(day)s: opens"),
        ("morning", "closes"): _("%(day)s: closes"),
        ("evening", "opens"): _("%(day)s: opens again after a break"),
        ("evening", "closes"): _("%(day)s: closes after the break"),
    }
    return words[part, end] % {"day": day.label}


class SpecialForm(forms.Form):
    """Days that differ: closed where no times are given. An empty row counts for nothing."""

    first = date_field(label=pgettext_lazy("a first day", "From"), required=False)
    last = date_field(label=pgettext_lazy("a last day", "To"), required=False)
    opens = time_field(label=_("Opens"), required=False)
    closes = time_field(label=_("Closes"), required=False)
    why_kk = forms.CharField(label=_("Reason in Kazakh"), required=False, max_length=120)
    why_ru = forms.CharField(label=_("Reason in Russian"), required=False, max_length=120)
    why_en = forms.CharField(label=_("Reason in English"), required=False, max_length=120)

    @property
    def why(self) -> dict[str, str]:
        words = {language.value: self.cleaned_data.get(f"why_{language}", "") for language in Language}
        return {language: text for language, text in words.items() if text}

    @property
    def counts(self) -> bool:
        return bool(self.cleaned_data.get("first"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is None:
            if any(cleaned.values()) and "first" not in self.errors:
                self.add_error("first", _("Say on which day it differs."))
            return cleaned
        cleaned["last"] = last or first
        if cleaned["last"] < first:
            self.add_error("last", _("The last day is before the first."))
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if (opens is None) != (closes is None) and not self.errors:
            self.add_error("opens" if opens is None else "closes", _("Give both times, or none if closed."))
        elif opens and closes and closes <= opens:
            self.add_error("closes", _("It closes before it opens."))
        return cleaned


Specials = formset_factory(SpecialForm, extra=1, max_num=MOST_SPECIAL, absolute_max=MOST_SPECIAL)


def initial_week(event: Event) -> dict[str, datetime.time]:
    """The hours of an event as the week shows them."""
    initial: dict[str, datetime.time] = {}
    seen: dict[int, int] = {}
    for row in event.hours.all():
        number = seen.get(row.weekday, 0)
        seen[row.weekday] = number + 1
        if number < len(PARTS):
            initial[f"{PARTS[number]}_opens_{row.weekday}"] = row.opens
            initial[f"{PARTS[number]}_closes_{row.weekday}"] = row.closes
    return initial


def initial_specials(event: Event) -> list[dict[str, Any]]:
    """The days of an event that differ, a row each."""
    return [
        {
            "first": row.first,
            "last": row.last,
            "opens": row.opens,
            "closes": row.closes,
            **{f"why_{language}": row.why.get(language, "") for language in Language.values},
        }
        for row in event.special_days.all()
    ]
