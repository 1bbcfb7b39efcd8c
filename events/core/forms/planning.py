"""Form of an event's place."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer
from coalition.accounts.regions import REGIONS
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.enums import Handling
from documents.drafts.forms import OrganisationsField
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, StoredFile
from events.core.actions.proposal import EventPlaceInput, EventTextInput
from events.core.enums import Audience, Consent, EventKind, GettingIn, Visibility
from events.core.forms.times import TimesForm, date_field, initial_times, time_field
from events.core.models import VENUE_FIELDS, Event
from events.core.queries import text_of

PLACE_TEXT_FIELDS = ("place", "address", "access_notes")


def place_field(word: str) -> forms.CharField:
    """Return the field of one of the place's texts; the same in each language."""
    if word == "place":
        return forms.CharField(
            label=_("Place"), required=False, max_length=160, help_text=_("The name of the house or hall.")
        )
    if word == "address":
        return forms.CharField(label=_("Address"), required=False, max_length=240)
    return forms.CharField(
        label=_("Notes on access"),
        required=False,
        max_length=400,
        help_text=_("How one gets in, a lift, a ramp, sign language, a quiet room."),
    )


class PlaceForm(forms.Form):
    """The fields of `Venue`: those with a label or help of their own here, the rest from the model."""

    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("Not in Kazakhstan, or online")), *REGIONS.items()]
    )
    map_link = forms.URLField(label=_("Link to a map"), required=False, assume_scheme="https", max_length=200)
    step_free = forms.TypedChoiceField(label=_("Getting in"), choices=GettingIn.choices, coerce=GettingIn)
    online_link = forms.URLField(
        label=_("Link for those who join online"),
        required=False,
        assume_scheme="https",
        max_length=200,
        help_text=_("It stands on every page and in every calendar that shows this event."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [name for name in VENUE_FIELDS if name not in self.fields]
        self.fields |= fields_for_model(Event, fields=others)

    @property
    def venue_fields(self) -> list[BoundField]:
        """Return the fields; the two short ones first (region, getting in)."""
        first = ("region", "step_free")
        return [self[name] for name in (*first, *(one for one in VENUE_FIELDS if one not in first))]

    @property
    def place(self) -> EventPlaceInput:
        """Return the place as a proposal. Only of a valid form."""
        return EventPlaceInput(**{name: self.cleaned_data[name] for name in VENUE_FIELDS})


def initial_texts(event: Event, words: tuple[str, ...]) -> dict[str, Any]:
    """Return these texts of an event in each language, keyed by field name: `<word>_<language>`."""
    texts = {text.language: text for text in event.texts.all()}
    return {
        f"{word}_{language}": getattr(texts[language], word)
        for language in Language.values
        if language in texts
        for word in words
    }


# --- planning ---
# Forms to plan, change and move an event.


EVENT_TEXT_FIELDS = ("title", "text", *PLACE_TEXT_FIELDS)


def _word_field(word: str) -> forms.CharField:
    """Return the field of one of an event's texts; the same in each language."""
    if word == "title":
        return forms.CharField(label=_("Title"), required=False, max_length=160)
    if word == "text":
        return forms.CharField(
            label=_("What it is about"), required=False, max_length=20_000, widget=forms.Textarea
        )
    return place_field(word)


class MultilingualForm(forms.Form):
    """A form with texts in three languages: fields named `<word>_<language>`."""

    words_asked: tuple[str, ...] = EVENT_TEXT_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in Language:
            for word in self.words_asked:
                self.fields[f"{word}_{language}"] = self.word_field(word)
                self.fields[f"{word}_{language}"].widget.attrs["lang"] = language.value

    def word_field(self, word: str) -> forms.CharField:
        """Return the field of one of the texts; the same in each language."""
        return _word_field(word)

    @property
    def in_languages(self) -> Iterator[tuple[Language, list[BoundField], bool]]:
        """Yield each language with its fields and whether it has errors; Kazakh first."""
        for language in Language:
            fields = [self[f"{word}_{language}"] for word in self.words_asked]
            yield language, fields, any(field.errors for field in fields)

    @property
    def open_language(self) -> Language:
        """Return the language to open first: one with errors, else one that has a text."""
        wrong = [language for language, _fields, bad in self.in_languages if bad]
        written = [language for language in Language if self[f"{self.words_asked[0]}_{language}"].value()]
        return (wrong or written or [Language.KK])[0]

    def texts_in(self, language: Language) -> dict[str, str]:
        """Return the texts of one language. Only of a valid form."""
        return {word: self.cleaned_data[f"{word}_{language}"] for word in self.words_asked}


class PictureField(forms.ModelChoiceField):
    """A picture of the workspace, labelled by its description."""

    def label_from_instance(self, file: StoredFile) -> str:
        return file.alt


class DraftField(forms.ModelChoiceField):
    """A draft of the workspace, labelled by its working title."""

    def label_from_instance(self, draft: Draft) -> str:
        return draft.title


class EventForm(MultilingualForm, TimesForm, PlaceForm):
    """An event: its texts in three languages, times, place, handling mark.

    For an announced event it has no time fields: use a move, which notifies people.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices)
    picture = PictureField(
        queryset=StoredFile.objects.none(),
        required=False,
        label=_("Picture"),
        empty_label=_("No picture"),
        help_text=_("Pictures of this workspace that have a description."),
    )
    draft = DraftField(
        queryset=Draft.objects.none(),
        required=False,
        label=_("Its public text is this draft"),
        empty_label=_("No draft: the words above"),
        help_text=_("From its publication on, the approved text stands in place of the words above."),
    )
    handling = forms.ChoiceField(
        label=_("Handling mark"),
        choices=Handling.choices,
        help_text=_("How far this event may travel. Only one marked as public can be announced to everyone."),
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
        event: Event | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer(access, event)
        readers = typed_field(self.fields, "restricted_to", OrganisationsField)
        readers.viewer, readers.queryset = viewer, participants(access.workspace)
        if not may_restrict:
            del self.fields["restricted_to"]
        if event is not None and event.is_told:
            self.without_times()

    def _offer(self, access: Access, event: Event | None) -> None:
        """Offer drafts and pictures that the person may read; keep the event's current ones."""
        drafts = typed_field(self.fields, "draft", DraftField)
        pictures = typed_field(self.fields, "picture", PictureField)
        drafts.queryset = drafts_for(access.user, access.workspace).filter(archived_at=None)
        known = files_for(access.user, access.workspace)
        pictures.queryset = known.filter(content_type__startswith="image/").exclude(alt="")
        for name, field in (("draft", drafts), ("picture", pictures)):
            kept = getattr(event, name, None)
            if kept is not None and kept not in (field.queryset or ()):
                del self.fields[name]  # chosen by somebody who may see it: keep it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wrong = any(f"title_{language}" in self.errors for language in Language)
        if not wrong and not any(cleaned.get(f"title_{language}") for language in Language):
            self.add_error(
                f"title_{self.open_language}",
                _("Give it a title in one language at least. The others can follow until it is announced."),
            )
        return cleaned

    @property
    def words(self) -> dict[str, EventTextInput]:
        """Return the texts by language. Only of a valid form."""
        return {language.value: EventTextInput(**self.texts_in(language)) for language in Language}


class MoveForm(MultilingualForm, TimesForm, PlaceForm):
    """Another time or place for an announced event."""

    words_asked = PLACE_TEXT_FIELDS

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event

    def kind_in(self, cleaned: dict[str, Any]) -> str:
        return self.event.kind

    @property
    def words(self) -> dict[str, EventTextInput]:
        """Return the texts by language: the place as typed, the rest unchanged. Only of a valid form."""
        return {
            language.value: replace(event_text_input_for(self.event, language), **self.texts_in(language))
            for language in Language
        }


def event_text_input_for(event: Event, language: str) -> EventTextInput:
    """Return the event's texts in a language, as a proposal."""
    text = text_of(event, language)
    return EventTextInput(**{word: getattr(text, word) for word in EVENT_TEXT_FIELDS})


def initial_event(event: Event, at: str = "") -> dict[str, Any]:
    """Return the form's initial values for an event."""
    return {
        **initial_times(event, at),
        **event.venue_values(),
        **initial_texts(event, EVENT_TEXT_FIELDS),
        **{name: getattr(event, name) for name in ("kind", "handling", "picture", "draft")},
        "restricted_to": event.restricted_to.all(),
    }


def initial_move(event: Event, at: str = "") -> dict[str, Any]:
    """Return the initial values of the move form: the announced time and place."""
    return {
        **initial_times(event, at),
        **event.venue_values(),
        **initial_texts(event, PLACE_TEXT_FIELDS),
    }


# --- titles ---
# Titles in three languages, of which one is enough.


class TitlesForm(forms.Form):
    """A form that begins with a title in each language; at least one is required."""

    missing = _("Give it a title in at least one language.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {f"title_{code}": _title(code) for code in Language}
        self.fields = {**titles, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"title_{code}") for code in Language):
            self.add_error("title_kk", self.missing)
        return cleaned

    @property
    def title_fields(self) -> list[BoundField]:
        return [self[f"title_{code}"] for code in Language]

    @property
    def other_fields(self) -> list[BoundField]:
        titles = {field.name for field in self.title_fields}
        return [field for field in self.visible_fields() if field.name not in titles]

    @property
    def titles(self) -> dict[str, str]:
        """Return the titles entered, by language."""
        return {code.value: self.cleaned_data[f"title_{code}"] for code in Language}


def initial_titles(title: Mapping[str, str]) -> dict[str, object]:
    return {f"title_{code}": title.get(code, "") for code in Language.values}


def _title(code: Language) -> forms.CharField:
    field = forms.CharField(label=code.label, required=False, max_length=160)
    field.widget.attrs["lang"] = code.value
    return field


# --- reasons ---
# Forms to announce an event, to ask co-hosts, and for single dates of a recurring event.


class AnnounceForm(forms.Form):
    """Visibility of the announcement."""

    visibility = forms.ChoiceField(
        label=_("Who is told"), choices=Visibility.choices, widget=forms.RadioSelect
    )


class CoHostsForm(forms.Form):
    """Organisations of the workspace to ask as co-hosts."""

    organisations = OrganisationsField(
        queryset=Organisation.objects.none(),
        label=_("Who is asked"),
        help_text=_("A representative of each answers. Nobody is named as co-host before it consented."),
    )

    def __init__(self, *args: Any, access: Access, viewer: Viewer, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = typed_field(self.fields, "organisations", OrganisationsField)
        field.viewer = viewer
        asked = event.co_hosts.filter(state__in=[Consent.ASKED, Consent.CONSENTED])
        field.queryset = (
            participants(access.workspace)
            .exclude(pk__in=asked.values("organisation"))
            .exclude(pk=event.organisation_id)
        )

    @property
    def is_empty(self) -> bool:
        """Whether no organisation remains to ask."""
        field = typed_field(self.fields, "organisations", OrganisationsField)
        return field.queryset is None or not field.queryset.exists()


class AudienceForm(forms.Form):
    """Arrival times of audiences who come before the public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for audience in Audience:
            self.fields[audience.value] = time_field(label=audience.label, required=False)

    @property
    def times(self) -> dict[Audience, datetime.time]:
        found = {audience: self.cleaned_data.get(audience.value) for audience in Audience}
        return {audience: begins for audience, begins in found.items() if begins is not None}


class AddDateForm(forms.Form):
    """A date to add to those of the rule."""

    on = date_field(label=_("Another date"))


class OccurrenceForm(forms.Form):
    """New date and time of one occurrence of a recurring event."""

    to_date = date_field(label=_("New date"))
    to_time = time_field(label=_("Begins at"), required=False)


# --- people ---
# Fields about people from outside.


def phone_field() -> forms.CharField:
    """How somebody who comes or helps is reached on the day."""
    return forms.CharField(
        label=_("Phone"),
        max_length=40,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("So that you can be reached on the day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
