"""Kit forms: opening times, and one form per kind of item."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from documents.models import Draft, StoredFile
from events.core.enums import SpokenLanguage
from events.core.forms.planning import TitlesForm
from events.core.forms.times import MomentsMixin, date_field, time_field
from events.core.models import Event, EventSpeaker
from events.press.kit.models import EventKit, KitKind, KitPhase, KitWay
from events.press.kit.queries import files_for_kit, quotations_for_kit, texts_for_kit

MOST_MINUTES = 1440


class KitTermsForm(MomentsMixin, forms.ModelForm[EventKit]):
    """Opening times of the kit, local to the event."""

    way = forms.ChoiceField(
        label=_("What is for the event itself opens"), choices=KitWay, widget=forms.RadioSelect
    )
    opens_on = date_field(label=_("Opens on"), required=False, help_text=_("For the way of a moment only."))
    opens_at = time_field(label=_("Opens at"), required=False)
    on_page = forms.BooleanField(
        label=_("Also on the public page of the event"),
        required=False,
        help_text=_("For the way of a moment only: everyone finds it there from that moment on."),
    )
    afterwards_on = date_field(
        label=_("What is for afterwards opens on"),
        required=False,
        help_text=_("Left empty: you open it by a press. Everybody confirmed gets one mail then."),
    )
    afterwards_at = time_field(label=_("What is for afterwards opens at"), required=False)

    moments = ("opens", "afterwards")

    class Meta:
        model = EventKit
        fields = ("way", "on_page")

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = event.zone_info
        kit = self.instance
        if kit._state.adding:
            self.initial["way"] = KitWay.CHECK_IN
            if event.starts_at_time:
                self.initial.update(opens_on=event.local_start.date(), opens_at=event.starts_at_time)
        self.set_initial_moments(self._zone, opens=kit.opens_at, afterwards=kit.afterwards_at)

    def clean(self) -> dict[str, Any]:
        """Replace days and times by the moments `opens_at` and `afterwards_at`."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("way") == KitWay.MOMENT and not cleaned.get("opens_on") and not self.errors:
            self.add_error("opens_on", _("Say when it opens."))
        return self.clean_moments(cleaned, self._zone)


class KitFileField(forms.ModelChoiceField):
    """A file of the workspace, labelled by its description or name: only members see the list."""

    def label_from_instance(self, file: StoredFile) -> str:
        return f"{file.name}: {file.alt or file.caption}" if file.alt or file.caption else file.name


class SpeakersField(forms.ModelMultipleChoiceField):
    """Speakers of the event."""

    def label_from_instance(self, speaker: EventSpeaker) -> str:
        return speaker.public_name or speaker.name


class KitItemForm(TitlesForm):
    """One item of the kit, with the fields of its kind."""

    draft = forms.ChoiceField(label=_("Text"), help_text=_("What is public, or becomes public in time."))
    digest = forms.ChoiceField(
        label=_("Quotation"),
        help_text=_("Public words whose speaker approved them."),
        widget=forms.RadioSelect,
    )
    file = KitFileField(
        queryset=StoredFile.objects.none(),
        label=_("File"),
        empty_label=_("No file"),
        help_text=_(
            "Files of this workspace that are marked Public. It goes out under the title above, without its "
            "metadata: authors, places, programs, times."
        ),
    )
    link = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    language = forms.ChoiceField(label=_("Language of the recording"), choices=SpokenLanguage)
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=1, max_value=MOST_MINUTES)
    people = SpeakersField(
        queryset=EventSpeaker.objects.none(),
        label=_("Speakers who are seen or heard in it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each must have agreed; if somebody takes it back, it is not given out any more."),
    )
    others_agree = forms.BooleanField(
        label=_("Everyone else who can be recognised agreed, or nobody else can be"), required=False
    )

    def __init__(
        self, *args: Any, access: Access, kit: EventKit, kind: KitKind, phase: KitPhase, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self._kind, self._phase = kind, phase
        self._drafts: dict[str, Draft] = {}
        self._quoted: dict[str, Draft] = {}
        names = _FIELDS[kind]
        for name in [*self.fields]:
            if ("title" if name.startswith("title_") else name) not in names:
                del self.fields[name]
        optional = kind == KitKind.TRANSCRIPT
        if "draft" in names:
            found = texts_for_kit(access, kit, phase)
            self._drafts = {str(one.draft.uuid): one.draft for one in found}
            field = typed_field(self.fields, "draft", forms.ChoiceField)
            none = [("", _("No text"))] if optional else []
            field.choices = [*none, *[(str(one.draft.uuid), one.title) for one in found]]
            field.required = not optional
        if "file" in names:
            files = typed_field(self.fields, "file", KitFileField)
            files.queryset = files_for_kit(access, pictures=kind == KitKind.PHOTOGRAPH)
            files.required = not optional
        if "people" in names:
            typed_field(self.fields, "people", SpeakersField).queryset = EventSpeaker.objects.filter(
                event=kit.event
            )
        if "digest" in names:
            quotations = quotations_for_kit(access)
            drafts = Draft.objects.in_bulk({draft for draft, _quotation in quotations.values()})
            self._quoted = {digest: drafts[draft] for digest, (draft, _quotation) in quotations.items()}
            typed_field(self.fields, "digest", forms.ChoiceField).choices = [
                (digest, f"{Truncator(one.words).chars(200)} — {one.speaker} ({one.language})")
                for digest, (_draft, one) in quotations.items()
            ]

    def clean(self) -> dict[str, Any]:
        """Require a title, unless it is a text with one of its own, or a picture with a caption."""
        file = self.cleaned_data.get("file")
        is_text = self._kind == KitKind.TRANSCRIPT and file is None
        if not self.asks_title or is_text or (file is not None and file.is_picture and file.caption):
            return dict(forms.Form.clean(self) or {})
        return super().clean()

    @property
    def asks_title(self) -> bool:
        return "title" in _FIELDS[self._kind]

    @property
    def has_choices(self) -> bool:
        """Whether required choices are available."""
        names = _FIELDS[self._kind]
        if self._kind == KitKind.QUOTATION:
            return bool(self._quoted)
        if self._kind == KitKind.TEXT:
            return bool(self._drafts)
        if "file" in names and self._kind != KitKind.TRANSCRIPT:
            files = typed_field(self.fields, "file", KitFileField).queryset
            return files is not None and files.exists()
        return True

    @property
    def item_fields(self) -> dict[str, Any]:
        """Return the arguments of `add_kit_item`. Only for a valid form."""
        fields = {**self.cleaned_data, "kind": self._kind, "phase": self._phase}
        titles = {code: fields.pop(f"title_{code}", "").strip() for code in Language.values}
        draft = self._quoted.get(fields.get("digest", "")) or self._drafts.get(fields.pop("draft", ""))
        title = {code: words for code, words in titles.items() if words}
        return fields | {"title": title, "draft": draft}


_FIELDS: dict[KitKind, frozenset[str]] = {
    KitKind.TEXT: frozenset({"draft"}),
    KitKind.FILE: frozenset({"title", "file", "people", "others_agree"}),
    KitKind.LINK: frozenset({"title", "link"}),
    KitKind.RECORDING: frozenset({"title", "link", "language", "minutes", "people", "others_agree"}),
    KitKind.TRANSCRIPT: frozenset({"title", "draft", "file", "people"}),
    KitKind.PHOTOGRAPH: frozenset({"title", "file", "people", "others_agree"}),
    KitKind.QUOTATION: frozenset({"digest"}),
}
