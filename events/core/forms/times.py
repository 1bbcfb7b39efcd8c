"""Forms of an event's times: once, on several days, recurring."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms import formset_factory
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language
from coalition.core.localized_text import typed_field
from events.core.actions.times import TIME_FIELDS, EventTimesInput
from events.core.enums import EventKind, Frequency, Weekday
from events.core.models import Event, OpeningHours, SpecialDay

ZONES = (
    ("Asia/Almaty", _("Kazakhstan (Almaty, Astana, UTC+5)")),
    ("Asia/Bishkek", _("Bishkek")),
    ("Asia/Tashkent", _("Tashkent")),
    ("Asia/Tbilisi", _("Tbilisi")),
    ("Europe/Istanbul", _("Istanbul")),
    ("Europe/Warsaw", _("Warsaw")),
    ("Europe/Berlin", _("Berlin")),
    ("Europe/Brussels", _("Brussels")),
    ("Europe/Zurich", _("Geneva")),
    ("Europe/London", _("London")),
    ("America/New_York", _("New York")),
    ("UTC", _("World time (UTC)")),
)


class DateInput(forms.DateInput):
    """The browser's own date control."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time control."""

    input_type = "time"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


def date_field(**given: Any) -> forms.DateField:
    return forms.DateField(widget=DateInput(), **given)


def time_field(**given: Any) -> forms.TimeField:
    return forms.TimeField(widget=TimeInput(), **given)


def zone_choices(kept: str = "") -> list[tuple[str, Any]]:
    """Return the zones offered, always including the current one."""
    is_known = not kept or kept in dict(ZONES)
    return [*ZONES] if is_known else [*ZONES, (kept, kept.replace("_", " "))]


