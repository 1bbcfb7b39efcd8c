"""Forms of the press desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Language
from documents.contacts.actions import ContactData
from documents.contacts.models import Beat, Channel
from documents.models import Contact
from events.press.models import Call, CallOutcome

PHONE_PATTERN = r"^[+0-9 ()./-]*$"


def filter_field(label: Any, all_label: Any, choices: Any) -> forms.ChoiceField:
    """Return an optional choice whose first option is "all of them"."""
    return forms.ChoiceField(label=label, required=False, choices=[("", all_label), *choices])


def several_field(label: Any, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    """Return check boxes, of which none needs to be ticked unless `required` is given."""
    kwargs = {"required": False, **kwargs}
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class PhoneField(forms.RegexField):
    """A telephone number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            PHONE_PATTERN,
            label=_("Phone"),
            max_length=40,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "tel"}),
            error_messages={"invalid": _("A phone number has digits, spaces, brackets and a plus sign.")},
            **kwargs,
        )


class FilterForm(forms.Form):
    """Filters of a list, sent by GET; unrecognised values are ignored."""

    @property
    def wanted(self) -> dict[str, Any]:
        """Return the filters that are set, by field name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ContactFilterForm(FilterForm):
    """Filters of the media list."""

    q = forms.CharField(label=_("Outlet or name"), required=False, max_length=80)
    language = filter_field(_("Language"), _("All languages"), Language.choices)
    region = filter_field(_("Region"), _("All regions"), REGIONS.items())
    beat = filter_field(_("Topic"), _("All topics"), Beat.choices)
    channel = filter_field(_("Channel"), _("All channels"), Channel.choices)


class ContactForm(forms.Form):
    """A person of an outlet."""

    outlet = forms.CharField(label=_("Outlet"), max_length=120)
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Of the person, or for example “News desk”.")
    )
    address = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField()
    messenger = forms.CharField(
        label=_("Messenger"),
        max_length=80,
        required=False,
        help_text=_("For example “Telegram @name”, or “WhatsApp”."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("The one they are written to in.")
    )
    also_reads = several_field(_("Also reads"), Language.choices)
    beats = several_field(_("Topics"), Beat.choices)
    regions = several_field(_("Regions"), REGIONS.items())
    channels = several_field(_("Channels"), Channel.choices)

    @classmethod
    def initial_of(cls, contact: Contact) -> dict[str, Any]:
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


class SheetForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("An .xlsx or .csv file, at most 5 MB and 3,000 rows."),
    )


class ContactSheetForm(SheetForm):
    """A spreadsheet of contacts."""

    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("For rows that name none.")
    )


class CallForm(forms.ModelForm[Call]):
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

    class Meta:
        model = Call
        fields = ("outcome", "note", "again_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == CallOutcome.AGAIN and not cleaned.get("again_at") and not self.errors:
            self.add_error("again_at", ValidationError(_("Say when to call again.")))
        return cleaned
