"""Question forms: terms of the event, a person's question, a moderator's summary."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.localized_text import typed_field
from events.core.forms.times import MomentsMixin, date_field, time_field
from events.core.models import Event, EventSpeaker
from events.questions.actions import LONGEST_QUESTION, LONGEST_SUMMARY
from events.questions.models import QuestionPeriod

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they reverse text


def validate_plain_text(words: str) -> None:
    """Raise ValidationError unless there are only printable characters and line breaks."""
    for sign in words:
        if sign in TURNING or (unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign not in "\r\n\t"):
            raise ValidationError(_("There is a character in it that cannot be shown. Write it anew."))


class QuestionTermsForm(MomentsMixin, forms.ModelForm[QuestionPeriod]):
    """Opening times, and who may ask."""

    opens_on = date_field(
        label=_("Opens on"), required=False, help_text=_("Left empty: an hour before the event begins.")
    )
    opens_at = time_field(label=_("Opens at"), required=False)
    closes_on = date_field(
        label=_("Closes on"), required=False, help_text=_("Left empty: when the event ends.")
    )
    closes_at = time_field(label=_("Closes at"), required=False)

    moments = ("opens", "closes")

    class Meta:
        model = QuestionPeriod
        fields = ("asked_by",)
        widgets = {"asked_by": forms.RadioSelect}

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = event.zone_info
        self.set_initial_moments(self._zone, opens=self.instance.opens_at, closes=self.instance.closes_at)

    def clean(self) -> dict[str, Any]:
        """Replace days and times by the moments `opens_at` and `closes_at`."""
        return self.clean_moments(super().clean() or {}, self._zone)


class SpeakerField(forms.ModelChoiceField):
    """A speaker of the event, or all of them. `shown`: the attribute with the name to display."""

    def __init__(self, *, shown: str, **kwargs: Any) -> None:
        super().__init__(
            queryset=EventSpeaker.objects.none(),
            label=pgettext_lazy("a question", "To"),
            required=False,
            to_field_name="uuid",
            empty_label=_("Everybody who speaks"),
            **kwargs,
        )
        self._shown = shown

    def label_from_instance(self, speaker: EventSpeaker) -> str:
        return str(getattr(speaker, self._shown))


class QuestionForm(forms.Form):
    """A person's question. It is displayed unchanged, or beside a summary that is marked as one."""

    words = forms.CharField(
        label=_("Your question"),
        validators=[validate_plain_text],
        help_text=_("At most 500 characters. Name no one who has not agreed to it."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_QUESTION}),
    )
    language = forms.ChoiceField(label=_("Language of the question"), choices=Language)
    speaker = SpeakerField(shown="public_name")
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

    def __init__(self, *args: Any, speakers: QuerySet[EventSpeaker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if speakers.exists():
            typed_field(self.fields, "speaker", SpeakerField).queryset = speakers
        else:
            del self.fields["speaker"]

    def clean_words(self) -> str:
        words = " ".join(str(self.cleaned_data["words"]).split())
        if len(words) > LONGEST_QUESTION:
            raise ValidationError(
                _("A question has at most 500 characters; this one has %(count)d.") % {"count": len(words)}
            )
        return words


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
    speaker = SpeakerField(shown="name", help_text=_("The stage names only speakers who agreed to be named."))

    def __init__(self, *args: Any, speakers: QuerySet[EventSpeaker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "speaker", SpeakerField).queryset = speakers
