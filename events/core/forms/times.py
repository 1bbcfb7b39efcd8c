"""What people fill in about when an event is: once, on several days, again and again."""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.accounts.enums import Language
from coalition.core.typed_field import typed_field
from events.core.actions.proposal import Planned
from events.core.enums import EventKind, Frequency, Weekday
from events.core.facts import Rule
from events.core.models import Event

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
    """The browser's own control for a day."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own control for a time of day."""

    input_type = "time"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


def date_field(**given: Any) -> forms.DateField:
    return forms.DateField(widget=DateInput(), **given)


def time_field(**given: Any) -> forms.TimeField:
    return forms.TimeField(widget=TimeInput(), **given)


def zone_choices(kept: str = "") -> list[tuple[str, Any]]:
    """The zones offered; one that the event has already is among them, whatever it is."""
    known: list[tuple[str, Any]] = list(ZONES)
    if kept and kept not in dict(ZONES):
        known.append((kept, kept.replace("_", " ")))
    return known


class WhenForm(forms.Form):
    """Day and time on the wall of the place. Without a time it is a whole day.

    After cleaning, `ends_on` is always a day, and the times are None for a whole day.
    """

    whole_day = forms.BooleanField(label=_("The whole day"), required=False)
    starts_on = date_field(label=_("Date"), required=False)
    starts_at_time = time_field(label=_("Begins at"), required=False)
    ends_at_time = time_field(label=_("Ends at"), required=False)
    ends_on = date_field(
        label=_("Last date"), required=False, help_text=_("Only if it ends on another day than it begins.")
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Asia/Almaty")

    length = datetime.timedelta(hours=1)  # where nobody says when it ends

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = typed_field(self.fields, "zone", forms.ChoiceField)
        zone.choices = zone_choices(str(self.initial.get("zone", "")))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "starts_on" not in self.fields:
            return cleaned  # the times of an event that was told are not changed but moved
        if cleaned.get("whole_day"):
            cleaned["starts_at_time"] = cleaned["ends_at_time"] = None
        elif not cleaned.get("starts_at_time") and "starts_at_time" not in self.errors:
            self.add_error("starts_at_time", _("Say when it begins, or tick “The whole day”."))
        if cleaned.get("starts_on"):
            self._settle_end(cleaned)
        elif "starts_on" not in self.errors:
            self.add_error("starts_on", _("Say on which day it is."))
        return cleaned

    def _settle_end(self, cleaned: dict[str, Any]) -> None:
        begins, ends = cleaned.get("starts_at_time"), cleaned.get("ends_at_time")
        day: datetime.date = cleaned["starts_on"]
        last: datetime.date = cleaned.get("ends_on") or day
        if begins and not ends and "ends_at_time" not in self.errors:
            at = datetime.datetime.combine(last, begins) + self.length_for(cleaned)
            cleaned["ends_on"], cleaned["ends_at_time"] = at.date(), at.time()
            return
        cleaned["ends_on"] = last
        if last < day:
            self.add_error("ends_on", _("The last date is before the first."))
        elif begins and ends and last == day and ends < begins:
            self.add_error(
                "ends_at_time", _("It ends before it begins. If it ends after midnight, give the last date.")
            )

    def length_for(self, cleaned: dict[str, Any]) -> datetime.timedelta:
        """How long it lasts where nobody says it: a deadline is a moment."""
        return datetime.timedelta() if self.kind_in(cleaned) == EventKind.DEADLINE else self.length

    def kind_in(self, cleaned: dict[str, Any]) -> str:
        """The kind of event whose times these are."""
        kind: str = cleaned.get("kind", "")
        return kind


class RepeatForm(WhenForm):
    """How an event comes again, and the days on which something is open."""

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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "frequency" not in self.fields:
            return cleaned
        if not cleaned.get("frequency"):
            cleaned.update(interval=1, weekdays=[], repeat_until=None)
            return cleaned
        cleaned["interval"] = cleaned.get("interval") or 1
        if cleaned["frequency"] != Frequency.WEEKLY:
            cleaned["weekdays"] = []
        self._begin_on_one_of_them(cleaned)
        until, begins = cleaned.get("repeat_until"), cleaned.get("starts_on")
        if until and begins and until < begins:
            self.add_error("repeat_until", _("The last time is before the first."))
        return cleaned

    def _begin_on_one_of_them(self, cleaned: dict[str, Any]) -> None:
        """The first date is the first of the weekdays ticked: calendars leave a rule's start nowhere else."""
        day, weekdays = cleaned.get("starts_on"), cleaned.get("weekdays")
        if not day or not weekdays:
            return
        days = min((weekday - day.weekday()) % 7 for weekday in weekdays)
        for name in ("starts_on", "ends_on"):
            if cleaned.get(name):
                cleaned[name] += datetime.timedelta(days=days)

    @property
    def rule(self) -> Rule | None:
        """How it comes again. Only of a valid form."""
        cleaned = self.cleaned_data
        if not cleaned.get("frequency"):
            return None
        return Rule(
            frequency=Frequency(cleaned["frequency"]),
            interval=cleaned["interval"],
            weekdays=tuple(sorted(cleaned["weekdays"])),
            until=cleaned["repeat_until"],
        )


class RunForm(WhenForm):
    """From which day to which something is open."""

    run_from = date_field(
        label=_("Open from"),
        required=False,
        help_text=_("The first day for visitors. The opening night stands above, with its own time."),
    )
    run_until = date_field(label=_("Open until"), required=False)

    def clean(self) -> dict[str, Any]:
        self._begin_with_the_run()
        cleaned = super().clean()
        if self.kind_in(cleaned) != EventKind.EXHIBITION:
            cleaned.update(run_from=None, run_until=None)
        first, last = cleaned.get("run_from"), cleaned.get("run_until")
        if first and not last and "run_until" not in self.errors:
            self.add_error("run_until", _("Give the last day as well."))
        elif last and not first and "run_from" not in self.errors:
            self.add_error("run_from", _("Give the first day as well."))
        elif first and last and last < first:
            self.add_error("run_until", _("The last day is before the first."))
        return cleaned

    def _begin_with_the_run(self) -> None:
        """What is open over days without an opening night begins on its first day."""
        cleaned = self.cleaned_data
        runs = self.kind_in(cleaned) == EventKind.EXHIBITION and cleaned.get("run_from")
        if runs and not cleaned.get("starts_on") and not cleaned.get("starts_at_time"):
            cleaned.update(starts_on=cleaned["run_from"], whole_day=True)


class TimesForm(RunForm, RepeatForm):
    """Everything about when."""

    def without_times(self) -> None:
        """Take the times out of the form."""
        for name in list(self.fields):
            if name in TimesForm.base_fields:
                del self.fields[name]

    @property
    def times(self) -> Planned | None:
        """The times as a proposal; None if the form does not ask for them. Only of a valid form."""
        cleaned = self.cleaned_data
        if "starts_on" not in self.fields:
            return None
        return Planned(
            starts_on=cleaned["starts_on"],
            starts_at_time=cleaned["starts_at_time"],
            ends_on=cleaned["ends_on"],
            ends_at_time=cleaned["ends_at_time"],
            zone=cleaned["zone"],
            rule=self.rule,
            run_from=cleaned["run_from"],
            run_until=cleaned["run_until"],
        )


def initial_times(event: Event, at: str = "") -> dict[str, Any]:
    """What the form shows of an event's times before anybody types.

    `at`: a local start that somebody chose instead ("2026-03-03T11:00"); it lasts as long then.
    """
    names = ("starts_on", "starts_at_time", "ends_on", "ends_at_time", "zone", "run_from", "run_until")
    rule = ("frequency", "interval", "weekdays", "repeat_until")
    initial = {name: getattr(event, name) for name in (*names, *rule)}
    initial["whole_day"] = event.all_day
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


# --- opening hours ---
# Opening hours as people fill them in: a row a weekday with a break at noon if there is one, and days
# that differ. Rows are added by a button of the form, so that no script is needed.


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
