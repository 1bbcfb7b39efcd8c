"""Question forms: terms of the event, a person's question, a moderator's summary."""

import datetime
import unicodedata
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.typed_field import typed_field
from events.core.forms.times import date_field, time_field
from events.core.models import Event, EventSpeaker, PressGuest
from events.questions.actions import (
    LONGEST_QUESTION,
    LONGEST_SUMMARY,
    QuestionInput,
    QuestionSummaryInput,
    QuestionTerms,
)
from events.questions.enums import AskedBy
from events.questions.models import Question, QuestionPeriod

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they reverse text


def validate_plain_text(words: str) -> None:
    """Validate that the text has printable characters and line breaks only. Raises
    ValidationError."""
    for sign in words:
        if sign in TURNING or (unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign not in "\r\n\t"):
            raise ValidationError(_("There is a character in it that cannot be shown. Write it anew."))


class QuestionTermsForm(forms.Form):
    """Opening times, and who may ask."""

    asked_by = forms.ChoiceField(
        label=_("Who may ask"),
        choices=AskedBy,
        widget=forms.RadioSelect,
        help_text=_("Confirmed journalists ask by the link of their registration, in either case."),
    )
    opens_on = date_field(
        label=_("Opens on"), required=False, help_text=_("Left empty: an hour before the event begins.")
    )
    opens_at = time_field(label=_("Opens at"), required=False)
    closes_on = date_field(
        label=_("Closes on"), required=False, help_text=_("Left empty: when the event ends.")
    )
    closes_at = time_field(label=_("Closes at"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day, time in (("opens_on", "opens_at"), ("closes_on", "closes_at")):
            if bool(cleaned.get(day)) != bool(cleaned.get(time)) and not self.errors:
                self.add_error(time, _("Give both the day and the time, or neither."))
        return cleaned

    def terms(self, event: Event) -> QuestionTerms:
        sent = self.cleaned_data
        return QuestionTerms(
            AskedBy(sent["asked_by"]),
            _moment(event, sent["opens_on"], sent["opens_at"]),
            _moment(event, sent["closes_on"], sent["closes_at"]),
        )


def _moment(event: Event, day: datetime.date | None, at: datetime.time | None) -> datetime.datetime | None:
    return datetime.datetime.combine(day, at, tzinfo=event.zone_info) if day and at else None


def initial_question_terms(event: Event, period: QuestionPeriod | None) -> dict[str, object]:
    """What the form shows first."""
    if period is None:
        return {"asked_by": AskedBy.PRESS}
    opens, closes = (
        one.astimezone(event.zone_info) if one else None for one in (period.opens_at, period.closes_at)
    )
    return {
        "asked_by": period.asked_by,
        "opens_on": opens.date() if opens else None,
        "opens_at": opens.time() if opens else None,
        "closes_on": closes.date() if closes else None,
        "closes_at": closes.time() if closes else None,
    }


class QuestionForm(forms.Form):
    """A person's question. It is displayed unchanged, or beside a summary that is marked as one."""

    words = forms.CharField(
        label=_("Your question"),
        validators=[validate_plain_text],
        help_text=_("At most 500 characters. Name no one who has not agreed to it."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_QUESTION}),
    )
    language = forms.ChoiceField(label=_("Language of the question"), choices=Language)
    speaker = forms.ChoiceField(label=pgettext_lazy("a question", "To"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    outlet = forms.CharField(
        label=_("Outlet"),
        required=False,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    without_name = forms.BooleanField(
        label=_("Ask without my name"),
        required=False,
        help_text=_("Then name and outlet are not kept, even if they stand above: nobody reads them."),
    )

    def __init__(self, *args: Any, speakers: Iterable[EventSpeaker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.uuid), one.public_name) for one in speakers]
        if named:
            choices = [("", _("Everybody who speaks")), *named]
            typed_field(self.fields, "speaker", forms.ChoiceField).choices = choices
        else:
            del self.fields["speaker"]

    def clean_words(self) -> str:
        words = " ".join(str(self.cleaned_data["words"]).split())
        if len(words) > LONGEST_QUESTION:
            raise ValidationError(
                _("A question has at most 500 characters; this one has %(count)d.") % {"count": len(words)}
            )
        return words

    @property
    def asking(self) -> QuestionInput:
        sent = self.cleaned_data
        return QuestionInput(
            words=sent["words"],
            language=Language(sent["language"]),
            speaker=UUID(sent["speaker"]) if sent.get("speaker") else None,
            name=sent["name"],
            outlet=sent["outlet"],
            without_name=sent["without_name"],
        )


def initial_question(guest: PressGuest | None) -> dict[str, object]:
    """Return initial form values: name and outlet from the journalist's registration."""
    first: dict[str, object] = {"language": get_language() or Language.KK}
    return first | {"name": guest.name, "outlet": guest.outlet} if guest is not None else first


class SummaryForm(forms.Form):
    """A moderator's summary, and the addressed speaker."""

    words = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=LONGEST_SUMMARY,
        validators=[validate_plain_text],
        help_text=_(
            "Shown on the stage in place of the person’s own words, and marked as a summary by the moderator."
            " Left empty: their own words are shown."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language of the summary"), choices=Language)
    speaker = forms.ChoiceField(
        label=pgettext_lazy("a question", "To"),
        required=False,
        help_text=_("The stage names only speakers who agreed to be named."),
    )

    def __init__(self, *args: Any, speakers: Iterable[EventSpeaker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.uuid), one.name) for one in speakers]
        choices = [("", _("Everybody who speaks")), *named]
        typed_field(self.fields, "speaker", forms.ChoiceField).choices = choices

    @property
    def summary(self) -> QuestionSummaryInput:
        sent = self.cleaned_data
        speaker = UUID(sent["speaker"]) if sent["speaker"] else None
        return QuestionSummaryInput(sent["words"], Language(sent["language"]), speaker)


def initial_summary(question: Question) -> dict[str, object]:
    """What the form shows first."""
    return {
        "words": question.summary,
        "language": question.summary_language or question.language,
        "speaker": str(question.speaker.uuid) if question.speaker is not None else "",
    }
