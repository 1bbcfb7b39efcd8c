"""Forms for loans and condition reports."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.forms import OrganisationField
from events.core.forms.times import date_field, time_field
from events.core.models import Event
from events.exhibitions.works.enums import AgreementState, ConditionMoment, Currency
from events.exhibitions.works.loans.actions import ConditionInput, ConditionPhotoInput, LoanInput
from events.exhibitions.works.loans.models import Loan
from events.exhibitions.works.presenters import MINOR_UNITS


class LoanForm(forms.Form):
    """Lender, return date and insured value of a work."""

    organisation = OrganisationField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("An organisation of this workspace lends it"),
        empty_label=_("Somebody else, named below"),
    )
    lender = forms.CharField(
        label=_("Lender"),
        required=False,
        max_length=160,
        help_text=_("Kept sealed, as are address and phone."),
    )
    address = forms.CharField(label=_("Address"), required=False, max_length=240)
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    from_on = date_field(label=_("Lent from"), required=False)
    return_on = date_field(
        label=_("Goes back on"),
        required=False,
        help_text=_("You are reminded 14 and 3 days before, on the day, and when it is overdue."),
    )
    returned_on = date_field(label=_("Went back on"), required=False)
    value = forms.DecimalField(
        label=_("Insured for"), required=False, min_value=0, max_digits=13, decimal_places=2
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency)
    agreement = forms.ChoiceField(label=_("Loan agreement"), choices=AgreementState)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lenders = typed_field(self.fields, "organisation", OrganisationField)
        lenders.viewer, lenders.queryset = viewer, participants(access.workspace)

    @property
    def about(self) -> LoanInput:
        """Return the loan's data. Only for a valid form."""
        sent = dict(self.cleaned_data)
        value: Decimal | None = sent.pop("value")
        return LoanInput(
            **sent
            | {
                "value": int(value * MINOR_UNITS) if value is not None else None,
                "currency": Currency(sent["currency"]),
                "agreement": AgreementState(sent["agreement"]),
            }
        )


def initial_loan(loan: Loan | None) -> dict[str, Any]:
    """Return initial form values for a loan."""
    if loan is None:
        return {"currency": Currency.KZT, "agreement": AgreementState.NONE}
    value = Decimal(loan.value) / MINOR_UNITS if loan.value is not None else None
    return {name: getattr(loan, name) for name in LoanForm.base_fields} | {"value": value}


class PicturesInput(forms.ClearableFileInput):
    """Native file input for several files; phones offer the camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photographs, as a list."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in sent]


class ConditionForm(forms.Form):
    """Condition of a work on arrival or on return."""

    moment = forms.ChoiceField(label=_("When"), choices=ConditionMoment)
    seen_on = date_field(label=_("Date"))
    seen_at = time_field(label=_("Time"))
    words = forms.CharField(
        label=_("How it looks"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Front, back, frame, edges; each scratch and where it is."),
    )
    seen_by = forms.CharField(label=_("Looked at by"), max_length=160)
    handed_by = forms.CharField(label=_("Handed over by"), required=False, max_length=160)
    taken_by = forms.CharField(label=_("Taken over by"), required=False, max_length=160)
    photos = PhotosField(
        label=_("Photographs"),
        required=False,
        widget=PicturesInput(attrs={"accept": "image/*"}),
        help_text=_("Up to 12. Where and with what they were taken is removed from them."),
    )

    def seen(self, event: Event) -> ConditionInput:
        """Return the report's data. Only for a valid form."""
        sent = self.cleaned_data
        at = datetime.datetime.combine(sent["seen_on"], sent["seen_at"], tzinfo=event.zone_info)
        return ConditionInput(
            moment=ConditionMoment(sent["moment"]),
            seen_at=at,
            words=sent["words"],
            seen_by=sent["seen_by"],
            handed_by=sent["handed_by"],
            taken_by=sent["taken_by"],
        )

    @property
    def sent_photos(self) -> list[ConditionPhotoInput]:
        return [ConditionPhotoInput(one, one.name or "") for one in self.cleaned_data["photos"]]


def initial_condition(event: Event, moment: str) -> dict[str, Any]:
    """Return initial form values: the current time local to the event."""
    local = now().astimezone(event.zone_info)
    return {"moment": moment, "seen_on": local.date(), "seen_at": local.time().replace(second=0)}
