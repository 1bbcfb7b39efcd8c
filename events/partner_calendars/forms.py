"""Form to import a partner's calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation
from coalition.accounts.naming import Viewer
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.forms import OrganisationField
from events.core.forms.times import ZONES
from events.partner_calendars.reader.parser import MAX_CALENDAR_BYTES


class PartnerCalendarForm(forms.Form):
    """Organisation, source, and what others may see of it. Requires a URL or a file."""

    organisation = OrganisationField(queryset=Organisation.objects.none(), label=_("Whose calendar"))
    name = forms.CharField(label=_("Name of the calendar"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("Begins with https or webcal. It is read again every hour and shown to nobody."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".ics,.ical,text/calendar"}),
        help_text=_("An .ics file, read once."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=ZONES, help_text=_("For times in the calendar that say none.")
    )
    region = forms.ChoiceField(
        label=_("Region"),
        required=False,
        choices=[("", _("Not in one region")), *REGIONS.items()],
        help_text=_("Where the partner's events are: conflicts look at the place."),
    )
    busy_only = forms.BooleanField(
        label=_("Busy times only"),
        required=False,
        help_text=_("Others learn when the partner is busy, not with what. The words are not kept."),
    )

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = typed_field(self.fields, "organisation", OrganisationField)
        field.viewer = viewer
        field.queryset = participants(access.workspace).order_by("pk")
        self.initial.setdefault("organisation", access.organisation.pk)
        self.initial.setdefault("zone", "Asia/Almaty")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sent = cleaned.get("file")
        if bool(cleaned.get("address")) == bool(sent) and not self.errors:
            self.add_error("address", _("Give either an address or a file."))
        if sent is not None and sent.size > MAX_CALENDAR_BYTES:
            limit = MAX_CALENDAR_BYTES // 1024**2
            words = _("The file is larger than %(limit)s MB. Ask for a smaller part of the calendar.")
            self.add_error("file", words % {"limit": limit})
        return cleaned
