"""Press registration forms for organisers and journalists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.applicants.forms import (
    MailAddressField,
    PersonNameField,
    validate_single_line,
    validate_visible_characters,
)
from coalition.core.localized_text import content_languages
from events.core.enums import PressState
from events.core.forms.times import MomentsMixin, date_field, time_field
from events.core.models import Event, PressRegistration
from events.press.forms import FilterForm
from events.press.registration.queries import Equipment

MOST_PLACES = 2000


class PressTermsForm(MomentsMixin, forms.ModelForm[PressRegistration]):
    """Terms of press registration. `closes_on` and `closes_at` are local to the event."""

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

    moments = ("closes",)

    class Meta:
        model = PressRegistration
        fields = ("places", "per_outlet", "by_hand")

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = event.zone_info
        if self.instance._state.adding:
            self.initial.update(places=40, per_outlet=3)
        self.set_initial_moments(self._zone, closes=self.instance.closes_at)

    def clean(self) -> dict[str, Any]:
        """Replace day and time by the moment `closes_at`."""
        cleaned: dict[str, Any] = super().clean() or {}
        places, per_outlet = cleaned.get("places"), cleaned.get("per_outlet")
        if places and per_outlet and per_outlet > places:
            self.add_error("per_outlet", _("No outlet has more than all places."))
        return self.clean_moments(cleaned, self._zone)


class PressRequestForm(forms.Form):
    """A journalist's request. No identity documents: at check-in, name or code count."""

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

    def clean(self) -> dict[str, Any]:
        """Drop the consent to the rule, which is not stored."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.pop("photo_rule", None)
        return cleaned


class PressGuestFilterForm(FilterForm):
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
