"""Running order forms."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.core.forms.planning import TitlesForm, initial_titles
from events.core.forms.times import time_field
from events.production.running_order.actions import MOST_MINUTES, RunningItemInput
from events.production.running_order.models import RunningItem


class BeginningForm(forms.Form):
    """Start of the first item."""

    begins = time_field(label=_("The first item begins at"))


class RunningItemForm(TitlesForm):
    """One item: title in each language, duration, person, equipment."""

    missing = _("Give the item a title in at least one language.")

    minutes = forms.IntegerField(
        label=pgettext_lazy("a length of time", "Minutes"),
        min_value=0,
        max_value=MOST_MINUTES,
        initial=5,
        help_text=_("What follows is pushed."),
    )
    pinned = time_field(
        label=_("Not before"),
        required=False,
        help_text=_("Only for what has a fixed time: a live broadcast, the film, the bus."),
    )
    who = forms.CharField(label=_("Who"), required=False, max_length=200)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Sound, slides, who hands over the microphone. Only people who prepare the event read it."
        ),
    )

    @property
    def item(self) -> RunningItemInput:
        sent = self.cleaned_data
        return RunningItemInput(
            title=self.titles,
            minutes=sent["minutes"],
            pinned=sent["pinned"],
            who=sent["who"],
            note=sent["note"],
        )


def initial_running_item(item: RunningItem) -> dict[str, object]:
    """Return initial form values for an item."""
    return {
        **initial_titles(item.title),
        "minutes": item.minutes,
        "pinned": item.pinned,
        "who": item.who,
        "note": item.note,
    }
