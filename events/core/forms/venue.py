"""What people fill in about where an event is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.regions import REGIONS
from events.core.actions.proposal import Place
from events.core.enums import GettingIn
from events.core.models.event import Event

PLACE_WORDS = ("place", "address", "access_notes")


def place_field(word: str) -> forms.CharField:
    """The field of one of the place's words; the same in each language."""
    if word == "place":
        return forms.CharField(
            label=_("Place"), required=False, max_length=160, help_text=_("The name of the house or hall.")
        )
    if word == "address":
        return forms.CharField(label=_("Address"), required=False, max_length=240)
    return forms.CharField(
        label=_("Notes on access"),
        required=False,
        max_length=400,
        help_text=_("How one gets in, a lift, a ramp, sign language, a quiet room."),
    )


class PlaceForm(forms.Form):
    """Region, map, way in, online: what is the same in every language."""

    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("Not in Kazakhstan, or online")), *REGIONS.items()]
    )
    map_link = forms.URLField(label=_("Link to a map"), required=False, assume_scheme="https", max_length=200)
    step_free = forms.ChoiceField(label=_("Getting in"), choices=GettingIn.choices)
    online_link = forms.URLField(
        label=_("Link for those who join online"),
        required=False,
        assume_scheme="https",
        max_length=200,
        help_text=_("It stands on every page and in every calendar that shows this event."),
    )

    @property
    def place(self) -> Place:
        """The place as a proposal. Only of a valid form."""
        cleaned = self.cleaned_data
        return Place(
            region=cleaned["region"],
            map_link=cleaned["map_link"],
            step_free=GettingIn(cleaned["step_free"]),
            online_link=cleaned["online_link"],
        )


def initial_place(event: Event) -> dict[str, Any]:
    """What the form shows of an event's place before anybody types."""
    return {name: getattr(event, name) for name in PlaceForm.base_fields}


def words_of_languages(event: Event, words: tuple[str, ...]) -> dict[str, Any]:
    """These words of an event in each language, as fields are named: `<word>_<language>`."""
    texts = {text.language: text for text in event.texts.all()}
    return {
        f"{word}_{language}": getattr(texts[language], word)
        for language in Language.values
        if language in texts
        for word in words
    }
