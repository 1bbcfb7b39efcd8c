"""Press registration forms for organisers and journalists."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.applicants.forms import (
    MailAddressField,
    PersonNameField,
    validate_single_line,
    validate_visible_characters,
)
from coalition.core.localized_text import content_languages
from events.core.enums import PressState
from events.core.forms.times import date_field, time_field
from events.core.models import Event, PressRegistration
from events.press.registration.actions import MOST_PLACES, PressRequest, PressTerms
from events.press.registration.enums import Equipment
from events.press.registration.queries import PressGuestFilter


class PressTermsForm(forms.Form):
    """Terms of press registration."""

    places = forms.IntegerField(label=_("Places for the press"), min_value=1, max_value=MOST_PLACES)
    per_outlet = forms.IntegerField(
        label=_("At most from one outlet"),
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("Whoever is one too many comes on the waiting list."),
    )
    closes_on = date_field(
        label=_("Closes on"), required=False, help_text=_("Left empty: an hour before the event begins.")
    )
    closes_at = time_field(label=_("Closes at"), required=False)
    by_hand = forms.BooleanField(
        label=_("We answer each one ourselves"),
        required=False,
        help_text=_("Without a tick a place is confirmed at once, as long as there are places."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        places, per_outlet = cleaned.get("places"), cleaned.get("per_outlet")
        if places and per_outlet and per_outlet > places:
            self.add_error("per_outlet", _("No outlet has more than all places."))
        if bool(cleaned.get("closes_on")) != bool(cleaned.get("closes_at")) and not self.errors:
            self.add_error("closes_at", _("Give both the day and the time, or neither."))
        return cleaned

    def terms(self, event: Event) -> PressTerms:
        sent = self.cleaned_data
        closes = None
        if sent["closes_on"]:
            closes = datetime.datetime.combine(sent["closes_on"], sent["closes_at"], tzinfo=event.zone_info)
        return PressTerms(sent["places"], sent["per_outlet"], closes, sent["by_hand"])


def initial_press_terms(event: Event, registration: PressRegistration | None) -> dict[str, object]:
    """Return initial form values."""
    if registration is None:
        return {"places": 40, "per_outlet": 3, "by_hand": False}
    closes = registration.closes_at.astimezone(event.zone_info) if registration.closes_at else None
    return {
        "places": registration.places,
        "per_outlet": registration.per_outlet,
        "by_hand": registration.by_hand,
        "closes_on": closes.date() if closes else None,
        "closes_at": closes.time() if closes else None,
    }


class PressRequestForm(forms.Form):
    """A journalist's request. No identity documents: guests are found by name or code at
    check-in."""

    name = PersonNameField(label=_("Your name"))
    outlet = forms.CharField(
        label=_("Outlet"),
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Newspaper, station, site, channel; or “freelance”."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We send a link there. You are registered once you opened it and pressed the button."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("For the day itself, if the place changes at the last minute."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(label=_("We write to you in"), choices=content_languages)
    equipment = forms.MultipleChoiceField(
        label=_("What you bring"),
        required=False,
        choices=Equipment,
        widget=forms.CheckboxSelectMultiple,
    )
    interview = forms.CharField(
        label=_("With whom, or about what, you would like an interview"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photo_rule = forms.BooleanField(
        label=_("I photograph and film people only with their consent"),
        help_text=_("Some who come must not be recognised. The hosts say who that is."),
    )

    @property
    def asking(self) -> PressRequest:
        return PressRequest(
            **{name: value for name, value in self.cleaned_data.items() if name != "photo_rule"}
        )


class PressGuestFilterForm(forms.Form):
    """Filters of the list."""

    words = forms.CharField(
        label=_("Name, outlet or code"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autocapitalize": "off"}),
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("press registration", "Answer"),
        required=False,
        choices=[
            ("", _("All of them")),
            *((one.value, one.label) for one in PressState if one != PressState.UNCONFIRMED),
        ],
    )
    here = forms.ChoiceField(
        label=_("At the door"),
        required=False,
        choices=[("", _("All of them")), ("yes", _("Are here")), ("no", _("Not here yet"))],
    )

    @property
    def wanted(self) -> PressGuestFilter:
        """Return the filters; invalid ones are ignored."""
        given = getattr(self, "cleaned_data", {})
        return PressGuestFilter(**{name: given.get(name, "") for name in self.fields})
