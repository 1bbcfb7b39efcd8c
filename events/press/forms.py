"""Forms of the press desk."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.regions import REGIONS
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.workspaces.permissions import Access
from documents.contacts.actions import ContactData, single_line
from documents.contacts.enums import Beat, Channel
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.models import Contact
from events.press.enums import CallOutcome
from events.press.models import SheetTaken
from events.press.queries import ContactFilter
from events.spreadsheets.reader import REJECTION_MESSAGES, Rows, SpreadsheetRejected, read_rows_in_sandbox

PHONE_PATTERN = r"^[+0-9 ()./-]*$"


class ContactFilterForm(forms.Form):
    """Filters of the media list; unrecognised values are ignored."""

    q = forms.CharField(label=_("Outlet or name"), required=False, max_length=80)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *Language.choices]
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("All regions")), *REGIONS.items()]
    )
    beat = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", _("All topics")), *Beat.choices])
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All channels")), *Channel.choices]
    )

    def wanted(self) -> ContactFilter:
        self.is_valid()
        given = self.cleaned_data
        return ContactFilter(
            words=given.get("q", "").strip(),
            language=given.get("language", ""),
            region=given.get("region", ""),
            beat=given.get("beat", ""),
            channel=given.get("channel", ""),
        )


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ContactForm(forms.Form):
    """A person of an outlet."""

    outlet = forms.CharField(label=_("Outlet"), max_length=120)
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Of the person, or for example “News desk”.")
    )
    address = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.RegexField(
        PHONE_PATTERN,
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={"invalid": _("A phone number has digits, spaces, brackets and a plus sign.")},
    )
    messenger = forms.CharField(
        label=_("Messenger"),
        max_length=80,
        required=False,
        help_text=_("For example “Telegram @name”, or “WhatsApp”."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("The one they are written to in.")
    )
    also_reads = _several(_("Also reads"), Language.choices)
    beats = _several(_("Topics"), Beat.choices)
    regions = _several(_("Regions"), REGIONS.items())
    channels = _several(_("Channels"), Channel.choices)

    @classmethod
    def told_by(cls, contact: Contact) -> dict[str, Any]:
        """Return initial form values for an existing contact."""
        plain = {name: getattr(contact, name) for name in cls.base_fields if name != "outlet"}
        return {**plain, "outlet": contact.outlet.name}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ways = [name for name in ("address", "phone", "messenger") if cleaned.get(name)]
        if not ways and not self.errors:
            self.add_error("address", ValidationError(_("Give an e-mail, a phone number or a messenger.")))
        return cleaned

    def person(self) -> ContactData:
        given = self.cleaned_data
        return ContactData(**{**given, "language": Language(given["language"])})


class ContactSheetForm(forms.Form):
    """A spreadsheet of contacts."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("An .xlsx or .csv file, at most 5 MB and 3,000 rows."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("For rows that name none."),
    )


class CallForm(forms.Form):
    """Outcome of a call."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=CallOutcome.choices)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    again_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={"invalid": _("Say date and time, for example 2026-03-03 11:00.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == CallOutcome.AGAIN and not cleaned.get("again_at") and not self.errors:
            self.add_error("again_at", ValidationError(_("Say when to call again.")))
        return cleaned


# --- pending imports ---
# Uploaded spreadsheets with a pending choice: encrypted, private to the uploader, for a day at
# most.


RETENTION_PERIOD = datetime.timedelta(days=1)
MOST_WAITING = 5  # spreadsheets per person


def store_sheet(
    *,
    access: Access,
    name: str,
    content: bytes,
    about: SheetTaken.About,
    check: Callable[[Rows], object],
    **more: str,
) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and store its rows encrypted until a choice
    is made, for one day at most. `check` raises NotTaken for incomplete rows; `more` is stored with
    them.

    Raises NotAllowed, and Refused with the reason."""
    require_that(may_manage_contacts(access))
    try:
        rows = read_rows_in_sandbox(content)
        check(rows)
    except SpreadsheetRejected as reason:
        raise Refused(REJECTION_MESSAGES[reason.code]) from reason
    forget_old_sheets()
    with transaction.atomic():
        own = SheetTaken.objects.filter(read_by=access.user)
        own.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_WAITING - 1 :])).delete()
        return SheetTaken.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            read_by=access.user,
            about=about,
            name=single_line(name)[:120],
            content=json.dumps({"rows": rows, **more}),
            read_at=now(),
        )


def discard_sheet(*, access: Access, sheet: SheetTaken) -> None:
    """Delete an uploaded spreadsheet. Raises NotAllowed."""
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    sheet.delete()


def forget_old_sheets() -> int:
    """Delete spreadsheets older than a day. Return their number."""
    return delete_in_batches(SheetTaken.objects.filter(read_at__lt=now() - RETENTION_PERIOD))