class TimesForm(forms.Form):
    """Day and local time of an event at its place; recurrence; first and last day of a run.

    Without a time it is a whole day. After cleaning, `ends_on` is always a day, and the times are None for a
    whole day.
    """

    whole_day = forms.BooleanField(label=_("The whole day"), required=False)
    starts_on = date_field(label=_("Date"), required=False)
    starts_at_time = time_field(label=_("Begins at"), required=False)
    ends_at_time = time_field(label=_("Ends at"), required=False)
    ends_on = date_field(
        label=_("Last date"), required=False, help_text=_("Only if it ends on another day than it begins.")
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Asia/Almaty")
    frequency = forms.ChoiceField(
        label=_("Comes again"), required=False, choices=[("", _("Not again")), *Frequency.choices]
    )
    interval = forms.IntegerField(
        label=_("Every how many"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("2 with “Every week” is every second week."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        required=False,
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none, and it is the weekday on which it begins."),
    )
    repeat_until = date_field(
        label=_("For the last time on"), required=False, help_text=_("Empty: without an end.")
    )
    run_from = date_field(
        label=_("Open from"),
        required=False,
        help_text=_("The first day for visitors. The opening night stands above, with its own time."),
    )
    run_until = date_field(label=_("Open until"), required=False)

    length = datetime.timedelta(hours=1)  # default duration

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = typed_field(self.fields, "zone", forms.ChoiceField)
        zone.choices = zone_choices(str(self.initial.get("zone", "")))

    def without_times(self) -> None:
        """Remove the time fields from the form: an announced event is moved instead."""
        for name in TimesForm.base_fields:
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "starts_on" in self.fields:
            is_exhibition = self.kind_in(cleaned) == EventKind.EXHIBITION
            has_opening = cleaned.get("starts_on") or cleaned.get("starts_at_time")
            if is_exhibition and cleaned.get("run_from") and not has_opening:
                cleaned.update(starts_on=cleaned["run_from"], whole_day=True)
            self._clean_times(cleaned)
            self._clean_recurrence(cleaned)
            if not is_exhibition:
                cleaned.update(run_from=None, run_until=None)
            self._clean_run(cleaned.get("run_from"), cleaned.get("run_until"))
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("whole_day"):
            cleaned["starts_at_time"] = cleaned["ends_at_time"] = None
        elif not cleaned.get("starts_at_time") and "starts_at_time" not in self.errors:
            self.add_error("starts_at_time", _("Say when it begins, or tick “The whole day”."))
        day = cleaned.get("starts_on")
        if not day:
            if "starts_on" not in self.errors:
                self.add_error("starts_on", _("Say on which day it is."))
            return
        begins, ends = cleaned.get("starts_at_time"), cleaned.get("ends_at_time")
        last = cleaned["ends_on"] = cleaned.get("ends_on") or day
        if begins and not ends and "ends_at_time" not in self.errors:
            is_deadline = self.kind_in(cleaned) == EventKind.DEADLINE  # a moment
            length = datetime.timedelta() if is_deadline else self.length
            at = datetime.datetime.combine(last, begins) + length
            cleaned["ends_on"], cleaned["ends_at_time"] = at.date(), at.time()
        elif last < day:
            self.add_error("ends_on", _("The last date is before the first."))
        elif begins and ends and last == day and ends < begins:
            self.add_error(
                "ends_at_time", _("It ends before it begins. If it ends after midnight, give the last date.")
            )

    def _clean_recurrence(self, cleaned: dict[str, Any]) -> None:
        """Move the first date to the first of the weekdays ticked: calendars always include a rule's
        start."""
        if not cleaned.get("frequency"):
            cleaned.update(interval=1, weekdays=[], repeat_until=None)
            return
        cleaned["interval"] = cleaned.get("interval") or 1
        if cleaned["frequency"] != Frequency.WEEKLY:
            cleaned["weekdays"] = []
        day, weekdays = cleaned.get("starts_on"), cleaned.get("weekdays")
        if day and weekdays:
            days = min((weekday - day.weekday()) % 7 for weekday in weekdays)
            for name in ("starts_on", "ends_on"):
                if cleaned.get(name):
                    cleaned[name] += datetime.timedelta(days=days)
        until, begins = cleaned.get("repeat_until"), cleaned.get("starts_on")
        if until and begins and until < begins:
            self.add_error("repeat_until", _("The last time is before the first."))

    def _clean_run(self, first: datetime.date | None, last: datetime.date | None) -> None:
        if first and not last and "run_until" not in self.errors:
            self.add_error("run_until", _("Give the last day as well."))
        elif last and not first and "run_from" not in self.errors:
            self.add_error("run_from", _("Give the first day as well."))
        elif first and last and last < first:
            self.add_error("run_until", _("The last day is before the first."))

    def kind_in(self, cleaned: dict[str, Any]) -> str:
        """Return the kind of the event whose times these are."""
        kind: str = cleaned.get("kind", "")
        return kind

    @property
    def times(self) -> EventTimesInput | None:
        """Return the times as a proposal; None if the form has no time fields. Only of a valid form."""
        if "starts_on" not in self.fields:
            return None
        return EventTimesInput(**{name: self.cleaned_data[name] for name in TIME_FIELDS})


def initial_times(event: Event, at: str = "") -> dict[str, Any]:
    """Return the form's initial values for an event's times.

    `at`: another local start that was chosen ("2026-03-03T11:00"); the duration stays.
    """
    initial = {name: getattr(event, name) for name in TIME_FIELDS} | {"whole_day": event.all_day}
    try:
        start = datetime.datetime.fromisoformat(at).replace(tzinfo=None)
    except ValueError:
        start = None
    if start is not None and not event.all_day:
        end = start + (event.ends_at - event.starts_at)
        initial |= {"starts_on": start.date(), "starts_at_time": start.time()}
        initial |= {"ends_on": end.date(), "ends_at_time": end.time()}
    if initial["ends_on"] == initial["starts_on"]:
        initial["ends_on"] = None
    return initial


# Forms of opening hours: one row per weekday, with an optional break at noon, and special days.
# A button of the form adds rows, so no script is needed.

MOST_SPECIAL = 60
DAY_PARTS = ("morning", "evening")  # before and after the break; without one only the first is filled in
WEEK_FIELDS = {  # of one day: label, and label for screen readers
    "morning_opens": (_("Opens"), _("%(day)s: opens")),
    "morning_closes": (_("Closes"), _("%(day)s: closes")),
    "evening_opens": (_("Opens"), _("%(day)s: opens again after a break")),
    "evening_closes": (_("Closes"), _("%(day)s: closes after the break")),
}


class WeekForm(forms.Form):
    """Opening hours of each weekday, with one break."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in Weekday:
            for name, (label, spoken) in WEEK_FIELDS.items():
                field = self.fields[f"{name}_{day}"] = time_field(label=label, required=False)
                field.widget.attrs["aria-label"] = spoken % {"day": day.label}

    @property
    def rows(self) -> Iterator[tuple[Weekday, list[forms.BoundField], list[str]]]:
        """Yield each weekday with its four fields and their errors."""
        for day in Weekday:
            fields = [self[f"{name}_{day}"] for name in WEEK_FIELDS]
            yield day, fields, [str(error) for field in fields for error in field.errors]

    @property
    def hours(self) -> list[tuple[int, datetime.time, datetime.time]]:
        """Return weekday, opening and closing of each line. Only of a valid form."""
        return [
            (int(day), opens, closes)
            for day in Weekday
            for part in DAY_PARTS
            if (opens := self.cleaned_data.get(f"{part}_opens_{day}"))
            and (closes := self.cleaned_data.get(f"{part}_closes_{day}"))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for day in Weekday:
            before: datetime.time | None = None
            for part in DAY_PARTS:
                first, last = f"{part}_opens_{day}", f"{part}_closes_{day}"
                opens, closes = cleaned.get(first), cleaned.get(last)
                self.check_opening(first, last, opens, closes, before)
                before = closes or before
        return cleaned

    def check_opening(
        self,
        first: str,
        last: str,
        opens: datetime.time | None,
        closes: datetime.time | None,
        before: datetime.time | None,
    ) -> None:
        """Add errors to the fields `first` and `last`; `before`: when the opening before it ends."""
        if first in self.errors or last in self.errors:
            return
        if (opens is None) != (closes is None):
            self.add_error(first if opens is None else last, _("Give both times, or none for a closed day."))
        elif opens and closes and closes <= opens:
            self.add_error(last, _("It closes before it opens."))
        elif opens and before and opens < before:
            self.add_error(first, _("The second opening begins before the first ends."))


class SpecialDaysForm(forms.ModelForm[SpecialDay]):
    """Special days: closed where no times are given. An empty row is ignored (`counts`)."""

    first = date_field(label=pgettext_lazy("a first day", "From"), required=False)
    last = date_field(label=pgettext_lazy("a last day", "To"), required=False)
    opens = time_field(label=_("Opens"), required=False)
    closes = time_field(label=_("Closes"), required=False)
    why_kk = forms.CharField(label=_("Reason in Kazakh"), required=False, max_length=120)
    why_ru = forms.CharField(label=_("Reason in Russian"), required=False, max_length=120)
    why_en = forms.CharField(label=_("Reason in English"), required=False, max_length=120)

    class Meta:
        model = SpecialDay
        fields = ["first", "last", "opens", "closes"]

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
        self.instance.why = {code: cleaned.get(f"why_{code}") or "" for code in Language.values}
        return cleaned


SpecialDaysFormSet = formset_factory(
    SpecialDaysForm, extra=1, max_num=MOST_SPECIAL, absolute_max=MOST_SPECIAL
)


class HoursForm(WeekForm):
    """Opening hours of an event's run, with its special days as the formset `specials`.

    The button “Another row” (`add`) adds a row and keeps the input.
    """

    def __init__(self, data: QueryDict | None = None, *, event: Event, **kwargs: Any) -> None:
        initial: dict[str, datetime.time] = {}
        for weekday, rows in groupby(event.hours.all(), key=lambda row: row.weekday):
            for part, row in zip(DAY_PARTS, rows, strict=False):
                initial |= {f"{part}_opens_{weekday}": row.opens, f"{part}_closes_{weekday}": row.closes}
        super().__init__(data, initial=initial, **kwargs)
        self.adds_row = data is not None and "add" in data
        days = [
            {**model_to_dict(row), **{f"why_{code}": text for code, text in row.why.items()}}
            for row in event.special_days.all()
        ]
        if data is not None and self.adds_row:
            data = data.copy()
            count = data.get("special-TOTAL_FORMS", "")
            is_number = count.isdecimal() and len(count) < 5
            data["special-TOTAL_FORMS"] = str(int(count) + 1) if is_number else "1"
        self.specials = SpecialDaysFormSet(data, prefix="special", initial=days)

    def is_valid(self) -> bool:
        return super().is_valid() and self.specials.is_valid()

    @property
    def week(self) -> list[OpeningHours]:
        """Return the weekly hours as unsaved rows. Only of a valid form."""
        return [OpeningHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in self.hours]

    @property
    def special_days(self) -> list[SpecialDay]:
        """Return the special days as unsaved rows. Only of a valid form."""
        return [form.instance for form in self.specials if form.counts]


class MomentsMixin(forms.BaseForm):
    """Pairs of fields `<name>_on` and `<name>_at`: a day and a local time, for each name in `moments`."""

    moments: tuple[str, ...] = ()

    def set_initial_moments(self, zone: datetime.tzinfo, **moments: datetime.datetime | None) -> None:
        for name, moment in moments.items():
            if moment is not None:
                local = moment.astimezone(zone)
                self.initial.update({f"{name}_on": local.date(), f"{name}_at": local.time()})

    def clean_moments(self, cleaned: dict[str, Any], zone: datetime.tzinfo) -> dict[str, Any]:
        """Replace each pair by one aware moment `<name>_at`, None if both are empty."""
        for name in self.moments:
            day, time = f"{name}_on", f"{name}_at"
            if bool(cleaned.get(day)) != bool(cleaned.get(time)) and not {day, time} & self.errors.keys():
                self.add_error(time, _("Give both the day and the time, or neither."))
        if self.errors:
            return cleaned
        for name in self.moments:
            day, time = cleaned.pop(f"{name}_on"), cleaned[f"{name}_at"]
            cleaned[f"{name}_at"] = datetime.datetime.combine(day, time, tzinfo=zone) if day else None
        return cleaned
