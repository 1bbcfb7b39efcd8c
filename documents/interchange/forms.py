"""Forms for uploading Word files and for assigning the authors of changes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from documents.drafts.models import Handling, TextKind
from documents.interchange.actions.upload import NOBODY, AuthorChoice
from documents.interchange.models import IncomingFile

_ACCEPT = ".docx,.odt"


class UploadRevisionForm(forms.Form):
    """A file that was made from this text."""

    file = forms.FileField(
        label=_("The Word file"),
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
        help_text=_(
            "A .docx or .odt file of at most 20 MB. Nothing of it comes in before you have looked at it."
        ),
    )


class NewFromFileForm(UploadRevisionForm):
    """A file that becomes a draft."""

    title = forms.CharField(
        label=_("Working title"),
        max_length=160,
        required=False,
        help_text=_("Empty: the title that stands in the file."),
    )
    kind = forms.ChoiceField(label=_("Kind of text"), choices=TextKind.choices)
    language = forms.ChoiceField(label=_("Language of the file"), choices=Language.choices)
    handling = forms.ChoiceField(
        label=_("Handling mark"), choices=Handling.choices, initial=Handling.WORKSPACE
    )

    field_order = ["file", "title", "kind", "language", "handling"]


class FileAuthorsForm(forms.Form):
    """One choice for each author in the file, named as the viewer may see them."""

    def __init__(
        self,
        *args: Any,
        file: IncomingFile,
        names: list[str],
        shown: Mapping[str, str],
        me: str,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self.names = names
        alone = len([name for name in self.names if name != NOBODY]) < 2
        for number, name in enumerate(self.names):
            choices = []
            if name != NOBODY:
                choices.append((AuthorChoice.FILE, _("%(name)s, as the file says") % {"name": shown[name]}))
            if file.guest_name and file.guest_name != name:
                choices.append(
                    (AuthorChoice.GUEST, _("%(name)s, who sent the file") % {"name": file.guest_name})
                )
            choices.append((AuthorChoice.ME, _("%(name)s (you)") % {"name": me}))
            by_guest = file.guest_name and (alone or name == NOBODY) and file.guest_name != name
            self.fields[f"author-{number}"] = forms.ChoiceField(
                label=shown[name] or _("Changed without a trace"),
                choices=choices,
                initial=AuthorChoice.GUEST if by_guest else choices[0][0],
            )

    def choices(self) -> dict[str, str]:
        """Return the choices by the author's name in the file."""
        return {name: self.cleaned_data[f"author-{number}"] for number, name in enumerate(self.names)}
