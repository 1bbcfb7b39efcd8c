"""Forms: who gets a link, an airing by the link, coverage of an item at the desk."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.applicants.forms import MailAddressField, validate_visible_characters
from coalition.campaigns.core.days import site_today
from coalition.campaigns.media_package.models import MediaItem
from coalition.core.localized_text import typed_field
from documents.contacts.models import Contact
from events.core.forms.times import date_field, time_field
from events.press.coverage.forms import CoverageEntryForm
from events.press.coverage.models import Coverage, CoverageKind, validate_web_link

LONGEST_AGO: Final = datetime.timedelta(days=5 * 365)


class GiveLinksForm(forms.Form):
    """Who gets a link: press contacts, a media partner, or an outlet that nobody has noted yet."""

    contacts = forms.TypedMultipleChoiceField(
        label=_("Press contacts"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    organisation = forms.ChoiceField(
        label=_("Media partner"),
        required=False,
        help_text=_("Its people find the package at their desk, too."),
    )
    outlet = forms.CharField(
        label=_("Another outlet"), required=False, max_length=120, validators=[validate_visible_characters]
    )
    address = MailAddressField(
        label=_("Its e-mail"),
        required=False,
        help_text=_("Of the media partner or the other outlet. We write there if an item is corrected."),
    )
    language = forms.ChoiceField(label=_("Language of its page"), choices=Language.choices, required=False)
    send = forms.BooleanField(
        label=_("Mail the links now"), required=False, help_text=_("Else copy them from the list.")
    )

    def __init__(
        self,
        *args: Any,
        contacts: Iterable[Contact],
        organisations: Iterable[Organisation],
        viewer: Viewer,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(one.uuid), f"{one.outlet.name}: {one.name}") for one in contacts]
        typed_field(self.fields, "contacts", forms.TypedMultipleChoiceField).choices = people
        self._organisations = {str(one.uuid): one for one in organisations}
        names = [(key, display_name_for(viewer, one)) for key, one in self._organisations.items()]
        typed_field(self.fields, "organisation", forms.ChoiceField).choices = [("", "—"), *names]

    def clean(self) -> dict[str, Any]:
        """Replace `organisation` by the row. At least one recipient is needed."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("contacts", "organisation", "outlet")):
            raise forms.ValidationError(_("Choose who gets a link, or write the name of an outlet."))
        if cleaned.get("organisation") and cleaned.get("outlet"):
            self.add_error("outlet", _("Give the media partner and the other outlet their links one by one."))
        organisation = self._organisations.get(cleaned.get("organisation", ""))
        return cleaned | {"organisation": organisation, "language": cleaned.get("language") or Language.KK}


def _item_choices(items: Sequence[tuple[MediaItem, str]]) -> list[tuple[str, str]]:
    return [("", "—"), *((one.name, title) for one, title in items)]


class AiringForm(forms.Form):
    """What an outlet aired or published of an item. `items`: with their titles for the outlet."""

    item = forms.ChoiceField(label=_("What you used"))
    kind = forms.ChoiceField(label=_("Where"), choices=CoverageKind.choices, initial=CoverageKind.TELEVISION)
    on = date_field(label=_("Date"))
    aired_at = time_field(label=_("Aired at"), required=False)
    programme = forms.CharField(
        label=_("Programme"), required=False, max_length=120, validators=[validate_visible_characters]
    )
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=500,
        validators=[validate_web_link],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, items: Sequence[tuple[MediaItem, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = {one.name: (one, title) for one, title in items}
        typed_field(self.fields, "item", forms.ChoiceField).choices = _item_choices(items)
        self.fields["on"].widget.attrs["max"] = site_today().isoformat()

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day > site_today():
            raise forms.ValidationError(_("The day lies in the past: what is to come is no coverage yet."))
        if day < site_today() - LONGEST_AGO:
            raise forms.ValidationError(_("That is long ago: check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Replace `item` by the row, and add its title."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("aired_at", "programme", "link")):
            raise forms.ValidationError(
                _("Write the time, the programme or the link: one of them is enough.")
            )
        item, title = self._items.get(cleaned.get("item", ""), (None, ""))
        return cleaned | {"item": item, "title": title[:200]}


class ItemCoverageForm(CoverageEntryForm):
    """Coverage of an item, as the press desk notes it."""

    item = forms.ChoiceField(label=_("Item of the package"))
    field_order = ["item"]

    def __init__(self, *args: Any, items: Sequence[MediaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = {one.name: one for one in items}
        choices = _item_choices([(one, f"{one.name}: {one.draft.title}") for one in items])
        typed_field(self.fields, "item", forms.ChoiceField).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        return cleaned | {"item": self._items.get(cleaned.get("item", ""))}


class AttachForm(forms.Form):
    """Say of which item an entry of coverage is that exists already."""

    coverage = forms.ChoiceField(label=_("Coverage that is noted already"))
    item = forms.ChoiceField(label=_("Item of the package"))

    def __init__(
        self, *args: Any, coverage: Sequence[Coverage], items: Sequence[MediaItem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._coverage = {str(one.uuid): one for one in coverage}
        self._items = {one.name: one for one in items}
        entries = [
            (key, f"{one.on:%Y-%m-%d} {one.outlet} {one.title}".strip())
            for key, one in self._coverage.items()
        ]
        typed_field(self.fields, "coverage", forms.ChoiceField).choices = [("", "—"), *entries]
        choices = _item_choices([(one, f"{one.name}: {one.draft.title}") for one in items])
        typed_field(self.fields, "item", forms.ChoiceField).choices = choices

    def clean(self) -> dict[str, Any]:
        """Replace both by the rows."""
        cleaned: dict[str, Any] = super().clean() or {}
        return {
            "coverage": self._coverage.get(cleaned.get("coverage", "")),
            "item": self._items.get(cleaned.get("item", "")),
        }
