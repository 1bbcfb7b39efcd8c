"""What people fill in about where an event is."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer
from coalition.accounts.regions import REGIONS
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.enums import Handling
from documents.drafts.forms import OrganisationsField
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, StoredFile
from events.core.actions.proposal import Place, Words
from events.core.enums import Audience, Consent, EventKind, GettingIn, Visibility
from events.core.forms.times import TimesForm, date_field, initial_times, time_field
from events.core.models import Event
from events.core.queries import text_of

PLACE_WORDS = ("place", "address", "access_notes")


def place_field(word: str) -> forms.CharField:
    """The field of one of the place's words; the same in each language."""
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
    """Region, map, way in, online: what is the same in every language."""

    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("Not in Kazakhstan, or online")), *REGIONS.items()]
    )
    map_link = forms.URLField(label=_("Link to a map"), required=False, assume_scheme="https", max_length=200)
    step_free = forms.ChoiceField(label=_("Getting in"), choices=GettingIn.choices)
    online_link = forms.URLField(
        label=_("Link for those who join online"),
        required=False,
        assume_scheme="https",
        max_length=200,
        help_text=_("It stands on every page and in every calendar that shows this event."),
    )

    @property
    def place(self) -> Place:
        """The place as a proposal. Only of a valid form."""
        cleaned = self.cleaned_data
        return Place(
            region=cleaned["region"],
            map_link=cleaned["map_link"],
            step_free=GettingIn(cleaned["step_free"]),
            online_link=cleaned["online_link"],
        )


def initial_place(event: Event) -> dict[str, Any]:
    """What the form shows of an event's place before anybody types."""
    return {name: getattr(event, name) for name in PlaceForm.base_fields}


def words_of_languages(event: Event, words: tuple[str, ...]) -> dict[str, Any]:
    """These words of an event in each language, as fields are named: `<word>_<language>`."""
    texts = {text.language: text for text in event.texts.all()}
    return {
        f"{word}_{language}": getattr(texts[language], word)
        for language in Language.values
        if language in texts
        for word in words
    }


# --- planning ---
# What people fill in to plan an event, to change one, and to move one.


WORDS = ("title", "text", *PLACE_WORDS)


def _word_field(word: str) -> forms.CharField:
    """The field of one of an event's words; the same in each language."""
    if word == "title":
        return forms.CharField(label=_("Title"), required=False, max_length=160)
    if word == "text":
        return forms.CharField(
            label=_("What it is about"), required=False, max_length=20_000, widget=forms.Textarea
        )
    return place_field(word)


class InLanguages(forms.Form):
    """A form with words in three languages: fields named `<word>_<language>`."""

    words_asked: tuple[str, ...] = WORDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in Language:
            for word in self.words_asked:
                self.fields[f"{word}_{language}"] = self.word_field(word)
                self.fields[f"{word}_{language}"].widget.attrs["lang"] = language.value

    def word_field(self, word: str) -> forms.CharField:
        """The field of one of the words asked; the same in each language."""
        return _word_field(word)

    @property
    def in_languages(self) -> Iterator[tuple[Language, list[BoundField], bool]]:
        """Each language with its fields and whether something in it is to be put right; Kazakh first."""
        for language in Language:
            fields = [self[f"{word}_{language}"] for word in self.words_asked]
            yield language, fields, any(field.errors for field in fields)

    @property
    def open_language(self) -> Language:
        """The language that the page shows first: one with a mistake, else one that has words."""
        wrong = [language for language, _fields, bad in self.in_languages if bad]
        written = [language for language in Language if self[f"{self.words_asked[0]}_{language}"].value()]
        return (wrong or written or [Language.KK])[0]

    def said(self, language: Language) -> dict[str, str]:
        """The words of one language. Only of a valid form."""
        return {word: self.cleaned_data[f"{word}_{language}"] for word in self.words_asked}


class PictureField(forms.ModelChoiceField):
    """A picture of the workspace, by what it shows."""

    def label_from_instance(self, file: StoredFile) -> str:
        return file.alt


class DraftField(forms.ModelChoiceField):
    """A draft of the workspace, by its working title."""

    def label_from_instance(self, draft: Draft) -> str:
        return draft.title


