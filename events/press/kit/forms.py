"""How a kit opens, and what is put into it: a form for each kind of thing."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from documents.models import Draft, StoredFile
from events.core.enums import SpokenLanguage
from events.core.forms.planning import TitlesForm
from events.core.forms.times import date_field, time_field
from events.core.models import Event, EventSpeaker
from events.press.kit.actions import MOST_MINUTES, Content, KitTerms
from events.press.kit.enums import KitKind, KitPhase, KitWay
from events.press.kit.models import EventKit
from events.press.kit.queries import drafts_to_give, files_to_give, quotations_to_give, speakers_to_ask


class KitTermsForm(forms.Form):
    """How the kit opens."""

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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("opens", "afterwards"):
            day, clock = f"{name}_on", f"{name}_at"
            halves = bool(cleaned.get(day)) != bool(cleaned.get(clock))
            if halves and not {day, clock} & set(self.errors):
                self.add_error(clock, _("Give both the day and the time, or neither."))
        if cleaned.get("way") == KitWay.MOMENT and not cleaned.get("opens_on") and not self.errors:
            self.add_error("opens_on", _("Say when it opens."))
        return cleaned

    def terms(self, event: Event) -> KitTerms:
        """The moments are on the wall where the event is. Only of a valid form."""
        sent = self.cleaned_data
        opens, afterwards = (
            datetime.datetime.combine(sent[f"{name}_on"], sent[f"{name}_at"], tzinfo=event.zone_info)
            if sent[f"{name}_on"]
            else None
            for name in ("opens", "afterwards")
        )
        return KitTerms(KitWay(sent["way"]), opens, sent["on_page"], afterwards)


def initial_terms(event: Event, kit: EventKit | None) -> dict[str, object]:
    """What the form shows first: the moment of the event's beginning where nothing was said."""
    if kit is None:
        local = event.local_start
        clock = event.starts_at_time
        return {"way": KitWay.CHECK_IN, "opens_on": local.date() if clock else None, "opens_at": clock}
    found: dict[str, object] = {"way": kit.way, "on_page": kit.on_page}
    for name, moment in (("opens", kit.opens_at), ("afterwards", kit.afterwards_at)):
        local_moment = moment.astimezone(event.zone_info) if moment else None
        found[f"{name}_on"] = local_moment.date() if local_moment else None
        found[f"{name}_at"] = local_moment.time() if local_moment else None
    return found


class FileField(forms.ModelChoiceField):
    """A file of the workspace, by what it shows or by its name: only people of the workspace see the list."""

    def label_from_instance(self, file: StoredFile) -> str:
        return f"{file.name}: {file.alt or file.caption}" if file.alt or file.caption else file.name


class SpeakersField(forms.ModelMultipleChoiceField):
    """Speakers of the event."""

    def label_from_instance(self, speaker: EventSpeaker) -> str:
        return speaker.public_name or speaker.name


class ItemForm(TitlesForm):
    """One thing of the kit. The fields are those that its kind has."""

    draft = forms.ChoiceField(label=_("Text"), help_text=_("What is public, or becomes public in time."))
    digest = forms.ChoiceField(
        label=_("Quotation"),
        help_text=_("Public words whose speaker approved them."),
        widget=forms.RadioSelect,
    )
    file = FileField(
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
        self._access, self._kit, self._kind, self._phase = access, kit, kind, phase
        self._drafts: dict[str, Draft] = {}
        self._quoted: dict[str, Draft] = {}
        asked = _FIELDS[kind]
        for name in [name for name in self.fields if name.partition("_")[0] != "title"]:
            if name not in asked:
                del self.fields[name]
        if "title" not in asked:
            for field in self.title_fields:
                del self.fields[field.name]
        self._offer(asked)

    def _offer(self, asked: Iterable[str]) -> None:
        optional = self._kind == KitKind.TRANSCRIPT
        if "draft" in asked:
            found = drafts_to_give(self._access, self._kit, self._phase)
            self._drafts = {str(one.draft.uuid): one.draft for one in found}
            field = typed_field(self.fields, "draft", forms.ChoiceField)
            none = [("", _("No text"))] if optional else []
            field.choices = [*none, *[(str(one.draft.uuid), one.title) for one in found]]
            field.required = not optional
        if "file" in asked:
            pictures = True if self._kind == KitKind.PHOTOGRAPH else None
            files = typed_field(self.fields, "file", FileField)
            files.queryset = files_to_give(self._access, pictures=pictures)
            files.required = not optional
        if "people" in asked:
            typed_field(self.fields, "people", SpeakersField).queryset = speakers_to_ask(self._kit)
        if "digest" in asked:
            self._offer_quotations()

    def _offer_quotations(self) -> None:
        found = quotations_to_give(self._access)
        drafts = Draft.objects.in_bulk({draft for draft, _said in found.values()})
        self._quoted = {digest: drafts[draft] for digest, (draft, _said) in found.items()}
        typed_field(self.fields, "digest", forms.ChoiceField).choices = [
            (digest, f"{Truncator(said.words).chars(200)} — {said.speaker} ({said.language})")
            for digest, (_draft, said) in found.items()
        ]

    def clean(self) -> dict[str, Any]:
        if "title" in _FIELDS[self._kind] and self._needs_title():
            return super().clean()
        return dict(forms.Form.clean(self) or {})

    def _needs_title(self) -> bool:
        """A text is called as it is; a picture may be called by its caption."""
        file = self.cleaned_data.get("file")
        if self._kind == KitKind.TRANSCRIPT and file is None:
            return False
        return not (file is not None and file.is_picture and file.caption)

    @property
    def asks_title(self) -> bool:
        return "title" in _FIELDS[self._kind]

    @property
    def has_choices(self) -> bool:
        """Whether there is anything to choose from, where something is to be chosen."""
        asked = _FIELDS[self._kind]
        if self._kind == KitKind.QUOTATION:
            return bool(self._quoted)
        if self._kind == KitKind.TEXT:
            return bool(self._drafts)
        if "file" in asked and self._kind != KitKind.TRANSCRIPT:
            files = typed_field(self.fields, "file", FileField).queryset
            return files is not None and files.exists()
        return True

    @property
    def content(self) -> Content:
        """What is put into the kit. Only of a valid form."""
        sent = self.cleaned_data
        digest = sent.get("digest", "")
        return Content(
            kind=self._kind,
            phase=self._phase,
            title={code: sent[f"title_{code}"] for code in Language.values if f"title_{code}" in sent},
            draft=self._quoted.get(digest) or self._drafts.get(sent.get("draft", "")),
            file=sent.get("file"),
            link=sent.get("link", ""),
            language=sent.get("language", ""),
            minutes=sent.get("minutes"),
            digest=digest,
            people=list(sent.get("people", ())),
            others_agree=sent.get("others_agree", False),
        )


_FIELDS: dict[KitKind, frozenset[str]] = {
    KitKind.TEXT: frozenset({"draft"}),
    KitKind.FILE: frozenset({"title", "file", "people", "others_agree"}),
    KitKind.LINK: frozenset({"title", "link"}),
    KitKind.RECORDING: frozenset({"title", "link", "language", "minutes", "people", "others_agree"}),
    KitKind.TRANSCRIPT: frozenset({"title", "draft", "file", "people"}),
    KitKind.PHOTOGRAPH: frozenset({"title", "file", "people", "others_agree"}),
    KitKind.QUOTATION: frozenset({"digest"}),
}
