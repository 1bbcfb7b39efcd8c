"""Forms for choosing a moment of publication, and for offering a text under embargo."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.localized_text import typed_field
from documents.contacts.actions import ContactData
from documents.contacts.models import Contact
from documents.drafts.forms import DeadlineField


class ScheduleForm(forms.Form):
    """The moment of publication, in the person's time zone."""

    at = DeadlineField(
        label=_("Moment of publication"),
        help_text=_("In all languages at this moment, by the clock of the database."),
    )


class EmbargoOfferForm(forms.Form):
    """A person of an outlet: an existing contact or a new one."""

    contact = forms.ChoiceField(label=_("Somebody you know already"), required=False)
    outlet = forms.CharField(label=_("Outlet"), max_length=120, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    address = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("For the call list, if the embargo is lifted early."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of the mail and of the pages.")
    )

    def __init__(self, *args: Any, contacts: Iterable[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(one.uuid): one for one in contacts}
        field = typed_field(self.fields, "contact", forms.ChoiceField)
        field.choices = [
            ("", _("Somebody new")),
            *((uuid, f"{one.name}, {one.outlet.name}") for uuid, one in self.contacts.items()),
        ]
        if not self.contacts:
            del self.fields["contact"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("contact"):
            for name in ("outlet", "name", "address"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("Fill this in, or choose somebody you know.")))
        return cleaned

    @property
    def chosen(self) -> Contact | None:
        return self.contacts.get(self.cleaned_data.get("contact", ""))

    def person(self) -> ContactData:
        given = {name: self.cleaned_data[name] for name in ("outlet", "name", "address", "phone")}
        return ContactData(**given, language=Language(self.cleaned_data["language"]))
