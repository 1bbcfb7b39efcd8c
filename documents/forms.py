"""What people fill in about drafts, texts, versions and files."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.partners.enums import Language
from coalition.partners.models import Organisation
from coalition.partners.naming import Viewer, display_name_for
from coalition.workspaces.queries import participants
from coalition.workspaces.rules import Access
from documents.canonical.editor import from_plain
from documents.enums import Handling, TextKind
from documents.intake.types import ENDINGS


class OrganisationsField(forms.ModelMultipleChoiceField):
    """Organisations of a workspace, named as the person may read them."""

    widget = forms.CheckboxSelectMultiple
    viewer: Viewer

    def label_from_instance(self, organisation: Organisation) -> str:
        return display_name_for(self.viewer, organisation)


class DraftForm(forms.Form):
    """A draft's working title, kind, marks and readers."""

    title = forms.CharField(
        label=_("Working title"),
        max_length=160,
        help_text=_("Only people in this workspace see it. Each language gets its own title in the text."),
    )
    kind = forms.ChoiceField(label=_("Kind of text"), choices=TextKind.choices)
    first_language = forms.ChoiceField(
        label=_("Written first in"),
        choices=Language.choices,
        help_text=_("The texts in the other languages follow this one."),
    )
    handling = forms.ChoiceField(
        label=_("Handling mark"),
        choices=Handling.choices,
        help_text=_("How far this draft may travel. The mark stands on everything made from it."),
    )
    restricted_to = OrganisationsField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("Only for these organisations"),
        help_text=_("Tick none, and everyone in this workspace who may see drafts can read it."),
    )

    def __init__(
        self,
        *args: Any,
        access: Access,
        viewer: Viewer,
        may_restrict: bool = True,
        new: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["restricted_to"]
        assert isinstance(field, OrganisationsField)  # noqa: S101  tells the type checker
        field.viewer = viewer
        field.queryset = participants(access.workspace)
        if not may_restrict:
            del self.fields["restricted_to"]
        if not new:
            del self.fields["first_language"]


class TextForm(forms.Form):
    """What the page of a text sends: the editor's JSON, or plain words where no script runs.

    The editor's script takes the field `plain` out of the form, so its presence tells which one counts.
    """

    title = forms.CharField(label=_("Title"), required=False, strip=True)
    lead = forms.CharField(
        label=_("Lead"),
        required=False,
        widget=forms.Textarea,
        help_text=_("One or two sentences below the title."),
    )
    body = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    plain = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea,
        help_text=_("An empty line begins a new paragraph."),
    )
    base_revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    @property
    def is_plain(self) -> bool:
        return self.add_prefix("plain") in self.data

    def clean(self) -> dict[str, Any]:
        """Adds `editor`: the body as the editor's JSON."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_plain:
            cleaned["editor"] = from_plain(cleaned.get("plain", ""))
            return cleaned
        try:
            cleaned["editor"] = json.loads(cleaned.get("body", ""))
        except (ValueError, RecursionError) as error:
            raise ValidationError(
                _("The text did not arrive whole, so nothing was saved. Reload the page and try again.")
            ) from error
        return cleaned


class VersionForm(forms.Form):
    """The name of a version."""

    name = forms.CharField(
        label=_("Name of this version"),
        max_length=120,
        help_text=_("For example “After the lawyers read it”. Everyone who may read the draft sees it."),
    )
    seen_revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class FileWordsForm(forms.Form):
    """What is said of a file."""

    alt = forms.CharField(
        label=_("Description for those who cannot see it"),
        max_length=300,
        required=False,
        help_text=_(
            "For pictures: what is to be seen, in one sentence. A text cannot be approved without it."
        ),
    )
    caption = forms.CharField(label=_("Caption"), max_length=300, required=False)
    credit = forms.CharField(
        label=_("Credit"), max_length=160, required=False, help_text=_("Who made it, and who allows its use.")
    )
    handling = forms.ChoiceField(
        label=_("Handling mark"), choices=Handling.choices, initial=Handling.WORKSPACE
    )


class FileForm(FileWordsForm):
    """A new file of a workspace."""

    file = forms.FileField(label=_("File"), max_length=None, allow_empty_file=True)
    restricted_to = OrganisationsField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("Only for these organisations"),
        help_text=_("Tick none, and everyone in this workspace who may see drafts can open it."),
    )
    field_order = ["file", "alt", "caption", "credit", "handling", "restricted_to"]

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["restricted_to"]
        assert isinstance(field, OrganisationsField)  # noqa: S101  tells the type checker
        field.viewer = viewer
        field.queryset = participants(access.workspace)
        self.fields["file"].help_text = _(
            "Up to %(limit)d MB. Pictures lose what the camera wrote into them: place, time, device."
        ) % {"limit": settings.FILE_UPLOAD_MAX_BYTES // 1024**2}
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)
