"""Speaker forms: for the event's members, and for the speaker's consents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from events.core.models import EventSpeaker
from events.production.speakers.actions import SpeakerConsent, SpeakerInput


class SpeakerForm(forms.Form):
    """Data of a speaker."""

    name = forms.CharField(
        label=_("Name"), max_length=120, validators=[validate_single_line, validate_visible_characters]
    )
    role = forms.CharField(
        label=_("Who they are"),
        required=False,
        max_length=160,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Profession, organisation. The speaker says how it is to be written."),
    )
    topic = forms.CharField(label=_("What they speak about"), required=False, max_length=300)
    languages = forms.MultipleChoiceField(
        label=_("They speak"), required=False, choices=Language, widget=forms.CheckboxSelectMultiple
    )
    address = forms.EmailField(
        label=_("E-mail"), help_text=_("A link goes there by which they say what they agree to.")
    )
    writes_in = forms.ChoiceField(label=_("We write to them in"), choices=Language)

    @property
    def speaking(self) -> SpeakerInput:
        sent = self.cleaned_data
        return SpeakerInput(**sent | {"writes_in": Language(sent["writes_in"])})


class SpeakerConsentForm(forms.Form):
    """The speaker's consents, each separate."""

    named = forms.BooleanField(
        label=_("My name may be told to everyone"),
        required=False,
        help_text=_("On the event’s page, in calendars, and in texts for the press."),
    )
    name = forms.CharField(
        label=_("My name, as it is to be written"),
        required=False,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
    )
    role = forms.CharField(
        label=_("Who I am, as it is to be written"),
        required=False,
        max_length=160,
        validators=[validate_single_line, validate_visible_characters],
    )
    pictured = forms.BooleanField(label=_("I may be photographed"), required=False)
    recorded = forms.BooleanField(label=_("What I say may be recorded and streamed"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("named") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write your name as it is to be read."))
        return cleaned

    @property
    def agreed(self) -> SpeakerConsent:
        return SpeakerConsent(**self.cleaned_data)


def initial_speaker_consent(speaker: EventSpeaker) -> dict[str, object]:
    """Return initial form values: existing consents, otherwise the entered data, unticked."""
    return {
        "named": speaker.named,
        "pictured": speaker.pictured,
        "recorded": speaker.recorded,
        "name": speaker.public_name or speaker.name,
        "role": speaker.public_role or speaker.role,
    }
