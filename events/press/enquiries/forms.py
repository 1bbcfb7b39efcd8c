"""Forms for press enquiries."""

import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.regions import REGIONS
from coalition.applicants.forms import validate_visible_characters
from coalition.core.typed_field import typed_field
from documents.contacts.enums import Beat
from documents.models import Contact
from events.core.forms.times import ZONES, date_field, time_field, zone_choices
from events.press.enquiries.actions import EnquiryInput
from events.press.enquiries.enums import AnswerWay, EnquiryState
from events.press.enquiries.models import Enquiry
from events.press.enquiries.queries import EnquiryFilter


class EnquiryFilterForm(forms.Form):
    """Filters of the list."""

    q = forms.CharField(label=_("Outlet, name or words"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("To be answered")),
            (EnquiryState.OPEN.value, EnquiryState.OPEN.label),
            (EnquiryState.TAKEN.value, EnquiryState.TAKEN.label),
            ("over", _("Over")),
        ],
    )

    def wanted(self) -> EnquiryFilter:
        self.is_valid()
        return EnquiryFilter(
            words=self.cleaned_data.get("q", "").strip(), state=self.cleaned_data.get("state", "")
        )


class EnquiryForm(forms.Form):
    """Journalist, question and deadline."""

    outlet = forms.CharField(label=_("Outlet"), max_length=120, validators=[validate_visible_characters])
    name = forms.CharField(
        label=_("Who asks"), required=False, max_length=120, validators=[validate_visible_characters]
    )
    reached_at = forms.CharField(
        label=_("Phone or e-mail"), required=False, max_length=254, validators=[validate_visible_characters]
    )
    question = forms.CharField(
        label=_("What they ask"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=Language.choices)
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", "—"), *Beat.choices])
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[("", "—"), *REGIONS.items()])
    way = forms.ChoiceField(label=_("How they want the answer"), choices=AnswerWay.choices)
    deadline_on = date_field(label=_("Answer until, day"))
    deadline_at = time_field(label=_("Answer until, time"))
    interview_on = date_field(label=_("Interview on"), required=False)
    interview_at = time_field(label=_("Interview at"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Asia/Almaty")
    mine = forms.BooleanField(label=_("I answer it"), required=False)

    def __init__(self, *args: Any, contact: UUID | None = None, changes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._contact = contact
        if changes:
            del self.fields["mine"]
        zone = typed_field(self.fields, "zone", forms.ChoiceField)
        zone.choices = zone_choices(str(self.initial.get("zone", "")))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("interview_on")) != bool(cleaned.get("interview_at")) and not self.errors:
            self.add_error("interview_at", _("Give both the day and the time, or neither."))
        return cleaned

    @property
    def asked(self) -> EnquiryInput:
        given = self.cleaned_data
        plain = ("outlet", "name", "reached_at", "question", "topic", "region", "zone")
        return EnquiryInput(
            **{name: given[name] for name in plain},
            language=Language(given["language"]),
            way=AnswerWay(given["way"]),
            deadline=self._moment("deadline_on", "deadline_at"),
            interview_at=self._moment("interview_on", "interview_at") if given["interview_on"] else None,
            contact=self._contact,
        )

    def _moment(self, day: str, time: str) -> datetime.datetime:
        given = self.cleaned_data
        return datetime.datetime.combine(given[day], given[time], tzinfo=ZoneInfo(given["zone"]))


class RefusalForm(forms.Form):
    """Reason for declining an enquiry."""

    reason = forms.CharField(label=_("Why it is refused"), max_length=600)


def initial_enquiry(row: Enquiry) -> dict[str, Any]:
    """Return initial form values for an enquiry."""
    names = ("outlet", "name", "reached_at", "question", "language", "topic", "region", "way", "zone")
    zone = ZoneInfo(row.zone)
    ends = row.deadline.astimezone(zone)
    talk = row.interview_at.astimezone(zone) if row.interview_at else None
    return {
        **{name: getattr(row, name) for name in names},
        "deadline_on": ends.date(),
        "deadline_at": ends.time(),
        "interview_on": talk.date() if talk else None,
        "interview_at": talk.time() if talk else None,
    }


def initial_of_contact(contact: Contact) -> dict[str, Any]:
    """Return initial form values for an enquiry by a contact of the media list."""
    return {
        "outlet": contact.outlet.name,
        "name": contact.name,
        "reached_at": contact.phone or contact.address or contact.messenger,
        "language": contact.language,
    }
