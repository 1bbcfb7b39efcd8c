"""Forms for counting visitors and for corrections."""

import datetime
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import validate_visible_characters
from coalition.core.errors import Refused
from events.core.forms.times import date_field
from events.exhibitions.visitors.actions import Tap
from events.exhibitions.visitors.models import CountLink, VisitorGroup

MOST_AT_ONCE = 100_000  # largest count of a group in one hour
UNREADABLE = _("This page sent something that cannot be read. Load it anew.")


class CountLinkForm(forms.ModelForm[CountLink]):
    """A counting link and the name of its recipient."""

    class Meta:
        model = CountLink
        fields = ("name",)


class CorrectionForm(forms.Form):
    """Correction of the number in one hour."""

    on = date_field(label=_("Day"))
    hour = forms.TypedChoiceField(
        label=_("Hour"), coerce=int, choices=[(one, f"{one:02}:00–{one + 1:02}:00") for one in range(24)]
    )
    group = forms.TypedChoiceField(label=_("Who"), choices=VisitorGroup, coerce=VisitorGroup)
    people = forms.IntegerField(
        label=_("How many really came in this hour"), min_value=0, max_value=MOST_AT_ONCE
    )
    why = forms.CharField(label=_("Why"), max_length=200, validators=[validate_visible_characters])


def parse_form_tap(sent: Mapping[str, Any], moment: datetime.datetime) -> Tap:
    """Parse a button of the page without JavaScript: "adults:5", with the idempotency key that the
    page issued. Raises Refused if it is malformed."""
    group, _colon, number = str(sent.get("tap", "")).partition(":")
    try:
        return Tap(UUID(str(sent.get("mark", ""))), VisitorGroup(group), int(number), moment)
    except ValueError as error:
        raise Refused(UNREADABLE) from error


def parse_taps(body: bytes, moment: datetime.datetime) -> list[Tap]:
    """Parse the taps that a phone stored and sent in a request received at `moment`. Raises Refused
    if malformed. Uses the elapsed time since each tap, because the phone's clock may be wrong."""
    try:
        sent: dict[str, Any] = json.loads(body)
        clock = float(sent["clock"])
        return [
            Tap(
                mark=UUID(one["mark"]),
                group=VisitorGroup(one["group"]),
                number=int(one["number"]),
                at=moment - datetime.timedelta(milliseconds=clock - float(one["at"])),
            )
            for one in sent["taps"]
        ]
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise Refused(UNREADABLE) from error
