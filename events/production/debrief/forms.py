"""Forms for the debrief and for planning an event again."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.core.afterwards import reused_parts
from events.core.models import Event
from events.production.debrief.actions import DebriefInput
from events.production.debrief.models import Afterwards

AHEAD = datetime.timedelta(days=365 * 3)


class _NotesField(forms.CharField):
    """Optional text of a few lines."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8_000, **kwargs)


class DebriefForm(forms.Form):
    """Three questions and two numbers, all optional."""

    went_well = _NotesField(label=_("What went well"))
    went_badly = _NotesField(label=_("What did not"))
    next_time = _NotesField(
        label=_("What we do differently next time"),
        help_text=_("Stands beside the checklist of the next event of this kind."),
    )
    came = forms.IntegerField(label=_("People who came"), required=False, min_value=0, max_value=1_000_000)
    press_came = forms.IntegerField(
        label=_("Journalists who came"), required=False, min_value=0, max_value=10_000
    )

    @property
    def learned(self) -> DebriefInput:
        """Return the debrief's data. Only for a valid form."""
        return DebriefInput(**self.cleaned_data)


def initial_debrief(row: Afterwards | None, *, press_came: int, came: int = 0) -> dict[str, Any]:
    """Return initial form values; journalists and visitors default to the counts at the event."""
    if row is None or not row.revision:
        return {"press_came": press_came or None, "came": came or None}
    return {name: getattr(row, name) for name in DebriefForm.base_fields}


class PlanAgainForm(forms.Form):
    """The new day, and the parts to copy."""

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    parts = forms.MultipleChoiceField(
        label=_("What is taken over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Words, place, kind and hours are taken over in any case."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reused = reused_parts()
        names = [name for name in reused if name != "hours" or event.run_from]
        parts = self.fields["parts"]
        parts.initial = names
        if isinstance(parts, forms.MultipleChoiceField):
            parts.choices = [(name, reused[name].label) for name in names]

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("This day has passed: choose one that comes."))
        if day > today + AHEAD:
            raise forms.ValidationError(_("Choose a day within the next three years."))
        return day
