"""Forms for counting visitors and for corrections."""

import datetime
import json
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.errors import Refused
from events.core.forms.times import date_field
from events.exhibitions.visitors.actions import HOURS, MOST_AT_ONCE, Correction, Tap
from events.exhibitions.visitors.enums import VisitorGroup


class CountLinkForm(forms.Form):
    """A counting link and the name of its recipient."""

    name = forms.CharField(
        label=_("For whom"),
        required=False,
        max_length=80,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Only you see it: “Entrance”, “Saturday team”."),
    )


class CorrectionForm(forms.Form):
    """Correction of the number in one hour."""

    on = date_field(label=_("Day"))
    hour = forms.TypedChoiceField(
        label=_("Hour"), coerce=int, choices=[(one, f"{one:02}:00–{one + 1:02}:00") for one in HOURS]
    )
    group = forms.ChoiceField(label=_("Who"), choices=VisitorGroup)
    people = forms.IntegerField(
        label=_("How many really came in this hour"), min_value=0, max_value=MOST_AT_ONCE
    )
    why = forms.CharField(label=_("Why"), max_length=200, validators=[validate_visible_characters])

    @property
    def correction(self) -> Correction:
        sent = self.cleaned_data
        group = VisitorGroup(sent["group"])
        return Correction(sent["on"], sent["hour"], group, sent["people"], sent["why"])


def parse_form_tap(sent: Any, moment: datetime.datetime) -> Tap:
    """Parse a button of the page without JavaScript: "adults:5", with the idempotency key that the
    page issued. Raises Refused if it is malformed."""
    group, _colon, number = str(sent.get("tap", "")).partition(":")
    try:
        mark = UUID(str(sent.get("mark", "")))
        return Tap(mark, VisitorGroup(group), int(number), moment)
    except ValueError as error:
        raise _unreadable_error() from error


def parse_taps(body: bytes, moment: datetime.datetime) -> list[Tap]:
    """Parse the taps that a phone stored and sent in a request received at `moment`. Raises Refused
    if malformed. Uses the elapsed time since each tap, because the phone's clock may be wrong."""
    try:
        sent: dict[str, Any] = json.loads(body)
        clock = float(sent["clock"])
        return [_parse_tap(one, clock, moment) for one in sent["taps"]]
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable_error() from error


def _parse_tap(one: dict[str, Any], clock: float, moment: datetime.datetime) -> Tap:
    age = datetime.timedelta(milliseconds=clock - float(one["at"]))
    return Tap(UUID(one["mark"]), VisitorGroup(one["group"]), int(one["number"]), moment - age)


def fresh_mark() -> str:
    """Return a new idempotency key for the page without JavaScript."""
    return str(uuid4())


def _unreadable_error() -> Refused:
    return Refused(_("This page sent something that cannot be read. Load it anew."))
