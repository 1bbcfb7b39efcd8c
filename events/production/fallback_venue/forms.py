"""Form for an event's fallback venue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from events.core.forms.planning import PLACE_TEXT_FIELDS, MultilingualForm, PlaceForm
from events.production.fallback_venue.actions import FallbackVenueInput
from events.production.fallback_venue.models import SecondPlace


class FallbackVenueForm(MultilingualForm, PlaceForm):
    """Place in each language; language-independent data; whether its hosts agreed."""

    words_asked = PLACE_TEXT_FIELDS

    agreed = forms.BooleanField(label=_("The hosts of this place have agreed"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=400,
        help_text=_("Whom to call, who has the key. Only people who prepare the event read it."),
    )

    @property
    def second(self) -> FallbackVenueInput:
        """Return the venue's data. Only for a valid form."""
        words = {code.value: self.texts_in(code) for code in Language}
        sent = self.cleaned_data
        return FallbackVenueInput(words=words, place=self.place, agreed=sent["agreed"], note=sent["note"])


def initial_fallback_venue(row: SecondPlace | None) -> dict[str, Any]:
    """Return initial form values for the venue."""
    if row is None:
        return {}
    words = {
        f"{word}_{code}": row.words.get(code, {}).get(word, "")
        for code in Language.values
        for word in PLACE_TEXT_FIELDS
    }
    return {**words, **row.venue_values(), "agreed": row.agreed, "note": row.note}
