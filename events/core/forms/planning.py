"""Forms to plan, change, move and announce an event."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import Viewer
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.forms import OrganisationsField
from documents.drafts.models import Handling
from documents.drafts.queries import drafts_for
from documents.files.consent import usable_files_for
from documents.models import Draft, StoredFile
from events.core.actions.times import EVENT_TEXT_FIELDS, PLACE_TEXT_FIELDS, EventPlaceInput, EventTextInput
from events.core.enums import Audience, Consent, EventKind, Visibility
from events.core.forms.times import TimesForm, date_field, initial_times, time_field
from events.core.models import VENUE_FIELDS, Event, EventText
from events.core.queries import text_of


class PlaceForm(forms.Form):
    """The fields of `Venue`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= fields_for_model(Event, fields=VENUE_FIELDS)

    @property
    def venue_fields(self) -> list[BoundField]:
        """Return the fields; the two short ones first (region, getting in)."""
        first = ("region", "step_free")
        return [self[name] for name in (*first, *(one for one in VENUE_FIELDS if one not in first))]

    @property
    def place(self) -> EventPlaceInput:
        """Return the place as a proposal. Only of a valid form."""
        return EventPlaceInput(**{name: self.cleaned_data[name] for name in VENUE_FIELDS})


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
        """Return the field of one of the texts, of `EventText`; the same in each language."""
        return fields_for_model(EventText, fields=[word])[word]

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

    def texts_in(self, language: str) -> dict[str, str]:
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
        drafts = typed_field(self.fields, "draft", DraftField)
        pictures = typed_field(self.fields, "picture", PictureField)
        drafts.queryset = drafts_for(access.user, access.workspace).filter(archived_at=None)
        known = usable_files_for(access.user, access.workspace)
        pictures.queryset = known.filter(content_type__startswith="image/").exclude(alt="")
        for name, field in (("draft", drafts), ("picture", pictures)):
            kept = getattr(event, name, None)
            if kept is not None and kept not in (field.queryset or ()):
                del self.fields[name]  # chosen by somebody who may see it: keep it
        readers = typed_field(self.fields, "restricted_to", OrganisationsField)
        readers.viewer, readers.queryset = viewer, participants(access.workspace)
        if not may_restrict:
            del self.fields["restricted_to"]
        if event is not None and event.is_told:
            self.without_times()

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

    @property
    def values(self) -> dict[str, Any]:
        """Return what `plan_event` and `change_event` take, without the times. Only of a valid form."""
        cleaned = self.cleaned_data
        return {
            "kind": EventKind(cleaned["kind"]),
            "handling": Handling(cleaned["handling"]),
            "texts": self.words,
            "place": self.place,
            **{name: cleaned[name] for name in ("draft", "picture", "restricted_to") if name in cleaned},
        }


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
            text.language: EventTextInput(title=text.title, text=text.text, **self.texts_in(text.language))
            for text in (text_of(self.event, language) for language in Language.values)
        }


def initial_event(event: Event, at: str = "") -> dict[str, Any]:
    """Return the initial values of the forms to change or move an event; `at`: as in `initial_times`."""
    texts = {
        f"{word}_{text.language}": getattr(text, word)
        for text in event.texts.all()
        for word in EVENT_TEXT_FIELDS
    }
    return {
        **initial_times(event, at),
        **event.venue_values(),
        **texts,
        **{name: getattr(event, name) for name in ("kind", "handling", "picture", "draft")},
        "restricted_to": event.restricted_to.all(),
    }


class TitlesForm(forms.Form):
    """A form that begins with a title in each language; at least one is required."""

    missing = _("Give it a title in at least one language.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles: dict[str, forms.Field] = {}
        for code in Language:
            widget = forms.TextInput(attrs={"lang": code.value})
            titles[f"title_{code}"] = forms.CharField(
                label=code.label, required=False, max_length=160, widget=widget
            )
        self.fields = {**titles, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"title_{code}") for code in Language):
            self.add_error("title_kk", self.missing)
        return cleaned

    @property
    def titles(self) -> dict[str, str]:
        """Return the titles entered, by language."""
        return {code.value: self.cleaned_data[f"title_{code}"] for code in Language}


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

    def clean(self) -> dict[str, Any]:
        found = {audience: self.cleaned_data.get(audience.value) for audience in Audience}
        return {"times": {audience: begins for audience, begins in found.items() if begins is not None}}


class AddDateForm(forms.Form):
    """A date to add to those of the rule."""

    on = date_field(label=_("Another date"))


class OccurrenceForm(forms.Form):
    """New date and time of one occurrence of a recurring event."""

    to_date = date_field(label=_("New date"))
    to_time = time_field(label=_("Begins at"), required=False)


def phone_field() -> forms.CharField:
    """How somebody who comes or helps is reached on the day."""
    return forms.CharField(
        label=_("Phone"),
        max_length=40,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("So that you can be reached on the day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
