"""Forms of screenings: the request, a change of it, the answer."""

import datetime
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import REGIONS
from coalition.applicants.forms import (
    MailAddressField,
    PersonNameField,
    validate_single_line,
    validate_visible_characters,
)
from coalition.campaigns.screenings.days import last_day, why_not_on
from coalition.campaigns.screenings.enums import Audience
from coalition.campaigns.screenings.films import Film
from coalition.campaigns.screenings.models import MOST_PEOPLE, ScreeningRequest
from coalition.core.clock import now
from coalition.core.localized_text import content_languages, typed_field
from documents.comments.body import clean_comment

ONE_LINE = [validate_single_line, validate_visible_characters]


class ChangeForm(forms.Form):
    """What can be changed of a request. `youngest`: age from which one may watch the film."""

    group = forms.CharField(label=_("Organisation or group"), max_length=160, validators=ONE_LINE)
    contact = PersonNameField(label=_("Contact person"))
    region = forms.ChoiceField(label=_("Region"), choices=[("", _("Choose")), *REGIONS.items()])
    place = forms.CharField(label=_("Town and hall"), max_length=200, validators=ONE_LINE)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    people = forms.IntegerField(label=_("About how many people"), min_value=1, max_value=MOST_PEOPLE)
    audience = forms.TypedChoiceField(label=_("Who watches"), choices=Audience.choices, coerce=int)
    support_person = PersonNameField(
        label=_("Support person"),
        help_text=_(
            "Who is there for those who need it: stays to the end, has a quiet room, knows where to get help."
        ),
    )
    support_contact = forms.CharField(
        label=_("Phone or mail of the support person"), max_length=120, validators=ONE_LINE
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=600,
        help_text=_("What we should know: subtitles, a screen, a talk afterwards. No names of survivors."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, youngest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._youngest = youngest
        self.fields["on"].widget.attrs |= {
            "min": localdate(now()).isoformat(),
            "max": last_day().isoformat(),
        }

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if reason := why_not_on(day):
            raise forms.ValidationError(reason)
        return day

    def clean_note(self) -> str:
        """Take out signs that turn the direction of the writing."""
        return clean_comment(self.cleaned_data["note"])

    def clean_audience(self) -> int:
        age: int = self.cleaned_data["audience"]
        if age < self._youngest:
            raise forms.ValidationError(
                _("The film is for people from %(age)s years on. Show it to an older audience.")
                % {"age": self._youngest}
            )
        return age


class RequestForm(ChangeForm):
    """A request for a screening."""

    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We send a link there. Your request counts once you opened it and pressed the button."),
    )
    language = forms.ChoiceField(label=_("Language of the film, and of our mails"), choices=content_languages)
    field_order = ["group", "contact", "address", "language"]

    def __init__(self, *args: Any, film: Film, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, youngest=film.youngest, **kwargs)
        names = dict(content_languages())
        field = typed_field(self.fields, "language", forms.ChoiceField)
        field.choices = [(code, names[code]) for code in languages if code in names]


def initial_of(row: ScreeningRequest) -> dict[str, Any]:
    """Return the request as the values of `ChangeForm`."""
    return {name: getattr(row, name) for name in ChangeForm.base_fields}


class AnswerForm(forms.Form):
    """Accept or decline a request, in words that the asker reads."""

    answer = forms.CharField(
        label=pgettext_lazy("noun", "Answer"),
        max_length=2000,
        help_text=_("What was agreed: who brings the film, who leads the talk. It is mailed to them."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    viewing_link = forms.URLField(
        label=_("Link for viewing"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where they get the film, if you agree. Empty: you bring it."),
    )

    def __init__(self, *args: Any, is_allowed: bool = True, **kwargs: Any) -> None:
        """`is_allowed`: consent allows the screening; otherwise no link can be given."""
        super().__init__(*args, **kwargs)
        if not is_allowed:
            del self.fields["viewing_link"]


def answer_of(row: ScreeningRequest) -> dict[str, Any]:
    """Return the stored answer as the values of `AnswerForm`."""
    return {"answer": row.answer, "viewing_link": row.viewing_link}
