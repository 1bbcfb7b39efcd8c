"""What a volunteer fills in: which shifts, who they are, that they read the safety brief."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.applicants.validators import one_line, whole_line
from coalition.core.typed_field import own_field
from events.core.models.event import Event
from events.volunteers.actions.sign_up import SigningUp
from events.volunteers.enums import Grown
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.presenters.facts import offered_words


def phone_field() -> forms.CharField:
    return forms.CharField(
        label=_("Phone"),
        max_length=40,
        validators=[one_line, whole_line],
        help_text=_("So that you can be reached on the day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


class MemberForm(forms.Form):
    """Somebody with an account: name and address are known."""

    shifts = forms.MultipleChoiceField(label=_("Shifts"), widget=forms.CheckboxSelectMultiple)
    phone = phone_field()
    grown = forms.ChoiceField(label=_("Your age"), widget=forms.RadioSelect, choices=Grown.choices[1:])
    briefed = forms.BooleanField(label=_("I have read the safety brief"))

    def __init__(
        self, *args: Any, event: Event, shifts: list[Shift], plan: ShiftPlan | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._shifts = {str(one.uuid): one for one in shifts}
        field = own_field(self.fields, "shifts", forms.MultipleChoiceField)
        field.choices = [(key, offered_words(one, event)) for key, one in self._shifts.items()]
        field.error_messages["invalid_choice"] = _(
            "One of the shifts is not free any more. Look at the list again."
        )
        if plan is None or not plan.asks_age:
            del self.fields["grown"]
        if plan is None or not any(plan.brief.values()):
            del self.fields["briefed"]

    @property
    def has_free(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._shifts)

    def clean_shifts(self) -> list[UUID]:
        """The chosen ones. One person is at one place: those that overlap are refused."""
        chosen = [self._shifts[one] for one in self.cleaned_data["shifts"]]
        chosen.sort(key=lambda one: one.starts_at)
        if any(after.starts_at < before.ends_at for before, after in pairwise(chosen)):
            raise forms.ValidationError(_("Two of these shifts overlap: choose one of them."))
        return [one.uuid for one in chosen]

    def signing_up(self, *, name: str, address: str, language: Language) -> SigningUp:
        sent = self.cleaned_data
        return SigningUp(
            name=name,
            address=address,
            phone=sent["phone"],
            language=language,
            shifts=sent["shifts"],
            briefed=sent.get("briefed", False),
            grown=Grown(sent.get("grown", "")),
        )


class SignUpForm(MemberForm):
    """Somebody without an account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[one_line, whole_line],
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
    def asking(self) -> SigningUp:
        sent = self.cleaned_data
        return self.signing_up(
            name=sent["name"], address=sent["address"], language=Language(sent["language"])
        )
