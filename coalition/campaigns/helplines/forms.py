"""What people fill in about a helpline: the entry, its channels, its hours, its special days."""

import datetime
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.helplines.contact import LONGEST_VALUE, clean_channel
from coalition.campaigns.helplines.content import CONTENT_FIELDS
from coalition.campaigns.helplines.enums import Answered, ChannelKind, RunBy
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.campaigns.helplines.queries import today
from coalition.campaigns.helplines.wording import looks_like_address
from coalition.core.localized_text import (
    LocalizedTextarea,
    LocalizedTextFormField,
    content_languages,
    typed_field,
)
from events.core.enums import Weekday
from events.core.forms.times import DAY_PARTS, DateInput, WeekForm, date_field, time_field

MOST_CHANNELS: Final = 12
MOST_DAYS: Final = 40
_FARTHEST: Final = datetime.timedelta(days=3 * 366)  # special days and licences


class EntryForm(forms.ModelForm[HelplineEntry]):
    """The entry of a line, but for channels and times, which have forms of their own."""

    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say at least one language in which the line answers.")},
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        choices=list(REGIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none if it helps people from all of Kazakhstan."),
    )
    has_called = forms.BooleanField(
        label=_("I called today: everything is as written here"),
        required=False,
        help_text=_("Needed before review if you change anything that a caller meets."),
    )
    address_is_open = forms.BooleanField(
        label=_("Everybody may know this address: no shelter is there"), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100)

    class Meta:
        model = HelplineEntry
        fields = (
            "name",
            "summary",
            "run_by",
            "operator",
            "is_round_the_clock",
            "is_closed_on_holidays",
            "languages",
            "regions",
            "cost",
            "is_anonymous",
            "is_recorded",
            "passed_to_police",
            "licence_until",
        )
        widgets = {
            "run_by": forms.RadioSelect,
            "cost": forms.RadioSelect,
            "is_anonymous": forms.RadioSelect,
            "is_recorded": forms.RadioSelect,
            "summary": LocalizedTextarea({"rows": 2}),
            "passed_to_police": LocalizedTextarea({"rows": 3}),
            "licence_until": DateInput(),
        }
        help_texts = {
            "name": _("As callers know it."),
            "summary": _("No address of a shelter, and nothing by which somebody could find it."),
            "operator": _("Only if another body runs it. Your own organisation is named by its listing."),
            "passed_to_police": _(
                "People decide by this whether to call. Say what is passed on, when, and whether they are"
                " asked before. If nothing is: say so."
            ),
            "licence_until": _("The day until which it may work. Empty if there is no such day."),
            "is_recorded": _("Whether calls or chats are recorded."),
        }

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[Organisation] = (),
        viewer: Viewer,
        seen: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "languages", forms.MultipleChoiceField).choices = content_languages()
        self.fields["seen"].initial = seen
        for name in ("is_anonymous", "is_recorded"):  # no empty choice among radio buttons
            typed_field(self.fields, name, forms.ChoiceField).choices = Answered.choices
        owners = list(organisations)
        if len(owners) > 1:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("Which organisation answers for it"),
                choices=[(str(one.uuid), display_name_for(viewer, one)) for one in owners],
                help_text=_("Its members are asked every month whether everything is still as written."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        runs = cleaned.get("run_by")
        if (
            runs
            and runs != RunBy.ORGANISATION
            and not cleaned.get("operator")
            and "operator" not in self.errors
        ):
            self.add_error("operator", _("Say who runs it."))
        return cleaned

    def clean_licence_until(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["licence_until"]
        if day is not None and day < today():
            raise ValidationError(_("This day is past: a line without a licence is not shown."))
        return day


class ChannelForm(forms.Form):
    """One way to reach the line. A row without a number or address counts for nothing."""

    kind = forms.ChoiceField(label=_("Way"), choices=ChannelKind.choices, initial=ChannelKind.PHONE)
    value = forms.CharField(
        label=_("Number, address or name"), required=False, max_length=LONGEST_VALUE, empty_value=""
    )
    note = LocalizedTextFormField(
        label=_("Note"),
        required=False,
        max_length=120,
        help_text=_("For example: text messages only. No address of a shelter."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind, value = cleaned.get("kind"), cleaned.get("value", "")
        if not value and cleaned.get("note") and "value" not in self.errors:
            self.add_error("value", _("A note needs a number, an address or a name."))
        if kind and value:
            try:
                cleaned["value"] = clean_channel(ChannelKind(kind), value)
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


class BaseChannelFormSet(BaseFormSet[ChannelForm]):
    """One channel at least, none twice."""

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = [(row["kind"], row["value"]) for row in stored_channels(self)]
        if not rows:
            raise ValidationError(_("Give at least one way to reach the line."))
        if len(set(rows)) < len(rows):
            raise ValidationError(_("The same number or address is there twice."))


def stored_channels(forms_: BaseFormSet[ChannelForm]) -> list[dict[str, Any]]:
    """Return the channels of valid forms as an entry keeps them."""
    return [
        {"kind": data["kind"], "value": data["value"], "note": dict(data["note"])}
        for data in (form.cleaned_data for form in forms_)
        if data.get("value")
    ]


class HelplineWeekForm(WeekForm):
    """Weekly hours. A line may close after midnight: then its closing is not after its opening."""

    def check_opening(
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
        elif opens and opens == closes:
            self.add_error(last, _SAME_TIME)
        elif opens and before and (opens < before or self._is_over_midnight(first)):
            self.add_error(first, _("The second opening begins before the first ends."))

    def _is_over_midnight(self, second: str) -> bool:
        """Whether the first opening of the day of this second one ends after midnight."""
        day = second.rsplit("_", 1)[1]
        opens, closes = (self.cleaned_data.get(f"{DAY_PARTS[0]}_{end}_{day}") for end in ("opens", "closes"))
        return bool(opens and closes and closes <= opens)

    @property
    def stored(self) -> list[dict[str, Any]]:
        """Return the hours as an entry keeps them."""
        return [
            {"weekday": day, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
            for day, opens, closes in self.hours
        ]


class SpecialDayForm(forms.Form):
    """A day with other hours, closed where no times are given. An empty row counts for nothing."""

    date = date_field(label=_("Day"), required=False)
    opens = time_field(label=_("Opens"), required=False)
    closes = time_field(label=_("Closes"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day, opens, closes = (cleaned.get(name) for name in ("date", "opens", "closes"))
        if self.errors:
            return cleaned
        if day is None:
            if opens or closes:
                self.add_error("date", _("Say on which day it differs."))
        elif day < today():
            self.add_error("date", _("This day is past."))
        elif day > today() + _FARTHEST:
            self.add_error("date", _("This day is more than three years away."))
        if (opens is None) != (closes is None):
            self.add_error("opens" if opens is None else "closes", _("Give both times, or none if closed."))
        elif opens and opens == closes:
            self.add_error("closes", _SAME_TIME)
        return cleaned


class BaseSpecialDayFormSet(BaseFormSet[SpecialDayForm]):
    """No day twice."""

    def clean(self) -> None:
        if any(self.errors):
            return
        days = [row["date"] for row in stored_days(self)]
        if len(set(days)) < len(days):
            raise ValidationError(_("The same day is there twice."))


def stored_days(forms_: BaseFormSet[SpecialDayForm]) -> list[dict[str, str]]:
    """Return the special days of valid forms as an entry keeps them, in order."""
    found = [
        {
            "date": data["date"].isoformat(),
            "opens": f"{data['opens']:%H:%M}" if data["opens"] else "",
            "closes": f"{data['closes']:%H:%M}" if data["closes"] else "",
        }
        for data in (form.cleaned_data for form in forms_)
        if data.get("date")
    ]
    return sorted(found, key=lambda row: row["date"])


_SAME_TIME: Final = _("It closes when it opens. For a line that never closes, choose “day and night”.")
ChannelFormSet = formset_factory(
    ChannelForm, formset=BaseChannelFormSet, extra=1, max_num=MOST_CHANNELS, absolute_max=MOST_CHANNELS
)
SpecialDayFormSet = formset_factory(
    SpecialDayForm,
    formset=BaseSpecialDayFormSet,
    extra=1,
    max_num=MOST_DAYS,
    absolute_max=MOST_DAYS,
)


class HelplineForms:
    """All forms of one entry, as one. `add`: “channel” or “special” where one more row was asked for."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        entry: HelplineEntry | None,
        viewer: Viewer,
        organisations: Iterable[Organisation] = (),
        seen: str = "",
    ) -> None:
        rows = _with_more_rows(data) if data is not None else None
        self.entry = EntryForm(
            rows, instance=_copy(entry), viewer=viewer, organisations=organisations, seen=seen
        )
        self.channels = ChannelFormSet(
            rows, prefix="channel", initial=[dict(one) for one in entry.channels] if entry else None
        )
        self.week = HelplineWeekForm(rows, initial=_initial_week(entry) if entry else None)
        self.special_days = SpecialDayFormSet(
            rows, prefix="special", initial=_initial_days(entry) if entry else None
        )
        self.wants_row = data is not None and "add" in data

    def is_valid(self) -> bool:
        """Whether all of it is; every form is asked, so that every mistake is shown at once."""
        valid = self.entry.is_valid() & self.week.is_valid()
        valid &= self.channels.is_valid() & self.special_days.is_valid()
        valid &= self._addresses_are_open()
        if valid and not self.entry.cleaned_data["is_round_the_clock"] and not self.week.stored:
            self.entry.add_error(
                "is_round_the_clock", _("Give the hours of at least one day, or choose “day and night”.")
            )
            return False
        return valid

    def _addresses_are_open(self) -> bool:
        """Ask about what looks like the address of a street, unless the author has answered."""
        data = self.entry.cleaned_data
        texts = [text for name in _FREE_TEXTS for text in (data.get(name) or {}).values()]
        texts += [text for row in self.channels for text in (row.cleaned_data.get("note") or {}).values()]
        if data.get("address_is_open") or not any(looks_like_address(text) for text in texts):
            return True
        self.entry.add_error(
            "address_is_open",
            _("This looks like the address of a street. Take it out if people hide there; else tick this."),
        )
        return False

    def show_changed(self, stamp: str) -> None:
        """After `EntryChanged`: leave what was typed, and let it be saved over what is saved now.

        `stamp`: that of the entry in work as the page shows it now.
        """
        rows = QueryDict(mutable=True)
        rows.update(self.entry.data)
        rows["seen"] = stamp
        self.entry.data = rows

    def content(self) -> dict[str, Any]:
        """Return the values of `CONTENT_FIELDS`."""
        times = {
            "channels": stored_channels(self.channels),
            "hours": self.week.stored,
            "special_days": stored_days(self.special_days),
        }
        data = self.entry.cleaned_data | times
        return {name: data[name] for name in CONTENT_FIELDS}


_FREE_TEXTS: Final = ("name", "summary", "operator", "passed_to_police")


def _copy(entry: HelplineEntry | None) -> HelplineEntry | None:
    """The form writes into its instance: never into the row that the page shows."""
    if entry is None:
        return None
    return HelplineEntry(**{name: getattr(entry, name) for name in CONTENT_FIELDS})


def _with_more_rows(data: QueryDict) -> QueryDict:
    """Return what was sent, with one more row of what somebody asked for (`add`)."""
    wanted = data.get("add")
    if wanted not in ("channel", "special"):
        return data
    name = f"{wanted}-TOTAL_FORMS"
    changed = data.copy()
    count = str(changed.get(name, ""))
    changed[name] = str(int(count) + 1) if count.isdecimal() and len(count) < 4 else "1"
    return changed


def _initial_week(entry: HelplineEntry) -> dict[str, str]:
    initial: dict[str, str] = {}
    for day in Weekday:
        rows = sorted((row for row in entry.hours if row["weekday"] == day), key=lambda row: row["opens"])
        for part, row in zip(DAY_PARTS, rows, strict=False):
            initial[f"{part}_opens_{day}"], initial[f"{part}_closes_{day}"] = row["opens"], row["closes"]
    return initial


def _initial_days(entry: HelplineEntry) -> list[dict[str, str]]:
    """Days that are over are not offered again."""
    return [dict(row) for row in entry.special_days if row["date"] >= today().isoformat()]


class ReviewForm(forms.Form):
    """What a reviewer says who publishes an entry."""

    no_shelter = forms.BooleanField(
        label=_("I read every word: no address of a shelter stands in it, and nothing by which to find one"),
        error_messages={"required": _("Read every word of it, then tick this.")},
    )


class NoteForm(forms.Form):
    """What has to change before an entry can be published."""

    note = forms.CharField(
        label=_("What has to change"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organisation that wrote it reads this."),
    )


class SuspensionForm(forms.Form):
    """Why the public must not see a line for now."""

    reason = forms.CharField(
        label=_("Why it must be hidden"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The organisation that answers for it reads this. Name nobody who called."),
    )
