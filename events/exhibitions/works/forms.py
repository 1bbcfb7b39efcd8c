"""What people fill in about works, about what is beside them, and about the film of a screening."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.accounts.enums import Language
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from documents.files.queries import files_for
from documents.models import StoredFile
from events.core.enums import SpokenLanguage
from events.core.forms.planning import InLanguages, PictureField
from events.core.forms.times import date_field
from events.exhibitions.works.actions import LARGEST, AboutWork, Around
from events.exhibitions.works.enums import AgeMark, MakerNaming, Reproduction
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.screenings.actions import Film
from events.exhibitions.works.screenings.models import Screening

WORK_WORDS = ("title", "technique", "label", "content_note", "alt")
AROUND_WORDS = ("quiet_corner", "help_words")
FILM_WORDS = ("title", "content_note", "guide")


def _line(label: Any, most: int = 200, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=hint)


def _text(label: Any, most: int, rows: int, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=most, help_text=hint, widget=widget)


def _centimetres(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=LARGEST,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )


class WordsForm(InLanguages):
    """Words in three languages, of which one title is enough."""

    missing = _("Give it a title in at least one language.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        titles = [f"title_{language}" for language in Language]
        wrong = any(name in self.errors for name in titles)
        if "title" in self.words_asked and not wrong and not any(cleaned.get(name) for name in titles):
            self.add_error(f"title_{self.open_language}", self.missing)
        return cleaned

    def by_language(self, word: str) -> dict[str, str]:
        """What was written of one word. Only of a valid form."""
        return {language.value: self.cleaned_data[f"{word}_{language}"] for language in Language}


class WorkForm(WordsForm):
    """One work: its words, who made it, its size, its picture, and what it may be used for."""

    words_asked = WORK_WORDS

    maker = _line(_("Who made it"), hint=_("Kept sealed. The next answer says what the public reads."))
    naming = forms.ChoiceField(label=_("The maker wants to be named"), choices=MakerNaming)
    pseudonym = _line(_("Pseudonym"))
    year = _line(_("Year"), 20)
    height = _centimetres(_("Height, cm"))
    width = _centimetres(_("Width, cm"))
    depth = _centimetres(_("Depth, cm"))
    difficult = forms.BooleanField(
        label=_("Difficult to look at"),
        required=False,
        help_text=_("Its note stands before the picture, with the quiet corner and the way to help."),
    )
    picture = PictureField(
        queryset=StoredFile.objects.none(),
        required=False,
        label=_("Picture"),
        empty_label=_("No picture"),
        help_text=_("Pictures of this workspace that have a description."),
    )
    show_agreed = forms.BooleanField(label=_("It may be shown"), required=False)
    show_until = date_field(
        label=_("It may be shown until"), required=False, help_text=_("Empty: without an end.")
    )
    show_from = _line(_("Who gave the right to show it"))
    reproduction = forms.ChoiceField(
        label=_("Its picture may stand"),
        choices=Reproduction,
        help_text=_("A right of its own: who lends a work need not allow pictures of it."),
    )
    reproduction_until = date_field(
        label=_("Its picture may stand there until"), required=False, help_text=_("Empty: without an end.")
    )
    rights_note = _line(_("Note on the rights"), 600, _("Which letter, of which day, where it is kept."))

    def __init__(self, *args: Any, access: Access, work: Work | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pictures = typed_field(self.fields, "picture", PictureField)
        known = files_for(access.user, access.workspace).filter(content_type__startswith="image/")
        pictures.queryset = known.exclude(alt="")
        kept = work.picture if work is not None else None
        if kept is not None and kept not in pictures.queryset:
            pictures.queryset = StoredFile.objects.filter(pk=kept.pk)  # chosen by who may see it: it stays

    def word_field(self, word: str) -> forms.CharField:
        return {
            "title": _line(_("Title"), 160),
            "technique": _line(_("Technique"), 160, _("Oil on canvas, textile, video.")),
            "label": _text(_("Text on the wall"), 1200, 4),
            "content_note": _text(_("Content note"), 400, 2, _("What one sees or hears, said calmly.")),
            "alt": _text(_("The picture in words"), 600, 2, _("For those who cannot see it.")),
        }[word]

    @property
    def about(self) -> AboutWork:
        """The work as it is said. Only of a valid form."""
        words: dict[str, Any] = {word: self.by_language(word) for word in WORK_WORDS}
        same = {name: self.cleaned_data[name] for name in WorkForm.base_fields}
        same["naming"] = MakerNaming(same["naming"])
        same["reproduction"] = Reproduction(same["reproduction"])
        return AboutWork(**words, **same)


class AroundForm(WordsForm):
    """The quiet corner and the way to help."""

    words_asked = AROUND_WORDS

    help_phone = forms.CharField(
        label=_("Phone of the way to help"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("It stands on labels and on the site."),
    )

    def word_field(self, word: str) -> forms.CharField:
        return {
            "quiet_corner": _text(_("Quiet corner"), 300, 2, _("Where it is and what one finds there.")),
            "help_words": _text(_("Way to help"), 300, 2, _("Who is there, on which days, for what.")),
        }[word]

    @property
    def around(self) -> Around:
        words: dict[str, Any] = {word: self.by_language(word) for word in AROUND_WORDS}
        return Around(**words, help_phone=self.cleaned_data["help_phone"])


class FilmForm(WordsForm):
    """The film of a screening and the rights to it."""

    words_asked = FILM_WORDS

    maker = _line(_("Director"), 160)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1888, max_value=2100)
    minutes = forms.IntegerField(label=_("Length in minutes"), required=False, min_value=1, max_value=1000)
    sound = forms.MultipleChoiceField(
        label=_("Languages of the sound"),
        required=False,
        choices=SpokenLanguage,
        widget=forms.CheckboxSelectMultiple,
    )
    subtitles = forms.MultipleChoiceField(
        label=_("Languages of the subtitles"),
        required=False,
        choices=SpokenLanguage,
        widget=forms.CheckboxSelectMultiple,
    )
    age = forms.ChoiceField(
        label=_("Age mark"), required=False, choices=[("", _("Not known yet")), *AgeMark.choices]
    )
    certificate = _line(
        _("Certificate number"), 60, _("Of the state's certificate that allows to show the film.")
    )
    rights_holder = _line(_("Who holds the rights"), hint=_("Kept sealed."))
    rights_from = date_field(label=pgettext_lazy("rights to a film", "Rights from"), required=False)
    rights_until = date_field(label=pgettext_lazy("rights to a film", "Rights until"), required=False)
    showings = forms.IntegerField(
        label=_("How many showings are allowed"), required=False, min_value=1, max_value=1000
    )
    support = _line(
        _("Support person"), hint=_("Who is there for those who need it. Only people who plan see the name.")
    )
    support_phone = _line(_("Phone of the support person"), 40)

    def word_field(self, word: str) -> forms.CharField:
        return {
            "title": _line(_("Title of the film"), 160),
            "content_note": _text(_("Content note"), 400, 2, _("What one sees or hears, said calmly.")),
            "guide": _text(_("Guide for the talk after the film"), 6000, 6),
        }[word]

    @property
    def film(self) -> Film:
        words: dict[str, Any] = {word: self.by_language(word) for word in FILM_WORDS}
        return Film(**words, **{name: self.cleaned_data[name] for name in FilmForm.base_fields})


def initial_words(row: Work | Exhibition | Screening | None, words: tuple[str, ...]) -> dict[str, Any]:
    """Words of a row in each language, as fields are named."""
    return {
        f"{word}_{code}": getattr(row, word).get(code, "")
        for word in words
        for code in Language.values
        if row is not None
    }


def initial_work(work: Work | None) -> dict[str, Any]:
    """What the form shows of a work before anybody types."""
    if work is None:
        return {"naming": MakerNaming.NAME, "reproduction": Reproduction.NONE}
    return initial_words(work, WORK_WORDS) | {name: getattr(work, name) for name in WorkForm.base_fields}


def initial_around(exhibition: Exhibition | None) -> dict[str, Any]:
    """What the form shows of the quiet corner and the way to help."""
    phone = exhibition.help_phone if exhibition is not None else ""
    return initial_words(exhibition, AROUND_WORDS) | {"help_phone": phone}


def initial_film(film: Screening | None) -> dict[str, Any]:
    """What the form shows of a film."""
    if film is None:
        return {}
    return initial_words(film, FILM_WORDS) | {name: getattr(film, name) for name in FilmForm.base_fields}
