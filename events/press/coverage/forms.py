"""Coverage forms: for the press desk, for a link, for a spreadsheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.regions import REGIONS
from coalition.applicants.forms import validate_visible_characters
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from documents.models import Publication
from documents.publication.queries import publications_for
from events.core.forms.times import date_field, time_field
from events.core.models import Event
from events.core.queries import prefetch_event_details, seated_events_for, text_in
from events.core.summary import is_web
from events.press.coverage.actions import MOST_REACHED, CoverageInput
from events.press.coverage.enums import CoverageKind, Proof, Tone
from events.press.coverage.models import Coverage
from events.press.coverage.queries import CoverageFilter

MOST_TEXTS = 50  # choices: the newest


def validate_web_link(words: str) -> None:
    """Validate a field. Raises ValidationError if the value is not the URL of a page."""
    if not is_web(words):
        raise ValidationError(_("Give the whole address, beginning with https://"))


class CoverageFilterForm(forms.Form):
    """Filters of the list; unrecognised values are ignored."""

    q = forms.CharField(label=_("Outlet or words"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *CoverageKind.choices]
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("All regions")), *REGIONS.items()]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *Language.choices]
    )
    first = date_field(label=_("From day"), required=False)
    last = date_field(label=_("To day"), required=False)
    event = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> CoverageFilter:
        self.is_valid()
        given = self.cleaned_data
        return CoverageFilter(
            words=given.get("q", "").strip(),
            kind=given.get("kind", ""),
            region=given.get("region", ""),
            language=given.get("language", ""),
            event=str(given.get("event") or ""),
            first=given.get("first"),
            last=given.get("last"),
        )


class CoverageEntryForm(forms.Form):
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
        validators=[validate_web_link],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", "—"), *Language.choices])
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[("", "—"), *REGIONS.items()])
    reach = forms.IntegerField(label=_("Reach, people"), required=False, min_value=0, max_value=MOST_REACHED)
    proof = forms.ChoiceField(
        label=_("How the number is known"), required=False, choices=Proof.choices, initial=Proof.NOT_KNOWN
    )

    @property
    def seen(self) -> CoverageInput:
        given = {**self.cleaned_data}
        kind, proof = CoverageKind(given.pop("kind")), Proof(given.pop("proof") or Proof.NOT_KNOWN)
        return CoverageInput(**given, kind=kind, proof=proof)


class CoverageForm(CoverageEntryForm):
    """The same for the press desk: also the subject, and the tone."""

    tone = forms.ChoiceField(label=_("Tone"), required=False, choices=[("", "—"), *Tone.choices])
    about = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._events, self._texts = events_to_choose(access), _texts(access)
        language = get_language() or ""
        typed_field(self.fields, "about", forms.ChoiceField).choices = [
            ("", "—"),
            (_("Events"), [(key, text_in(one, language).title) for key, one in self._events.items()]),
            (_("Published texts"), [(key, one.title) for key, one in self._texts.items()]),
        ]

    @property
    def seen(self) -> CoverageInput:
        given = {**self.cleaned_data}
        about = given.pop("about")
        kind, proof = CoverageKind(given.pop("kind")), Proof(given.pop("proof") or Proof.NOT_KNOWN)
        return CoverageInput(
            **given,
            kind=kind,
            proof=proof,
            event=self._events.get(about),
            publication=self._texts.get(about),
        )


class CoverageLinkForm(forms.Form):
    """Recipient of a link for adding coverage."""

    label = forms.CharField(
        label=_("For whom"),
        max_length=120,
        validators=[validate_visible_characters],
        help_text=_("An outlet or a partner. Only your organisation reads it."),
    )
    language = forms.ChoiceField(label=_("Language of its page"), choices=Language.choices)


class CoverageSheetForm(forms.Form):
    """A spreadsheet of coverage."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("An .xlsx or .csv file, at most 5 MB and 3,000 rows."),
    )


def events_to_choose(access: Access) -> dict[str, Event]:
    """Return the workspace's announced events, newest first, by form value."""
    rows = prefetch_event_details(seated_events_for(access.user, access.workspace)).order_by("-starts_at")
    return {f"e:{one.uuid}": one for one in rows if one.is_told}


def initial_coverage(row: Coverage) -> dict[str, Any]:
    """Return initial form values for an entry."""
    about = ""
    if row.event is not None:
        about = f"e:{row.event.uuid}"
    elif row.publication is not None:
        about = f"p:{row.publication.uuid}"
    names = ("outlet", "kind", "on", "aired_at", "programme", "title", "link", "language", "region", "reach")
    return {**{name: getattr(row, name) for name in (*names, "proof", "tone")}, "about": about}


def _texts(access: Access) -> dict[str, Publication]:
    rows = publications_for(access.user, access.workspace).filter(published_at__isnull=False)
    return {f"p:{one.uuid}": one for one in rows.order_by("-number")[:MOST_TEXTS]}
