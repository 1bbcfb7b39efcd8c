"""Shift forms: one shift, shifts from opening hours, common settings, links."""

import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.typed_field import typed_field
from events.core.enums import Weekday
from events.core.forms.planning import TitlesForm, initial_titles, phone_field
from events.core.forms.times import date_field, time_field
from events.core.models import Event
from events.volunteers.actions.shifts import MOST_NEEDED, ShiftInput, ShiftPattern, ShiftPlanInput
from events.volunteers.actions.sign_up import SignUpInput
from events.volunteers.enums import AgeStatement
from events.volunteers.facts import shift_choice_label
from events.volunteers.models import Shift, ShiftPlan


class _ShiftTextForm(TitlesForm):
    """Task and place in three languages."""

    missing = _("Say what is to be done, in at least one language.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in Language:
            field = forms.CharField(
                label=_("Place, %(language)s") % {"language": code.label}, required=False, max_length=160
            )
            field.widget.attrs["lang"] = code.value
            self.fields[f"place_{code}"] = field

    @property
    def place_fields(self) -> list[BoundField]:
        return [self[f"place_{code}"] for code in Language]

    @property
    def other_fields(self) -> list[BoundField]:
        places = {field.name for field in self.place_fields}
        return [field for field in super().other_fields if field.name not in places]

    @property
    def places(self) -> dict[str, str]:
        return {code.value: self.cleaned_data[f"place_{code}"] for code in Language}


class ShiftForm(_ShiftTextForm):
    """One shift."""

    on = date_field(label=_("Day"))
    begins = time_field(label=_("From"))
    ends = time_field(
        label=_("Until"), help_text=_("A shift that ends before it begins ends on the next day.")
    )
    needed = forms.IntegerField(label=_("People needed"), min_value=1, max_value=MOST_NEEDED, initial=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("begins") and cleaned.get("begins") == cleaned.get("ends"):
            self.add_error("ends", _("A shift ends at another time than it begins."))
        return cleaned

    @property
    def work(self) -> ShiftInput:
        sent = self.cleaned_data
        return ShiftInput(self.titles, sent["on"], sent["begins"], sent["ends"], sent["needed"], self.places)


def initial_shift(shift: Shift) -> dict[str, object]:
    """Return initial form values for a shift."""
    places = {f"place_{code}": shift.place.get(code, "") for code in Language.values}
    own = {"on": shift.on, "begins": shift.begins, "ends": shift.ends, "needed": shift.needed}
    return {**initial_titles(shift.title), **places, **own}


class FromHoursForm(_ShiftTextForm):
    """Rule for shifts from opening hours."""

    needed = forms.IntegerField(
        label=_("People needed in each"), min_value=1, max_value=MOST_NEEDED, initial=2
    )
    parts = forms.TypedChoiceField(
        label=_("Shifts in each opening"), coerce=int, choices=[(one, one) for one in (1, 2, 3, 4)], initial=2
    )
    early = forms.IntegerField(
        label=_("Minutes before it opens"), min_value=0, max_value=180, initial=15, required=False
    )
    late = forms.IntegerField(
        label=_("Minutes after it closes"), min_value=0, max_value=180, initial=15, required=False
    )
    first = date_field(label=_("From"))
    last = date_field(label=_("Until"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=Weekday,
        initial=list(Weekday.values),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Days on which it is closed are left out by themselves."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned

    @property
    def pattern(self) -> ShiftPattern:
        sent = self.cleaned_data
        return ShiftPattern(
            title=self.titles,
            needed=sent["needed"],
            first=sent["first"],
            last=sent["last"],
            weekdays=tuple(sent["weekdays"]),
            parts=sent["parts"],
            early=sent["early"] or 0,
            late=sent["late"] or 0,
            place=self.places,
        )


class ShiftPlanForm(forms.Form):
    """Settings of all shifts."""

    caller_name = forms.CharField(
        label=_("A person to call"),
        required=False,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
    )
    caller_phone = forms.CharField(
        label=_("Their phone"),
        required=False,
        max_length=40,
        validators=[validate_single_line, validate_visible_characters],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("Only volunteers who signed up, and people who prepare the event, read it."),
    )
    asks_age = forms.BooleanField(
        label=_("Ask whether volunteers are 18"),
        required=False,
        help_text=_("Who is younger says that a parent or guardian agrees. No date of birth is kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in Language:
            field = forms.CharField(
                label=_("Safety brief, %(language)s") % {"language": code.label},
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 6, "lang": code.value}),
            )
            self.fields[f"brief_{code}"] = field

    @property
    def around(self) -> ShiftPlanInput:
        sent = self.cleaned_data
        brief = {code.value: sent[f"brief_{code}"] for code in Language}
        return ShiftPlanInput(brief, sent["caller_name"], sent["caller_phone"], sent["asks_age"])


def initial_shift_plan(plan: ShiftPlan | None) -> dict[str, object]:
    """Return initial form values."""
    if plan is None:
        return {}
    brief = {f"brief_{code}": plan.brief.get(code, "") for code in Language.values}
    own = {"caller_name": plan.caller_name, "caller_phone": plan.caller_phone, "asks_age": plan.asks_age}
    return {**brief, **own}


class ShiftLinkForm(forms.Form):
    """A link for people without an account."""

    name = forms.CharField(
        label=_("For whom"),
        required=False,
        max_length=80,
        help_text=_("So that you know it again: a university, a chat. Not told to anybody."),
    )
    until = date_field(label=_("Opens until"), help_text=_("The whole of that day."))

    def ends(self, event: Event) -> datetime.datetime:
        """Return the end of that day, local to the event, as an aware moment."""
        day = self.cleaned_data["until"]
        return datetime.datetime.combine(day, datetime.time(23, 59), tzinfo=event.zone_info)


def initial_pattern(event: Event, first: datetime.date) -> dict[str, object]:
    """Return initial values: the rest of the run."""
    begins = max(first, event.run_from or event.starts_on)
    return {"first": begins, "last": event.run_until or event.ends_on}


# --- sign up ---
# Sign-up forms: shifts, personal data, confirmation of the safety brief.


class MemberSignUpForm(forms.Form):
    """Sign-up with an account: name and address are known."""

    shifts = forms.MultipleChoiceField(label=_("Shifts"), widget=forms.CheckboxSelectMultiple)
    phone = phone_field()
    grown = forms.ChoiceField(label=_("Your age"), widget=forms.RadioSelect, choices=AgeStatement.choices[1:])
    briefed = forms.BooleanField(label=_("I have read the safety brief"))

    def __init__(
        self, *args: Any, event: Event, shifts: list[Shift], plan: ShiftPlan | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._shifts = {str(one.uuid): one for one in shifts}
        field = typed_field(self.fields, "shifts", forms.MultipleChoiceField)
        field.choices = [(key, shift_choice_label(one, event)) for key, one in self._shifts.items()]
        field.error_messages["invalid_choice"] = _(
            "One of the shifts is not free any more. Look at the list again."
        )
        if plan is None or not plan.asks_age:
            del self.fields["grown"]
        if plan is None or not any(plan.brief.values()):
            del self.fields["briefed"]

    @property
    def has_free(self) -> bool:
        """Whether there are shifts to choose."""
        return bool(self._shifts)

    def clean_shifts(self) -> list[UUID]:
        """Return the chosen shifts; overlapping ones are rejected."""
        chosen = [self._shifts[one] for one in self.cleaned_data["shifts"]]
        chosen.sort(key=lambda one: one.starts_at)
        if any(after.starts_at < before.ends_at for before, after in pairwise(chosen)):
            raise forms.ValidationError(_("Two of these shifts overlap: choose one of them."))
        return [one.uuid for one in chosen]

    def signing_up(self, *, name: str, address: str, language: Language) -> SignUpInput:
        sent = self.cleaned_data
        return SignUpInput(
            name=name,
            address=address,
            phone=sent["phone"],
            language=language,
            shifts=sent["shifts"],
            briefed=sent.get("briefed", False),
            grown=AgeStatement(sent.get("grown", "")),
        )


class SignUpForm(MemberSignUpForm):
    """Sign-up without an account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("We send a link there. The shift is yours once you opened it and pressed the button."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("We write to you in"), choices=Language)
    field_order = ("shifts", "name", "address", "phone", "language", "grown", "briefed")

    @property
    def asking(self) -> SignUpInput:
        sent = self.cleaned_data
        return self.signing_up(
            name=sent["name"], address=sent["address"], language=Language(sent["language"])
        )
