"""How a person wants to be told, as they fill it in."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.core.typed_field import own_field
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models import NotificationSettings, Workspace

HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]


class TellingForm(forms.Form):
    """`wishes` gives what `domain.notification_settings.change` takes."""

    mail = forms.ChoiceField(label=_("When I am written to"), choices=MailMode, widget=forms.RadioSelect)
    digest_hour = forms.ChoiceField(label=_("Hour of the daily mail"), choices=HOURS)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    urgent_passes = forms.BooleanField(
        label=_("Tell me at once of a deadline that is hours away, in quiet hours too"), required=False
    )
    muted = forms.MultipleChoiceField(
        label=_("Workspaces I am not told about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What happens there waits in the inbox; no mail is sent and no browser woken."),
    )

    def __init__(self, *args: Any, places: Iterable[Workspace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place.uuid): place for place in places}
        field = own_field(self.fields, "muted", forms.MultipleChoiceField)
        field.choices = [(key, place.title) for key, place in self._places.items()]
        if not self._places:
            del self.fields["muted"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (begins is None) != (ends is None) and not self.errors:
            missing = "quiet_to" if ends is None else "quiet_from"
            self.add_error(missing, _("Quiet hours have a beginning and an end: give both, or neither."))
        return cleaned

    @property
    def quiet(self) -> tuple[datetime.time, datetime.time] | None:
        begins, ends = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_to"]
        return (begins, ends) if begins is not None and ends is not None else None

    @property
    def wishes(self) -> dict[str, Any]:
        return {
            "mail": MailMode(self.cleaned_data["mail"]),
            "digest_hour": int(self.cleaned_data["digest_hour"]),
            "quiet": self.quiet,
            "urgent_passes": self.cleaned_data["urgent_passes"],
            "muted": [self._places[key] for key in self.cleaned_data.get("muted", [])],
        }


def initial_of(kept: NotificationSettings, muted: Iterable[Workspace]) -> dict[str, object]:
    """The form's first values."""
    return {
        "mail": kept.mail,
        "digest_hour": str(kept.digest_hour),
        "quiet_from": kept.quiet_from,
        "quiet_to": kept.quiet_to,
        "urgent_passes": kept.urgent_passes,
        "muted": [str(place.uuid) for place in muted],
    }
