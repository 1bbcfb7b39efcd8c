"""Forms for press enquiries, lines of the message guide, and briefings."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import REGIONS, Language
from coalition.applicants.forms import validate_visible_characters
from coalition.core.localized_text import LocalizedTextarea, typed_field
from coalition.workspaces.permissions import Access
from documents.contacts.models import Beat
from documents.facts.models import fact_title
from documents.facts.queries import facts_for, filter_facts, prefetch_fact_words
from documents.models import Contact
from events.core.forms.times import ZONES, MomentsMixin, date_field, time_field, zone_choices
from events.core.models import Event
from events.core.queries import prefetch_event_details, seated_events_for, text_in
from events.press.enquiries.models import MARKS, AnswerWay, Enquiry, EnquiryState, GuideLine
from events.press.forms import FilterForm, filter_field


class EnquiryFilterForm(FilterForm):
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


class EnquiryForm(MomentsMixin, forms.ModelForm[Enquiry]):
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

    moments = ("deadline", "interview")

    class Meta:
        model = Enquiry
        fields = (
            "outlet", "name", "reached_at", "question", "language", "topic", "region", "way", "zone",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        typed_field(self.fields, "zone", forms.ChoiceField).choices = zone_choices(row.zone)
        if not row._state.adding:
            del self.fields["mine"]
            zone = ZoneInfo(row.zone)
            self.set_initial_moments(zone, deadline=row.deadline, interview=row.interview_at)

    def clean(self) -> dict[str, Any]:
        """Replace days and times by the moments `deadline` and `interview_at`."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.clean_moments(cleaned, ZoneInfo(cleaned.get("zone", "UTC")))
        if not self.errors:
            cleaned["deadline"] = cleaned.pop("deadline_at")
        return cleaned


class RefusalForm(forms.Form):
    """Reason for declining an enquiry."""

    reason = forms.CharField(label=_("Why it is refused"), max_length=600)


def initial_of_contact(contact: Contact) -> dict[str, Any]:
    """Return initial form values for an enquiry by a contact of the media list."""
    return {
        "outlet": contact.outlet.name,
        "name": contact.name,
        "reached_at": contact.phone or contact.address or contact.messenger,
        "language": contact.language,
    }


LONGEST_NOTE = 4000
MOST_FACTS = 100  # choices: the newest


class GuideFilterForm(FilterForm):
    """Filters of the guide; `language`: to read it in, for a call in another language."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    topic = filter_field(_("Topic"), _("All topics"), Beat.choices)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=Language.choices)

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in super().wanted.items() if name != "language"}

    @property
    def read_in(self) -> str:
        """Return the language of reading."""
        return super().wanted.get("language") or get_language() or ""


class GuideLineForm(forms.ModelForm[GuideLine]):
    """One line, in up to three languages."""

    topic = filter_field(_("Topic"), _("All topics"), Beat.choices)
    event = forms.ChoiceField(label=_("Only for the event"), required=False)
    handling = forms.ChoiceField(
        label=_("Who may read it"), choices=[(one.value, one.label) for one in reversed(MARKS)]
    )
    facts = forms.MultipleChoiceField(
        label=_("Facts of the register"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = GuideLine
        fields = ("kind", "head", "text", "topic", "handling")
        widgets = {"head": LocalizedTextarea({"rows": 2}), "text": LocalizedTextarea({"rows": 5})}
        error_messages = {"head": {"required": _("Write it in at least one language.")}}

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        events = prefetch_event_details(seated_events_for(access.user, access.workspace))
        self._events = {str(one.uuid): one for one in events.order_by("-starts_at")}
        typed_field(self.fields, "event", forms.ChoiceField).choices = [
            ("", "—"),
            *((value, text_in(one, language).title) for value, one in self._events.items()),
        ]
        facts = facts_for(access.user)
        offered = list(prefetch_fact_words(filter_facts(facts.exclude(checked=None)))[:MOST_FACTS])
        if not self.instance._state.adding:
            chosen = list(prefetch_fact_words(facts.filter(pk__in=self.instance.facts.all())))
            offered = list(dict.fromkeys([*chosen, *offered]))
            self.initial["facts"] = [str(one.uuid) for one in chosen]
            self.initial["event"] = str(self.instance.event.uuid) if self.instance.event else ""
        typed_field(self.fields, "facts", forms.MultipleChoiceField).choices = [
            (str(one.uuid), fact_title(one, language)) for one in offered
        ]

    def clean_event(self) -> Event | None:
        return self._events.get(self.cleaned_data["event"])


class BriefingForm(forms.Form):
    """The note for the spokesperson, in addition to the lines."""

    note = forms.CharField(
        label=_("What they should know"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
