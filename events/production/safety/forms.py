"""Safety plan form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import participants
from events.core.models import Event
from events.production.safety.actions import MOST_SEATS, SafetyPersonInput, SafetyPlanInput
from events.production.safety.enums import PhotoRule, SafetyRole
from events.production.safety.models import SafetyPerson, SafetyPlan


@dataclass(frozen=True)
class SafetyRoleFields:
    """Form fields of one role."""

    label: str
    fields: list[BoundField]


class SafetyForm(forms.Form):
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
    photo_rule = forms.ChoiceField(
        label=_("Rule for photographs"),
        required=False,
        choices=[("", _("Not decided yet")), *PhotoRule.choices],
        help_text=_("Everyone who comes reads it on the event’s page."),
    )
    no_photo_seats = forms.IntegerField(
        label=_("Seats where nobody is photographed"),
        required=False,
        min_value=0,
        max_value=MOST_SEATS,
        help_text=_("0 if none are needed."),
    )
    no_photo_where = forms.CharField(label=_("Where they are"), required=False, max_length=200)
    note = forms.CharField(
        label=_("What to do if something happens"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Kept encrypted. Only people who prepare the event read it."),
    )

    def __init__(self, *args: Any, workspace: Workspace, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hosts = {str(one.uuid): one for one in participants(workspace)}
        choices = [
            ("", _("Nobody’s")),
            *((key, display_name_for(viewer, one)) for key, one in self._hosts.items()),
        ]
        for role in SafetyRole:
            self.fields[f"{role.value}_name"] = forms.CharField(
                label=_("Name"), required=False, max_length=120
            )
            self.fields[f"{role.value}_phone"] = forms.CharField(
                label=_("Phone"),
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs={"inputmode": "tel"}),
            )
            self.fields[f"{role.value}_organisation"] = forms.ChoiceField(
                label=_("Organisation"), required=False, choices=choices
            )
        for code in Language:
            field = forms.CharField(label=code.label, required=False, max_length=300)
            field.widget.attrs["lang"] = code.value
            self.fields[f"photo_words_{code}"] = field

    @property
    def parts(self) -> Iterator[SafetyRoleFields]:
        for role in SafetyRole:
            names = (f"{role.value}_{what}" for what in ("name", "phone", "organisation"))
            yield SafetyRoleFields(str(role.label), [self[name] for name in names])

    @property
    def words_fields(self) -> list[BoundField]:
        return [self[f"photo_words_{code}"] for code in Language]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for role in SafetyRole:
            if cleaned.get(f"{role.value}_phone") and not cleaned.get(f"{role.value}_name"):
                self.add_error(f"{role.value}_name", _("Say whose phone this is."))
        return cleaned

    @property
    def safety(self) -> SafetyPlanInput:
        """Return the plan's data. Only for a valid form."""
        sent = self.cleaned_data
        return SafetyPlanInput(
            photo_rule=PhotoRule(sent["photo_rule"]) if sent["photo_rule"] else None,
            photo_words={code.value: sent[f"photo_words_{code}"] for code in Language},
            no_photo_seats=sent["no_photo_seats"],
            no_photo_where=sent["no_photo_where"],
            note=sent["note"],
            people=[self._answering(role) for role in SafetyRole],
            address_for_confirmed=sent["address_for_confirmed"],
        )

    def _answering(self, role: SafetyRole) -> SafetyPersonInput:
        sent = self.cleaned_data
        host: Organisation | None = self._hosts.get(sent[f"{role.value}_organisation"])
        return SafetyPersonInput(role, sent[f"{role.value}_name"], sent[f"{role.value}_phone"], host)


def initial_safety(
    event: Event, plan: SafetyPlan | None, people: dict[str, SafetyPerson]
) -> dict[str, object]:
    """Return initial form values."""
    shown: dict[str, object] = {"address_for_confirmed": event.address_for_confirmed}
    if plan is None:
        return shown
    for name in ("photo_rule", "no_photo_seats", "no_photo_where", "note"):
        shown[name] = getattr(plan, name)
    shown |= {f"photo_words_{code}": plan.photo_words.get(code.value, "") for code in Language}
    for role, person in people.items():
        shown[f"{role}_name"], shown[f"{role}_phone"] = person.name, person.phone
        shown[f"{role}_organisation"] = str(person.organisation.uuid) if person.organisation else ""
    return shown
