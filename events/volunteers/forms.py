"""Shift forms: one shift, shifts from opening hours, common settings, links, sign-up."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.applicants.forms import MailAddressField, PersonNameField
from coalition.core.localized_text import LocalizedTextarea, content_languages, typed_field
from events.core.enums import Weekday
from events.core.forms.planning import phone_field
from events.core.forms.times import DateInput, TimeInput, date_field
from events.volunteers.models import AgeStatement, Shift, ShiftLink, ShiftPlan
from events.volunteers.notifications import shift_choice_label

NO_TITLE = _("Say what is to be done, in at least one language.")


class ShiftForm(forms.ModelForm[Shift]):
    """One shift."""

    class Meta:
        model = Shift
        fields = ("title", "place", "on", "begins", "ends", "needed")
        widgets = {"on": DateInput(), "begins": TimeInput(), "ends": TimeInput()}
        error_messages = {"title": {"required": NO_TITLE}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("begins") and cleaned.get("begins") == cleaned.get("ends"):
            self.add_error("ends", _("A shift ends at another time than it begins."))
        return cleaned


class FromHoursForm(forms.ModelForm[Shift]):
    """Rule for shifts from opening hours."""

    parts = forms.TypedChoiceField(
        label=_("Shifts in each opening"), coerce=int, choices=[(one, one) for one in (1, 2, 3, 4)], initial=2
    )
    early = forms.IntegerField(
        label=_("Minutes before it opens"), min_value=0, max_value=180, initial=15, required=False
    )
    late = forms.IntegerField(
        label=_("Minutes after it closes"), min_value=0, max_value=180, initial=15, required=False
    )
    first = date_field(label=pgettext_lazy("a first day", "From"))
    last = date_field(label=pgettext_lazy("a last day", "Until"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=Weekday,
        initial=list(Weekday.values),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Days on which it is closed are left out by themselves."),
    )

    class Meta:
        model = Shift
        fields = ("title", "place", "needed")
        labels = {"needed": _("People needed in each")}
        error_messages = {"title": {"required": NO_TITLE}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned


class ShiftPlanForm(forms.ModelForm[ShiftPlan]):
    """Settings of all shifts."""

    class Meta:
        model = ShiftPlan
        fields = ("caller_name", "caller_phone", "asks_age", "brief")
        widgets = {
            "caller_name": forms.TextInput(),
            "caller_phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "brief": LocalizedTextarea(attrs={"rows": 6}),
        }


class ShiftLinkForm(forms.ModelForm[ShiftLink]):
    """A link for people without an account."""

    until = date_field(label=_("Opens until"), help_text=_("The whole of that day."))

    class Meta:
        model = ShiftLink
        fields = ("name",)


class MemberSignUpForm(forms.Form):
    """Sign-up with an account: name and address are known."""

    shifts = forms.MultipleChoiceField(label=_("Shifts"), widget=forms.CheckboxSelectMultiple)
    phone = phone_field()
    grown = forms.ChoiceField(label=_("Your age"), widget=forms.RadioSelect, choices=AgeStatement.choices[1:])
    briefed = forms.BooleanField(label=_("I have read the safety brief"))

    def __init__(self, *args: Any, shifts: list[Shift], plan: ShiftPlan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shifts = {str(one.uuid): one for one in shifts}
        field = typed_field(self.fields, "shifts", forms.MultipleChoiceField)
        field.choices = [(key, shift_choice_label(one)) for key, one in self._shifts.items()]
        field.error_messages["invalid_choice"] = _(
            "One of the shifts is not free any more. Look at the list again."
        )
        if plan is None or not plan.asks_age:
            del self.fields["grown"]
        if plan is None or not plan.brief:
            del self.fields["briefed"]

    def clean_shifts(self) -> list[UUID]:
        """Return the chosen shifts; overlapping ones are rejected."""
        chosen = [self._shifts[one] for one in self.cleaned_data["shifts"]]
        chosen.sort(key=lambda one: one.starts_at)
        if any(after.starts_at < before.ends_at for before, after in pairwise(chosen)):
            raise forms.ValidationError(_("Two of these shifts overlap: choose one of them."))
        return [one.uuid for one in chosen]


class SignUpForm(MemberSignUpForm):
    """Sign-up without an account."""

    name = PersonNameField(label=_("Your name"))
    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We send a link there. The shift is yours once you opened it and pressed the button."),
    )
    language = forms.ChoiceField(label=_("We write to you in"), choices=content_languages)
    field_order = ("shifts", "name", "address", "phone", "language", "grown", "briefed")
