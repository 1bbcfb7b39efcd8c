"""Forms for guest links."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from coalition.accounts.models import Language
from coalition.core.localized_text import typed_field
from documents.comments.models import LONGEST_COMMENT, LONGEST_QUOTE
from documents.drafts.access import GuestData
from documents.drafts.models import Draft, GuestPurpose, Handling, Version
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS
from documents.guests.actions import DEFAULT_LIFETIME_DAYS, MAX_LIFETIME_DAYS
from documents.interchange.actions.upload import ENDINGS

LANGUAGE_NAMES = dict(settings.LANGUAGES)
WHOLE_DRAFT = "draft"
DAYS = (1, 3, 7, DEFAULT_LIFETIME_DAYS, 30, MAX_LIFETIME_DAYS)
FEW_VERSIONS = 9
_IN_DAYS = ngettext_lazy("%(days)d day", "%(days)d days", "days")


class GuestForm(forms.Form):
    """The guest, what they may read, purpose and duration."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("It stands above the text and beside their comments.")
    )
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of the mail and of the pages.")
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=GuestPurpose.choices)
    what = forms.ChoiceField(label=_("What opens"))
    days = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=DEFAULT_LIFETIME_DAYS,
        choices=[(days, _IN_DAYS % {"days": days}) for days in DAYS],
    )
    reason = forms.CharField(
        label=_("Why this person has to read it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {text.language: text for text in draft.texts.filter(revision__gt=0).order_by("id")}
        newest = Version.objects.filter(text__draft=draft).select_related("text").order_by("-created_at")
        self.versions = {str(version.uuid): version for version in newest[:FEW_VERSIONS]}
        field = typed_field(self.fields, "what", forms.ChoiceField)
        field.choices = [
            (WHOLE_DRAFT, _("All languages, as they stand at each moment")),
            *(
                (code, _("%(language)s, as it stands at each moment") % {"language": LANGUAGE_NAMES[code]})
                for code in self.texts
            ),
            *(
                (
                    uuid,
                    _("%(language)s, version %(number)d: %(name)s")
                    % {
                        "language": LANGUAGE_NAMES[version.language],
                        "number": version.number,
                        "name": version.name,
                    },
                )
                for uuid, version in self.versions.items()
            ),
        ]
        required = GUEST_LINK_REQUIREMENTS[Handling(draft.handling)]
        if required is not None and required.reason:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _(
                "The handling mark is narrower than this person. The reason stays with the link, and editors "
                "and coordinators read it."
            )
        else:
            del self.fields["reason"]

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "guest": GuestData(data["name"], data["email"], Language(data["language"])),
            "purpose": GuestPurpose(data["purpose"]),
            "text": self.texts.get(data["what"]),
            "version": self.versions.get(data["what"]),
            "days": data["days"],
            "reason": data.get("reason", ""),
        }


class GuestCommentForm(forms.Form):
    """A comment of a legal reader, on the text or on words of it."""

    quote = forms.CharField(
        label=_("Which words"),
        required=False,
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy them from the text, if the comment is about some words only."),
    )
    body = forms.CharField(
        label=_("Your comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 5})
    )


class GuestFileForm(forms.Form):
    file = forms.FileField(
        label=_("Your file"),
        max_length=None,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_("The Word file that you downloaded here and edited, as .docx or .odt."),
    )
