"""What people fill in about a use, and what the line's organisation answers."""

import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import validate_single_line
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.campaigns.helplines.uses.actions import UsePlan
from coalition.campaigns.helplines.uses.channels import (
    StoredChannel,
    channel_key,
    channel_labels,
    stored_channels,
)
from coalition.campaigns.helplines.uses.enums import Staffed, UseKind
from coalition.campaigns.helplines.uses.models import LONGEST_NOTE, LONGEST_TITLE, HelplineUse
from coalition.core.clock import now
from coalition.core.localized_text import typed_field
from events.core.forms.times import date_field, time_field

FARTHEST_YEARS: Final = 2  # ahead and back


class HelplineUseForm(forms.Form):
    """A thing that carries a line's number. `use`: what is changed, if it is there already."""

    kind = forms.ChoiceField(label=_("What it is"), choices=UseKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("What the line's operators read about it"),
        max_length=LONGEST_TITLE,
        validators=[validate_single_line],
        help_text=_(
            "For example: “TV clip, Oral TV, Friday evening”. People of another organisation read it on "
            "their phones: write nothing confidential."
        ),
    )
    channels = forms.MultipleChoiceField(
        label=_("What it carries"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As it stands in the register. If it changes there, this use is flagged."),
    )
    starts_on = date_field(label=_("Day of release or airing"))
    starts_at = time_field(label=_("Time"), help_text=_("Almaty time. People may call from then on."))
    ends_on = date_field(
        label=_("Last day"), required=False, help_text=_("Empty if it stays in use, as cards do.")
    )
    note = forms.CharField(
        label=_("Note for this workspace"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The line's operators do not see it: number of copies, who prints, where it hangs."),
    )

    def __init__(
        self, *args: Any, entry: HelplineEntry | None, use: HelplineUse | None = None, **kwargs: Any
    ) -> None:
        offered = stored_channels(entry)
        initial: dict[str, Any] = {"channels": [channel_key(one) for one in offered], "kind": UseKind.POSTER}
        if use is not None:
            initial = initial_of_use(use)
            offered = _with_used(offered, use)
        super().__init__(*args, **{"initial": initial, **kwargs})
        choices = [(channel_key(one), channel_labels([one])[0]) for one in offered]
        typed_field(self.fields, "channels", forms.MultipleChoiceField).choices = choices

    def clean_starts_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["starts_on"]
        if abs(day.year - timezone.localdate(now()).year) > FARTHEST_YEARS:
            raise forms.ValidationError(_("Give a day at most two years from now. Is the year right?"))
        return day

    def clean(self) -> dict[str, Any]:
        """Say at the field what does not fit together."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first one."))
        return cleaned

    @property
    def plan(self) -> UsePlan:
        """What was filled in."""
        given = self.cleaned_data
        starts_at = datetime.datetime.combine(given["starts_on"], given["starts_at"])
        return UsePlan(
            kind=UseKind(given["kind"]),
            title=given["title"],
            channels=given["channels"],
            starts_at=timezone.make_aware(starts_at),
            ends_on=given["ends_on"],
            note=given["note"],
        )


class StaffingForm(forms.Form):
    """Whether the line is staffed."""

    answer = forms.ChoiceField(
        label=_("Is the line staffed then?"), choices=Staffed.choices, widget=forms.RadioSelect
    )
    until_on = date_field(
        label=_("Staffed until: day"),
        required=False,
        help_text=_("Empty if the line is staffed as long as this is in use."),
    )
    until_at = time_field(label=_("Staffed until: time"), required=False, help_text=_("Almaty time."))

    def clean(self) -> dict[str, Any]:
        """Ask for both parts of the moment, or none; of a line that is not staffed it says nothing."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("answer") == Staffed.NO:
            return cleaned | {"until_on": None, "until_at": None}
        day, time = cleaned.get("until_on"), cleaned.get("until_at")
        if (day is None) != (time is None) and not self.errors:
            self.add_error(
                "until_at" if time is None else "until_on", _("Give both day and time, or neither.")
            )
        return cleaned

    @property
    def until(self) -> datetime.datetime | None:
        """The moment that was filled in."""
        day, time = self.cleaned_data["until_on"], self.cleaned_data["until_at"]
        return timezone.make_aware(datetime.datetime.combine(day, time)) if day and time else None


def initial_of_use(use: HelplineUse) -> dict[str, Any]:
    """What the form shows of a use."""
    local = timezone.localtime(use.starts_at)
    return {
        "kind": use.kind,
        "title": use.title,
        "channels": [channel_key(one) for one in use.channels],
        "starts_on": local.date(),
        "starts_at": local.time(),
        "ends_on": use.ends_on,
        "note": use.note,
    }


def initial_of_answer(use: HelplineUse) -> dict[str, Any]:
    """What the form shows of an answer that was given before."""
    answer = use.staffing
    if answer is None:
        return {}
    local = timezone.localtime(answer.until) if answer.until else None
    return {
        "answer": answer.answer,
        "until_on": local.date() if local else None,
        "until_at": local.time() if local else None,
    }


def _with_used(offered: list[StoredChannel], use: HelplineUse) -> list[StoredChannel]:
    """What the register offers, and what the use carries though it is gone from there."""
    known = {channel_key(one) for one in offered}
    return [*offered, *(one for one in use.channels if channel_key(one) not in known)]
