"""Forms for sittings, and the part of the planning form needed to find date conflicts."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS
from events.core.enums import EventKind
from events.core.forms.times import TimesForm, date_field, time_field


class DateForm(TimesForm):
    """Time and place while an event is being planned; field names as in the planning form."""

    kind = forms.ChoiceField(choices=EventKind.choices, required=False)
    region = forms.ChoiceField(choices=[("", ""), *REGIONS.items()], required=False)
    event = forms.UUIDField(required=False)


class SittingForm(forms.Form):
    """A sitting of a parliament, council or court: body, place and time in the site's time zone."""

    body = forms.CharField(
        label=_("Who sits"),
        max_length=160,
        help_text=_("For example “The Kurultai, reading of the bill” or “Court of Shymkent”."),
    )
    region = forms.ChoiceField(
        label=_("Region"),
        required=False,
        choices=[("", _("It matters everywhere")), *REGIONS.items()],
        help_text=_("With a region, only events there are told of it."),
    )
    on = date_field(label=_("Date"))
    begins = time_field(label=_("Begins at"))
    ends = time_field(label=_("Ends at"))
    until = date_field(
        label=_("Last date"), required=False, help_text=_("Only if it ends on another day than it begins.")
    )

    def clean(self) -> dict[str, Any]:
        """Return body, region, `starts_at` and `ends_at`."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        last = cleaned["until"] or cleaned["on"]
        starts_at, ends_at = (
            timezone.make_aware(datetime.datetime.combine(*moment))
            for moment in ((cleaned["on"], cleaned["begins"]), (last, cleaned["ends"]))
        )
        if ends_at <= starts_at:
            self.add_error(
                "ends", _("It ends before it begins. If it ends on another day, give the last date.")
            )
        about = {name: cleaned[name] for name in ("body", "region")}
        return about | {"starts_at": starts_at, "ends_at": ends_at}
