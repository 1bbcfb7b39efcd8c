"""What people fill in to plan an event, to change one, and to move one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer
from coalition.core.typed_field import own_field
from coalition.workspaces.queries import participants
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from documents.drafts.forms import OrganisationsField
from documents.drafts.queries.drafts import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, StoredFile
from events.core.actions.proposal import Words
from events.core.enums import EventKind
from events.core.forms.times import TimesForm, initial_times
from events.core.forms.venue import PLACE_WORDS, PlaceForm, initial_place, place_field, words_of_languages
from events.core.models.event import Event
from events.core.queries.texts import text_of

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
        readers = own_field(self.fields, "restricted_to", OrganisationsField)
        readers.viewer, readers.queryset = viewer, participants(access.workspace)
        if not may_restrict:
            del self.fields["restricted_to"]
        if event is not None and event.is_told:
            self.without_times()

    def _offer(self, access: Access, event: Event | None) -> None:
        """Drafts and pictures that the person may read; what the event has already stays."""
        drafts = own_field(self.fields, "draft", DraftField)
        pictures = own_field(self.fields, "picture", PictureField)
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
