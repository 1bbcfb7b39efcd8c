"""Forms for tasks, the safety plan and speakers."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.localized_text import typed_field
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import participants, seats_in
from coalition.workspaces.sentence_params import person_name
from documents.drafts.queries import READING_ROLES
from events.core.models import Event, EventSpeaker
from events.production.models import MOST_DAYS, EventTask, SafetyPlan, SafetyRole, people_of

BEFORE, AFTER = "before", "after"


class TaskForm(forms.ModelForm[EventTask]):
    """One task: title, date, owner."""

    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=MOST_DAYS, initial=7)
    side = forms.ChoiceField(
        label=_("Counted from the event"),
        choices=[(BEFORE, _("before it")), (AFTER, _("after it"))],
        initial=BEFORE,
        help_text=_("If the event moves, the day moves with it."),
    )
    owner = forms.ChoiceField(label=_("Who answers for it"), required=False)

    class Meta:
        model = EventTask
        fields = ("title", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"title": {"required": _("Give the line a title in at least one language.")}}

    field_order = ("title", "days", "side", "owner", "note")

    def __init__(self, *args: Any, workspace: Workspace, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            row = self.instance
            self.initial["days"] = abs(row.days_before)
            self.initial["side"] = BEFORE if row.days_before >= 0 else AFTER
            self.initial["owner"] = owner_value(row.organisation, row.person)
        self._owners: dict[str, tuple[Organisation, User | None]] = {}
        hosts, people = [], []
        for one in participants(workspace):
            self._owners[f"o:{one.uuid}"] = (one, None)
            hosts.append((f"o:{one.uuid}", display_name_for(viewer, one)))
        for seat in seats_in(workspace).filter(role__in=READING_ROLES).order_by("person__name", "id"):
            value = owner_value(seat.organisation, seat.person)
            self._owners[value] = (seat.organisation, seat.person)
            people.append((value, person_name(viewer, seat.person, seat.organisation)))
        owner = typed_field(self.fields, "owner", forms.ChoiceField)
        owner.choices = [("", _("Nobody yet")), (_("Organisations"), hosts), (_("People"), people)]

    @property
    def task(self) -> dict[str, Any]:
        """Return the fields of the task. Only for a valid form."""
        cleaned = self.cleaned_data
        organisation, person = self._owners.get(cleaned["owner"], (None, None))
        return {
            "title": cleaned["title"],
            "days_before": cleaned["days"] if cleaned["side"] == BEFORE else -cleaned["days"],
            "organisation": organisation,
            "person": person,
            "note": cleaned["note"],
        }


def owner_value(organisation: Organisation | None, person: User | None) -> str:
    """Return the form value of the owner: an organisation, or a person on its behalf; "" for none."""
    if organisation is None:
        return ""
    return f"p:{person.uuid}:{organisation.uuid}" if person is not None else f"o:{organisation.uuid}"


class SafetyForm(forms.ModelForm[SafetyPlan]):
    """Responsible people; photography; whether the address is restricted to confirmed guests."""

    address_for_confirmed = forms.BooleanField(
        label=_("The address is only for those who are confirmed"),
        required=False,
        help_text=_(
            "The public page, calendars, the search and mail to the press then tell the region alone. The "
            "place is told to journalists who are confirmed and to guests who said that they come. What was "
            "told before cannot be called back."
        ),
    )

    class Meta:
        model = SafetyPlan
        fields = ("photo_rule", "photo_words", "no_photo_seats", "no_photo_where", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, event: Event, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["address_for_confirmed"] = event.address_for_confirmed
        self._hosts = {str(one.uuid): one for one in participants(event.workspace)}
        hosts = [(key, display_name_for(viewer, one)) for key, one in self._hosts.items()]
        people = people_of(self.instance) if self.instance.pk else {}
        for role in SafetyRole:
            person = people.get(role.value)
            self.fields[f"{role}_name"] = forms.CharField(
                label=_("Name"), required=False, max_length=120, initial=person.name if person else ""
            )
            self.fields[f"{role}_phone"] = forms.CharField(
                label=_("Phone"),
                required=False,
                max_length=40,
                initial=person.phone if person else "",
                widget=forms.TextInput(attrs={"inputmode": "tel"}),
            )
            self.fields[f"{role}_organisation"] = forms.ChoiceField(
                label=_("Organisation"),
                required=False,
                choices=[("", _("Nobody’s")), *hosts],
                initial=str(person.organisation.uuid) if person and person.organisation else "",
            )

    @property
    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield the label of each role with its fields."""
        for role in SafetyRole:
            yield str(role.label), [self[f"{role}_{what}"] for what in ("name", "phone", "organisation")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for role in SafetyRole:
            if cleaned.get(f"{role}_phone") and not cleaned.get(f"{role}_name"):
                self.add_error(f"{role}_name", _("Say whose phone this is."))
        return cleaned

    @property
    def plan(self) -> dict[str, Any]:
        """Return what `write_safety_plan` takes. Only for a valid form."""
        cleaned = self.cleaned_data
        people = {
            role.value: {
                "name": cleaned[f"{role}_name"],
                "phone": cleaned[f"{role}_phone"],
                "organisation": self._hosts.get(cleaned[f"{role}_organisation"]),
            }
            for role in SafetyRole
        }
        others = {name: cleaned[name] for name in ("address_for_confirmed", *self.Meta.fields)}
        return others | {"people": people}


class SpeakerForm(forms.Form):
    """Data of a speaker."""

    name = forms.CharField(
        label=_("Name"), max_length=120, validators=[validate_single_line, validate_visible_characters]
    )
    role = forms.CharField(
        label=_("Who they are"),
        required=False,
        max_length=160,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Profession, organisation. The speaker says how it is to be written."),
    )
    topic = forms.CharField(label=_("What they speak about"), required=False, max_length=300)
    languages = forms.MultipleChoiceField(
        label=_("They speak"), required=False, choices=Language, widget=forms.CheckboxSelectMultiple
    )
    address = forms.EmailField(
        label=_("E-mail"), help_text=_("A link goes there by which they say what they agree to.")
    )
    writes_in = forms.ChoiceField(label=_("We write to them in"), choices=Language)


class SpeakerConsentForm(forms.Form):
    """The speaker's consents, each separate."""

    named = forms.BooleanField(
        label=_("My name may be told to everyone"),
        required=False,
        help_text=_("On the event’s page, in calendars, and in texts for the press."),
    )
    name = forms.CharField(
        label=_("My name, as it is to be written"),
        required=False,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
    )
    role = forms.CharField(
        label=_("Who I am, as it is to be written"),
        required=False,
        max_length=160,
        validators=[validate_single_line, validate_visible_characters],
    )
    pictured = forms.BooleanField(label=_("I may be photographed"), required=False)
    recorded = forms.BooleanField(label=_("What I say may be recorded and streamed"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("named") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write your name as it is to be read."))
        return cleaned


def initial_speaker_consent(speaker: EventSpeaker) -> dict[str, object]:
    """Return initial form values: existing consents, otherwise the entered data, unticked."""
    return {
        "named": speaker.named,
        "pictured": speaker.pictured,
        "recorded": speaker.recorded,
        "name": speaker.public_name or speaker.name,
        "role": speaker.public_role or speaker.role,
    }
