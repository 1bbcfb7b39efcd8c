"""Forms for works, their texts, loans, condition reports, and the film of a screening."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedTextarea, typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.forms import OrganisationField
from documents.files.consent import usable_files_for
from documents.models import StoredFile
from events.core.enums import SpokenLanguage
from events.core.forms.planning import PictureField
from events.core.forms.times import DateInput, date_field, time_field
from events.core.models import Event
from events.exhibitions.works.models import ConditionReport, Exhibition, Loan, Screening, Work
from events.exhibitions.works.presenters import MINOR_UNITS

TITLE_ERRORS = {"title": {"required": _("Give it a title in at least one language.")}}


class WorkForm(forms.ModelForm[Work]):
    """One work: texts, maker, size, picture, and permitted use."""

    picture = PictureField(
        queryset=StoredFile.objects.none(),
        required=False,
        label=_("Picture"),
        empty_label=_("No picture"),
        help_text=_("Pictures of this workspace that have a description."),
    )

    class Meta:
        model = Work
        fields = (
            *("title", "technique", "label", "content_note", "alt", "difficult"),
            *("maker", "naming", "pseudonym", "year", "height", "width", "depth", "picture"),
            *("show_agreed", "show_until", "show_from", "reproduction", "reproduction_until", "rights_note"),
        )
        widgets = {
            "label": LocalizedTextarea({"rows": 4}),
            "content_note": LocalizedTextarea({"rows": 2}),
            "alt": LocalizedTextarea({"rows": 2}),
            **dict.fromkeys(("maker", "pseudonym", "show_from", "rights_note"), forms.TextInput),
            **dict.fromkeys(("height", "width", "depth"), forms.NumberInput(attrs={"inputmode": "decimal"})),
            **dict.fromkeys(("show_until", "reproduction_until"), DateInput()),
        }
        error_messages = TITLE_ERRORS

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pictures = typed_field(self.fields, "picture", PictureField)
        known = usable_files_for(access.user, access.workspace).filter(content_type__startswith="image/")
        pictures.queryset = known.exclude(alt="")
        current = self.instance.picture
        if current is not None and current not in pictures.queryset:
            # Chosen by somebody with access to it: it stays.
            pictures.queryset = StoredFile.objects.filter(pk=current.pk)


class QuietCornerForm(forms.ModelForm[Exhibition]):
    """The quiet corner and the way to get help."""

    class Meta:
        model = Exhibition
        fields = ("quiet_corner", "help_words", "help_phone")
        widgets = {
            "quiet_corner": LocalizedTextarea({"rows": 2}),
            "help_words": LocalizedTextarea({"rows": 2}),
            "help_phone": forms.TextInput(attrs={"inputmode": "tel"}),
        }


class FilmForm(forms.ModelForm[Screening]):
    """The film of a screening and the rights to it."""

    sound = forms.MultipleChoiceField(
        label=_("Languages of the sound"),
        required=False,
        choices=SpokenLanguage,
        widget=forms.CheckboxSelectMultiple,
    )
    subtitles = forms.MultipleChoiceField(
        label=_("Languages of the subtitles"),
        required=False,
        choices=SpokenLanguage,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Screening
        fields = (
            *("title", "content_note", "guide", "maker", "year", "minutes", "sound", "subtitles", "age"),
            *("certificate", "rights_holder", "rights_from", "rights_until", "showings"),
            *("support", "support_phone"),
        )
        widgets = {
            "content_note": LocalizedTextarea({"rows": 2}),
            "guide": LocalizedTextarea({"rows": 6}),
            **dict.fromkeys(("rights_from", "rights_until"), DateInput()),
            **dict.fromkeys(("rights_holder", "support", "support_phone"), forms.TextInput),
        }
        error_messages = TITLE_ERRORS


MOST_PHOTOS = 12


class SumField(forms.DecimalField):
    """A sum of money; its initial and cleaned values are minor units."""

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / MINOR_UNITS if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return int(amount * MINOR_UNITS) if amount is not None else None


class LoanForm(forms.ModelForm[Loan]):
    """Lender, return date and insured value of a work."""

    organisation = OrganisationField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("An organisation of this workspace lends it"),
        empty_label=_("Somebody else, named below"),
    )
    value = SumField(label=_("Insured for"), required=False, min_value=0, max_digits=13, decimal_places=2)

    class Meta:
        model = Loan
        fields = (
            *("organisation", "lender", "address", "phone", "from_on", "return_on", "returned_on"),
            *("value", "currency", "agreement", "note"),
        )
        widgets = {
            "lender": forms.TextInput,
            "address": forms.TextInput,
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "note": forms.Textarea(attrs={"rows": 2}),
            **dict.fromkeys(("from_on", "return_on", "returned_on"), DateInput()),
        }

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lenders = typed_field(self.fields, "organisation", OrganisationField)
        lenders.viewer, lenders.queryset = viewer, participants(access.workspace)


class PicturesInput(forms.ClearableFileInput):
    """Native file input for several files; phones offer the camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photographs, as a list."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if len(sent) > MOST_PHOTOS:
            raise forms.ValidationError(_("A report has at most 12 photographs."))
        return [super(PhotosField, self).clean(one, initial) for one in sent]


class ConditionForm(forms.ModelForm[ConditionReport]):
    """Condition of a work on arrival or on return, at a time local to the event."""

    field_order = ("moment", "seen_on", "seen_at")
    seen_on = date_field(label=_("Date"))
    seen_at = time_field(label=_("Time"))
    photos = PhotosField(
        label=_("Photographs"),
        required=False,
        widget=PicturesInput(attrs={"accept": "image/*"}),
        help_text=_("Up to 12. Where and with what they were taken is removed from them."),
    )

    class Meta:
        model = ConditionReport
        fields = ("moment", "words", "seen_by", "handed_by", "taken_by")
        widgets = {
            "words": forms.Textarea(attrs={"rows": 5}),
            **dict.fromkeys(("seen_by", "handed_by", "taken_by"), forms.TextInput),
        }

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = event.zone_info
        local = now().astimezone(self.zone)
        self.initial.update(seen_on=local.date(), seen_at=local.time().replace(second=0))

    def clean(self) -> dict[str, Any]:
        """Replace day and time by the moment."""
        cleaned: dict[str, Any] = super().clean() or {}
        day, time = cleaned.pop("seen_on", None), cleaned.get("seen_at")
        if day is not None and time is not None:
            cleaned["seen_at"] = datetime.datetime.combine(day, time, tzinfo=self.zone)
            if cleaned["seen_at"] > now() + datetime.timedelta(hours=1):
                raise forms.ValidationError(_("Nobody can have looked at it in the future."))
        return cleaned
