"""What people fill in about the place that an event goes to if its own falls through."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from events.core.forms.planning import PLACE_WORDS, InLanguages, PlaceForm
from events.production.fallback_venue.actions import Second
from events.production.fallback_venue.models import SecondPlace


class SecondPlaceForm(InLanguages, PlaceForm):
    """Where, in each language; what is the same in all; whether its hosts agreed."""

    words_asked = PLACE_WORDS

    agreed = forms.BooleanField(label=_("The hosts of this place have agreed"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=400,
        help_text=_("Whom to call, who has the key. Only people who prepare the event read it."),
    )

    @property
    def second(self) -> Second:
        """The place as a proposal. Only of a valid form."""
        words = {code.value: self.said(code) for code in Language}
        sent = self.cleaned_data
        return Second(words=words, place=self.place, agreed=sent["agreed"], note=sent["note"])


def initial_second(row: SecondPlace | None) -> dict[str, Any]:
    """What the form shows of it before anybody types."""
    if row is None:
        return {}
    words = {
        f"{word}_{code}": row.words.get(code, {}).get(word, "")
        for code in Language.values
        for word in PLACE_WORDS
    }
    same = {name: getattr(row, name) for name in (*PlaceForm.base_fields, "agreed", "note")}
    return {**words, **same}
