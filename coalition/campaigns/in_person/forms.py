"""What is filled in about tables."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import REGIONS, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.in_person.actions.guidance import GuidanceContent
from coalition.campaigns.in_person.actions.prepare import TablePlan
from coalition.campaigns.in_person.guidance_words import default_police_words
from coalition.campaigns.in_person.models import MOST_WORDS, Table, TableGuidance
from coalition.core.localized_text import LocalizedTextarea, LocalizedTextFormField, typed_field
from coalition.workspaces.permissions import Access
from documents.files.consent import usable_files_for
from documents.files.models import StoredFile
from events.core.forms.times import DateInput, date_field

ENDINGS = ".pdf,.jpg,.jpeg,.png"  # of permissions, as browsers offer them
_DIALLED = re.compile(r"\+?[0-9 ()\-]{3,40}")
_DIGITS = re.compile(r"\D")


def validate_telephone(value: str) -> None:
    """Raise ValidationError unless a telephone can dial this."""
    if not _DIALLED.fullmatch(value) or not 3 <= len(_DIGITS.sub("", value)) <= 15:
        raise ValidationError(_("Write it as it is dialled: +7 727 123 45 67."))


class PermissionFileField(forms.ModelChoiceField):
    """A file of the workspace, by its name."""

    def label_from_instance(self, file: StoredFile) -> str:
        return file.name


class TableForm(forms.Form):
    """A table: of which organisation, where, when, and who allowed it.

    `versions`: the newest words of the appeals that are open; `organisations`: those the person may choose.
    """

    appeal = forms.ChoiceField(label=_("Appeal"))
    organisation = forms.ChoiceField(label=_("Organisation"))
    region = forms.ChoiceField(label=_("Region"))
    place = forms.CharField(
        label=_("Place"),
        max_length=160,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("As volunteers find it: “Library, Abai 14, entrance hall”."),
    )
    day = date_field(label=_("Day"))
    permission_by = forms.CharField(
        label=_("Who owns the place"),
        max_length=160,
        required=False,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("The organisation or the office that allowed the table, in writing."),
    )
    permission_on = date_field(label=_("Date of the permission"), required=False)
    permission_words = forms.CharField(
        label=_("The permission in words"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What was written: copy it, with its number. Volunteers show it on their phone."),
    )
    permission_file = PermissionFileField(
        label=_("The permission as a file of the workspace"),
        queryset=StoredFile.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=pgettext_lazy("a file", "None"),
    )
    permission_upload = forms.FileField(
        label=_("Or upload it"),
        required=False,
        help_text=_(
            "A scan or a photo. It becomes a file of the workspace; who has the table’s link can open a copy."
        ),
        widget=forms.FileInput({"accept": ENDINGS}),
    )

    def __init__(
        self,
        *args: Any,
        access: Access,
        viewer: Viewer,
        versions: Iterable[AppealVersion],
        organisations: Iterable[Organisation],
        table: Table | None = None,
        **given: Any,
    ) -> None:
        if table is not None:
            given.setdefault("initial", _initial_of(table))
        super().__init__(*args, **given)
        self._appeals = {str(one.appeal.uuid): one.appeal for one in versions}
        self._organisations = {str(one.uuid): one for one in organisations}
        if table is not None:
            self._appeals.setdefault(str(table.appeal.uuid), table.appeal)
            self._organisations.setdefault(str(table.organisation.uuid), table.organisation)
        titles = {str(one.appeal.uuid): one.publication.title for one in versions}
        appeal = typed_field(self.fields, "appeal", forms.ChoiceField)
        appeal.choices = [(uuid, titles.get(uuid, one.slug)) for uuid, one in self._appeals.items()]
        organisation = typed_field(self.fields, "organisation", forms.ChoiceField)
        organisation.choices = [
            (uuid, display_name_for(viewer, one)) for uuid, one in self._organisations.items()
        ]
        organisation.initial = str(access.organisation.uuid)
        region = typed_field(self.fields, "region", forms.ChoiceField)
        region.choices = [("", _("Choose")), *REGIONS.items()]
        files = typed_field(self.fields, "permission_file", PermissionFileField)
        files.queryset = usable_files_for(access.user, access.workspace)
        if table is not None and table.opened_at is not None:
            for name in ("appeal", "organisation", "region", "place", "day"):
                self.fields[name].disabled = True

    def clean_permission_upload(self) -> Any:
        upload = self.cleaned_data["permission_upload"]
        if upload is not None and upload.size > settings.FILE_UPLOAD_MAX_BYTES:
            limit = settings.FILE_UPLOAD_MAX_BYTES // 1024**2
            raise ValidationError(_("The file is larger than %(limit)s MB."), params={"limit": limit})
        return upload

    def plan(self, uploaded: StoredFile | None = None) -> TablePlan:
        """Return what was filled in. Only after `is_valid`. `uploaded`: what `permission_upload` became."""
        data = self.cleaned_data
        return TablePlan(
            appeal=self._appeals[data["appeal"]],
            organisation=self._organisations[data["organisation"]],
            region=data["region"],
            place=data["place"],
            day=data["day"],
            permission_by=data["permission_by"],
            permission_on=data["permission_on"],
            permission_words=data["permission_words"],
            permission_file=uploaded or data["permission_file"],
        )


def _initial_of(table: Table) -> dict[str, Any]:
    names = ("region", "place", "day", "permission_by", "permission_on", "permission_words")
    file = table.permission_file
    return {
        **{name: getattr(table, name) for name in names},
        "appeal": str(table.appeal.uuid),
        "organisation": str(table.organisation.uuid),
        "permission_file": file.uuid if file is not None else None,
    }


class GuidanceForm(forms.Form):
    """What volunteers at every table of the workspace read."""

    legal_note = LocalizedTextFormField(
        label=_("Lawyer’s note on the law on assemblies"),
        required=False,
        max_length=MOST_WORDS,
        widget=LocalizedTextarea({"rows": 6}),
        help_text=_(
            "Why a table with the owner’s permission is no assembly, and where the limits are: number of "
            "people, sound, banners. A lawyer writes it."
        ),
    )
    lawyer_name = forms.CharField(
        label=_("Name of the lawyer"), required=False, max_length=120, validators=[validate_single_line]
    )
    lawyer_role = forms.CharField(
        label=_("Role of the lawyer"),
        required=False,
        max_length=160,
        validators=[validate_single_line],
        help_text=_("For example: advocate, Almaty city bar."),
    )
    noted_on = forms.DateField(label=_("Day of the note"), required=False, widget=DateInput())
    police_words = LocalizedTextFormField(
        label=_("What to do if police come"),
        required=False,
        max_length=MOST_WORDS,
        widget=LocalizedTextarea({"rows": 8}),
        help_text=_("One instruction a line. If it is empty, the words that stand here now are shown again."),
    )
    duty_telephone = forms.CharField(
        label=_("Duty telephone"),
        required=False,
        max_length=40,
        validators=[validate_telephone],
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
        help_text=_("Somebody answers it all the time while a table is open."),
    )

    def __init__(self, *args: Any, guidance: TableGuidance | None, **given: Any) -> None:
        given.setdefault("initial", _guidance_initial(guidance))
        super().__init__(*args, **given)

    def content(self) -> GuidanceContent:
        """Return what was written. Only after `is_valid`."""
        return GuidanceContent(**self.cleaned_data)


def _guidance_initial(guidance: TableGuidance | None) -> dict[str, Any]:
    if guidance is None:
        return {"police_words": default_police_words()}
    names = ("legal_note", "lawyer_name", "lawyer_role", "noted_on", "duty_telephone")
    initial = {name: getattr(guidance, name) for name in names}
    return {**initial, "police_words": guidance.police_words or default_police_words()}
