"""Forms for drafts, texts, versions and files."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.localized_text import typed_field
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import participants
from coalition.workspaces.sentence_params import person_name
from documents.drafts.models import Draft
from documents.drafts.queries import people_of, seats_to_name
from documents.files.models import StoredFile
from documents.files.types import ENDINGS


class OrganisationField(forms.ModelChoiceField):
    """One organisation of a workspace, with the name that the viewer may read."""

    viewer: Viewer

    def label_from_instance(self, organisation: Organisation) -> str:
        return display_name_for(self.viewer, organisation)


class OrganisationsField(OrganisationField, forms.ModelMultipleChoiceField):
    """Organisations of a workspace, with the names that the viewer may read."""

    widget = forms.CheckboxSelectMultiple


class PeopleField(forms.ModelMultipleChoiceField):
    """People with a seat in a workspace, with the names that the viewer may read.

    The choices are seats, one per person (`seats_to_name`); the value is the people.
    """

    widget = forms.CheckboxSelectMultiple
    viewer: Viewer

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Seat.objects.none(),
            required=False,
            to_field_name="uuid",
            label=_("Named people"),
            **kwargs,
        )

    def label_from_instance(self, seat: Seat) -> str:
        organisation = display_name_for(self.viewer, seat.organisation)
        return f"{person_name(self.viewer, seat.person, seat.organisation)}, {organisation}"

    def clean(self, value: Any) -> list[User]:  # type: ignore[override]  # people, not rows
        return people_of(super().clean(value).select_related("person"))


class DraftForm(forms.ModelForm[Draft]):
    """A draft's working title, kind, marks and readers."""

    from_template = forms.BooleanField(
        label=_("Begin with the template of this kind"),
        required=False,
        help_text=_(
            "Its headings and places to fill in stand in all languages. Without it the texts are empty."
        ),
    )
    named_people = PeopleField(
        help_text=_(
            "They alone read it if the mark is “Named people only”. You and whoever made the draft are "
            "always among them."
        )
    )
    restricted_to = OrganisationsField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("Only for these organisations"),
        help_text=_("Tick none, and everyone in this workspace who may see drafts can read it."),
    )
    field_order = ["title", "kind", "from_template", "first_language", "handling"]

    class Meta:
        model = Draft
        fields = ["title", "kind", "first_language", "handling"]

    def __init__(self, *args: Any, viewer: Viewer, may_restrict: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_readers(self.fields, self.instance, viewer)
        if not may_restrict:
            del self.fields["restricted_to"]
            del self.fields["named_people"]
        if self.instance.pk:
            del self.fields["first_language"]
            del self.fields["from_template"]


def choose_readers(fields: dict[str, forms.Field], thing: Draft | StoredFile, viewer: Viewer) -> None:
    """Fill the choices of the reader fields of a draft or file."""
    people = typed_field(fields, "named_people", PeopleField)
    people.viewer = viewer
    people.queryset = seats_to_name(thing)
    if thing.pk:
        people.initial = list(people.queryset.filter(person__in=thing.named_people.all()))
    if "restricted_to" in fields:
        organisations = typed_field(fields, "restricted_to", OrganisationsField)
        organisations.viewer = viewer
        organisations.queryset = participants(thing.workspace)


class VersionForm(forms.Form):
    """The name of a version."""

    name = forms.CharField(
        label=_("Name of this version"),
        max_length=120,
        help_text=_("For example “After the lawyers read it”. Everyone who may read the draft sees it."),
    )


class FileDescriptionForm(forms.ModelForm[StoredFile]):
    """Title and description of a file."""

    named_people = PeopleField(
        help_text=_(
            "They alone open it if the mark is “Named people only”. You and whoever shared the file are "
            "always among them."
        )
    )

    class Meta:
        model = StoredFile
        fields = ["alt", "caption", "credit", "handling"]

    def __init__(self, *args: Any, viewer: Viewer, may_open: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_readers(self.fields, self.instance, viewer)
        if not may_open:
            del self.fields["named_people"]


class FileForm(FileDescriptionForm):
    """A new file of a workspace."""

    file = forms.FileField(label=_("File"), max_length=None, allow_empty_file=True)
    restricted_to = OrganisationsField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("Only for these organisations"),
        help_text=_("Tick none, and everyone in this workspace who may see drafts can open it."),
    )
    field_order = ["file", "alt", "caption", "credit", "handling", "named_people", "restricted_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Up to %(limit)d MB. Pictures lose what the camera wrote into them: place, time, device."
        ) % {"limit": settings.FILE_UPLOAD_MAX_BYTES // 1024**2}
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)


class DeadlineField(forms.DateTimeField):
    """A date and time in the person's time zone, from the browser's native control."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Deadline"))
        input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(input_formats=input_formats, **kwargs)


class AcknowledgedField(forms.BooleanField):
    """Acknowledgement of the checklist's findings; the languages it covers are decided later."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            label=_("I have looked at what the checklist found, and the texts are right as they are"),
            help_text=_("This is kept in the log with your name."),
            **kwargs,
        )