class EventForm(InLanguages, TimesForm, PlaceForm):
    """An event: its words in three languages, when, where, how far it may travel.

    Of one that was told the times are not asked: it is moved, so that people hear of it.
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
        """Drafts and pictures that the person may read; what the event has already stays."""
        drafts = typed_field(self.fields, "draft", DraftField)
        pictures = typed_field(self.fields, "picture", PictureField)
        drafts.queryset = drafts_for(access.user, access.workspace).filter(archived_at=None)
        known = files_for(access.user, access.workspace)
        pictures.queryset = known.filter(content_type__startswith="image/").exclude(alt="")
        for name, field in (("draft", drafts), ("picture", pictures)):
            kept = getattr(event, name, None)
            if kept is not None and kept not in (field.queryset or ()):
                del self.fields[name]  # chosen by somebody who may see it: it stays

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
    def words(self) -> dict[str, Words]:
        """The words by language. Only of a valid form."""
        return {language.value: Words(**self.said(language)) for language in Language}


class MoveForm(InLanguages, TimesForm, PlaceForm):
    """Another time or another place of an event that was told."""

    words_asked = PLACE_WORDS

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event

    def kind_in(self, cleaned: dict[str, Any]) -> str:
        return self.event.kind

    @property
    def words(self) -> dict[str, Words]:
        """The words by language: the place as it was typed, the rest as it is. Only of a valid form."""
        return {
            language.value: replace(words_of(self.event, language), **self.said(language))
            for language in Language
        }


def words_of(event: Event, language: str) -> Words:
    """The event's words in a language, as a proposal."""
    text = text_of(event, language)
    return Words(**{word: getattr(text, word) for word in WORDS})


def initial_of(event: Event, at: str = "") -> dict[str, Any]:
    """What the form shows of an event before anybody types."""
    return {
        **initial_times(event, at),
        **initial_place(event),
        **words_of_languages(event, WORDS),
        **{name: getattr(event, name) for name in ("kind", "handling", "picture", "draft")},
        "restricted_to": event.restricted_to.all(),
    }


def initial_of_move(event: Event, at: str = "") -> dict[str, Any]:
    """What the form of a move shows before anybody types: the time and place that people know."""
    return {
        **initial_times(event, at),
        **initial_place(event),
        **words_of_languages(event, PLACE_WORDS),
    }


# --- titles ---
# Titles in three languages, of which one is enough.


class TitlesForm(forms.Form):
    """A form that begins with a title in each language; at least one is to be written."""

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
        """What was written, by language."""
        return {code.value: self.cleaned_data[f"title_{code}"] for code in Language}


def initial_titles(title: Mapping[str, str]) -> dict[str, object]:
    return {f"title_{code}": title.get(code, "") for code in Language.values}


def _title(code: Language) -> forms.CharField:
    field = forms.CharField(label=code.label, required=False, max_length=160)
    field.widget.attrs["lang"] = code.value
    return field


# --- reasons ---
# What people fill in to announce an event, to ask others to host it, and for one of its dates.


class AnnounceForm(forms.Form):
    """To whom an event is told."""

    visibility = forms.ChoiceField(
        label=_("Who is told"), choices=Visibility.choices, widget=forms.RadioSelect
    )


class CoHostsForm(forms.Form):
    """Organisations of the workspace that are asked to host together."""

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
        """Whether nobody is left who could be asked."""
        field = typed_field(self.fields, "organisations", OrganisationsField)
        return field.queryset is None or not field.queryset.exists()


class AudienceForm(forms.Form):
    """When those come who come before the public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for audience in Audience:
            self.fields[audience.value] = time_field(label=audience.label, required=False)

    @property
    def times(self) -> dict[Audience, datetime.time]:
        found = {audience: self.cleaned_data.get(audience.value) for audience in Audience}
        return {audience: begins for audience, begins in found.items() if begins is not None}


class AddDateForm(forms.Form):
    """A date on which an event takes place besides those of its rule."""

    on = date_field(label=_("Another date"))


class OccurrenceForm(forms.Form):
    """Where one date of an event that comes again goes."""

    to_date = date_field(label=_("New date"))
    to_time = time_field(label=_("Begins at"), required=False)
