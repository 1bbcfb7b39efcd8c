"""What people write down after an event, and what they take over for the next one."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.core.models import Event
from events.production.debrief.actions import PARTS, Learned
from events.production.debrief.models import Afterwards

AHEAD = datetime.timedelta(days=365 * 3)


class _Words(forms.CharField):
    """A few lines; they may stay empty."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8_000, **kwargs)


class LearnedForm(forms.Form):
    """Three questions and two numbers; all of it may stay empty."""

    went_well = _Words(label=_("What went well"))
    went_badly = _Words(label=_("What did not"))
    next_time = _Words(
        label=_("What we do differently next time"),
        help_text=_("Stands beside the checklist of the next event of this kind."),
    )
    came = forms.IntegerField(label=_("People who came"), required=False, min_value=0, max_value=1_000_000)
    press_came = forms.IntegerField(
        label=_("Journalists who came"), required=False, min_value=0, max_value=10_000
    )

    @property
    def learned(self) -> Learned:
        """What was said. Only of a valid form."""
        return Learned(**self.cleaned_data)


def initial_learned(row: Afterwards | None, *, press_came: int, came: int = 0) -> dict[str, Any]:
    """What the form shows before anybody types: journalists and visitors as the doors counted them."""
    if row is None or not row.revision:
        return {"press_came": press_came or None, "came": came or None}
    return {name: getattr(row, name) for name in LearnedForm.base_fields}


class AgainForm(forms.Form):
    """The new day, and what is taken over."""

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    parts = forms.MultipleChoiceField(
        label=_("What is taken over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Words, place, kind and hours are taken over in any case."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in PARTS if name != "hours" or event.run_from]
        parts = self.fields["parts"]
        parts.initial = names
        if isinstance(parts, forms.MultipleChoiceField):
            parts.choices = [(name, PARTS[name].label) for name in names]

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("This day has passed: choose one that comes."))
        if day > today + AHEAD:
            raise forms.ValidationError(_("Choose a day within the next three years."))
        return day
