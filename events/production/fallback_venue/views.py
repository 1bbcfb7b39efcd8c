"""Fallback venue views."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.workspaces.permissions import Access
from events.core.actions.times import PLACE_TEXT_FIELDS
from events.core.forms.planning import MultilingualForm, PlaceForm
from events.core.generic_views import EventFormView, event_action
from events.core.models import Event
from events.production.fallback_venue.actions import ONLY_EDITORS, move_to_fallback_venue, set_fallback_venue
from events.production.models import fallback_venue_of


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
    def venue(self) -> dict[str, Any]:
        """Return what `set_fallback_venue` takes. Only for a valid form."""
        words = {code.value: self.texts_in(code) for code in Language}
        more = {name: self.cleaned_data[name] for name in ("agreed", "note")}
        return {"words": words, "place": self.place, **more}


class FallbackVenueFormView(EventFormView):
    """Set the fallback venue."""

    form_class = FallbackVenueForm
    template_name = "events/fallback_venue/second_place.html"
    refusal = ONLY_EDITORS
    success_message = _("Plan B is ready. Nobody is told before you press it.")

    def get_initial(self) -> dict[str, Any]:
        row = fallback_venue_of(self.event)
        if row is None:
            return {}
        words = {f"{name}_{code}": text for code, texts in row.words.items() for name, text in texts.items()}
        return {**words, **row.venue_values(), "agreed": row.agreed, "note": row.note}

    def save(self, form: FallbackVenueForm) -> None:
        set_fallback_venue(access=self.access, event=self.event, **form.venue)


@event_action(success=_("The event has moved to its second place. Everyone who knows of it is told."))
def use_fallback_venue(request: HttpRequest, access: Access, event: Event) -> None:
    """Move the event to its fallback venue now, and notify everyone informed of it."""
    move_to_fallback_venue(access=access, event=event)
