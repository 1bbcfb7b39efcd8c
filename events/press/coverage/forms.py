"""Coverage forms: for the press desk, for a link, for a spreadsheet."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import REGIONS, Language
from coalition.applicants.forms import validate_visible_characters
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from documents.publication.queries import publications_for
from events.core.forms.times import date_field, time_field
from events.core.queries import prefetch_event_details, seated_events_for, text_in
from events.press.coverage.actions import MOST_REACHED
from events.press.coverage.models import Coverage, CoverageKind, Proof, Tone
from events.press.forms import FilterForm, filter_field

MOST_TEXTS = 50  # choices: the newest


class CoverageFilterForm(FilterForm):
    """Filters of the list."""

    q = forms.CharField(label=_("Outlet or words"), required=False, max_length=80)
    kind = filter_field(_("Kind"), _("All kinds"), CoverageKind.choices)
    region = filter_field(_("Region"), _("All regions"), REGIONS.items())
    language = filter_field(_("Language"), _("All languages"), Language.choices)
    first = date_field(label=_("From day"), required=False)
    last = date_field(label=_("To day"), required=False)
    event = forms.UUIDField(required=False, widget=forms.HiddenInput)


class CoverageEntryForm(forms.ModelForm[Coverage]):
    """A publication or airing by an outlet, as entered by anybody."""

    outlet = forms.CharField(label=_("Outlet"), max_length=120, validators=[validate_visible_characters])
    kind = forms.ChoiceField(label=_("Kind"), choices=CoverageKind.choices)
    on = date_field(label=_("Date"))
    aired_at = time_field(label=_("Aired at"), required=False)
    programme = forms.CharField(
        label=_("Programme"),
        required=False,
        max_length=120,
        validators=[validate_visible_characters],
        help_text=_("For television and radio."),
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=200, validators=[validate_visible_characters]
    )
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", "—"), *Language.choices])
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[("", "—"), *REGIONS.items()])
    reach = forms.IntegerField(label=_("Reach, people"), required=False, min_value=0, max_value=MOST_REACHED)
    proof = forms.ChoiceField(
        label=_("How the number is known"), required=False, choices=Proof.choices, initial=Proof.NOT_KNOWN
    )

    class Meta:
        model = Coverage
        fields: tuple[str, ...] = (
            "outlet", "kind", "on", "aired_at", "programme", "title", "link", "language", "region", "reach",
            "proof",
        )  # fmt: skip

    def clean_proof(self) -> str:
        return self.cleaned_data["proof"] or Proof.NOT_KNOWN


class CoverageForm(CoverageEntryForm):
    """The same for the press desk: also the subject, and the tone."""

    tone = forms.ChoiceField(label=_("Tone"), required=False, choices=[("", "—"), *Tone.choices])
    about = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = prefetch_event_details(seated_events_for(access.user, access.workspace)).order_by(
            "-starts_at"
        )
        self._events = {f"e:{one.uuid}": one for one in events if one.is_told}
        texts = publications_for(access.user, access.workspace).filter(published_at__isnull=False)
        self._texts = {f"p:{one.uuid}": one for one in texts.order_by("-number")[:MOST_TEXTS]}
        if self.instance.event is not None:
            self.initial["about"] = f"e:{self.instance.event.uuid}"
        elif self.instance.publication is not None:
            self.initial["about"] = f"p:{self.instance.publication.uuid}"
        language = get_language() or ""
        typed_field(self.fields, "about", forms.ChoiceField).choices = [
            ("", "—"),
            (_("Events"), [(key, text_in(one, language).title) for key, one in self._events.items()]),
            (_("Published texts"), [(key, one.title) for key, one in self._texts.items()]),
        ]

    class Meta(CoverageEntryForm.Meta):
        fields = (*CoverageEntryForm.Meta.fields, "tone")

    def clean(self) -> dict[str, Any]:
        """Replace `about` by `event` and `publication`."""
        cleaned: dict[str, Any] = super().clean() or {}
        about = cleaned.pop("about", "")
        return cleaned | {"event": self._events.get(about), "publication": self._texts.get(about)}


class CoverageLinkForm(forms.Form):
    """Recipient of a link for adding coverage."""

    label = forms.CharField(
        label=_("For whom"),
        max_length=120,
        validators=[validate_visible_characters],
        help_text=_("An outlet or a partner. Only your organisation reads it."),
    )
    language = forms.ChoiceField(label=_("Language of its page"), choices=Language.choices)
