"""What people fill in to put a text to approval, to decide, to publish and to withdraw."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.partners.enums import Listing, OrganisationKind
from coalition.partners.models import Organisation
from coalition.partners.naming import Viewer
from coalition.quoting import inside_quotes
from coalition.workspaces.queries import frozen_in, participants
from documents.forms import OrganisationsField
from documents.models import Draft, DraftText, Version

LANGUAGE_NAMES = dict(settings.LANGUAGES)
PUBLISH_WORD = _("publish")


class DeadlineField(forms.DateTimeField):
    """A moment in the person's time zone, as the browser's own control gives it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            label=_("Deadline"),
            **kwargs,
        )


class PutForm(forms.Form):
    """Which languages, to whom, until when.

    One box a language that can be put: it stands for the version that says what the text says now, or
    offers to name one. `unready` tells of languages that have words but cannot be approved yet.
    """

    organisations = OrganisationsField(
        queryset=Organisation.objects.none(),
        label=_("Who is asked"),
        help_text=_("Every one of them has to approve every language before this can be published."),
    )
    withheld = OrganisationsField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("Not to be named under this text"),
        help_text=_("They are counted, not named. Names that are never told are not in this list."),
    )
    deadline = DeadlineField()
    message = forms.CharField(
        label=_("Message to the organisations"), required=False, max_length=1000, widget=forms.Textarea
    )

    def __init__(self, *args: Any, draft: Draft, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts: dict[str, DraftText] = {}
        self.versions: dict[str, Version] = {}
        self.unready: list[str] = []
        self._add_languages(draft)
        self._choose_organisations(draft, viewer)

    def _add_languages(self, draft: Draft) -> None:
        boxes: dict[str, forms.Field] = {}
        for text in draft.texts.filter(revision__gt=0).order_by("id"):
            name = str(LANGUAGE_NAMES[text.language])
            if not text.content_hash:
                self.unready.append(name)
                continue
            self.texts[text.language] = text
            version = text.versions.filter(hash=text.content_hash).order_by("-number").first()
            if version is not None:
                self.versions[text.language] = version
                label = _("%(language)s: version %(number)d, “%(name)s”") % {
                    "language": name,
                    "number": version.number,
                    "name": inside_quotes(version.name),
                }
            else:
                label = _("%(language)s: name the text as it stands now as a new version") % {
                    "language": name
                }
            boxes[f"put_{text.language}"] = forms.BooleanField(label=label, required=False, initial=True)
        if len(self.versions) < len(self.texts):
            boxes["version_name"] = forms.CharField(
                label=_("Name of the new versions"),
                max_length=120,
                required=False,
                initial=_("Put to approval"),
            )
        self.fields = {**boxes, **self.fields}

    def _choose_organisations(self, draft: Draft, viewer: Viewer) -> None:
        rows = participants(draft.workspace).exclude(kind=OrganisationKind.MEDIA_PARTNER)
        rows = rows.exclude(pk__in=frozen_in(draft.workspace))
        if draft.restricted:
            rows = rows.filter(pk__in=draft.restricted_to.values("pk"))
        for name, queryset in (
            ("organisations", rows),
            ("withheld", rows.filter(listing=Listing.PUBLIC)),
        ):
            field = self.fields[name]
            assert isinstance(field, OrganisationsField)  # noqa: S101  tells the type checker
            field.viewer = viewer
            field.queryset = queryset
        self.fields["organisations"].initial = rows

    def clean(self) -> dict[str, Any]:
        """Adds `languages`: the codes that are put."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["languages"] = [code for code in self.texts if cleaned.get(f"put_{code}")]
        if not cleaned["languages"]:
            raise ValidationError(_("Choose at least one language to put to approval."))
        return cleaned


class RenewForm(forms.Form):
    """A new deadline, and the languages in which newer words are put."""

    language = forms.MultipleChoiceField(choices=settings.LANGUAGES, required=False)
    deadline = DeadlineField(required=False)

    @property
    def languages(self) -> list[str]:
        """The languages chosen, also where something else is wrong."""
        return list(self["language"].value() or [])


class ReasonForm(forms.Form):
    """Asking for changes in one language."""

    words = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What should be changed, and why"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Everyone in the workspace who reads drafts sees it."),
    )


class PublishForm(forms.Form):
    """The word that is typed before something becomes public."""

    word = forms.CharField(max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].label = _("To publish, type the word “%(word)s”") % {"word": PUBLISH_WORD}
        self.fields["word"].widget.attrs["autocomplete"] = "off"

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != str(PUBLISH_WORD).casefold():
            raise ValidationError(_("Type the word exactly as it stands above."))
        return word


class WithdrawForm(forms.Form):
    """Why a text is withdrawn; the public reads it."""

    note = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("The public reads this note in the place of the text, in the language you write it in."),
    )
