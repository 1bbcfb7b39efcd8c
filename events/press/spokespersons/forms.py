"""Spokesperson forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.queries import active_memberships
from coalition.accounts.regions import REGIONS
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.typed_field import typed_field
from documents.contacts.enums import Beat
from events.core.enums import Weekday
from events.core.forms.times import ZONES, time_field, zone_choices
from events.press.forms import PHONE_PATTERN
from events.press.spokespersons.actions import SpokespersonInput
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import SpokespersonFilter


def _several(label: Any, choices: Any, **given: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **{"required": False, **given}
    )


class SpokespersonFilterForm(forms.Form):
    """Filters of the list; unrecognised values are ignored."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *Language.choices]
    )
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[("", _("All topics")), *Beat.choices]
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("All regions")), *REGIONS.items()]
    )
    can_now = forms.BooleanField(label=_("Can speak now"), required=False)

    def wanted(self) -> SpokespersonFilter:
        self.is_valid()
        given = self.cleaned_data
        texts = {name: given.get(name, "") for name in ("language", "topic", "region")}
        return SpokespersonFilter(**texts, can_now=bool(given.get("can_now")))


class SpokespersonForm(forms.Form):
    """Spokesperson: topics and hours; the choice of the member only for a new one."""

    member = forms.ChoiceField(
        label=_("Member with an account"),
        required=False,
        help_text=_("They agree on a page of their own. For somebody without an account leave it empty."),
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
    )
    address = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("There the person is asked whether they may be named."),
    )
    writes_in = forms.ChoiceField(label=_("We write to them in"), required=False, choices=Language.choices)
    phone = forms.RegexField(
        PHONE_PATTERN,
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("Other organisations see it only if the person agrees to that too."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={"invalid": _("A phone number has digits, spaces, brackets and a plus sign.")},
    )
    languages = _several(
        _("Speaks"),
        Language.choices,
        required=True,
        error_messages={"required": _("Say at least one language in which they speak.")},
    )
    topics = _several(_("Topics"), Beat.choices)
    regions = _several(_("Regions"), REGIONS.items())
    weekdays = _several(_("Can be asked on"), Weekday.choices)
    begins = time_field(label=_("From what time"), required=False)
    ends = time_field(label=_("Until what time"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Asia/Almaty")
    hours_note = forms.CharField(
        label=_("Hours in words"),
        required=False,
        max_length=200,
        help_text=_("For example “not during lessons”."),
    )

    def __init__(
        self, *args: Any, organisation: Organisation, row: Spokesperson | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._row = row
        self._members = {
            str(one.person.uuid): one.person
            for one in active_memberships().filter(organisation=organisation).select_related("person")
        }
        if row is None:
            people = sorted(self._members.items(), key=lambda one: one[1].name.casefold())
            typed_field(self.fields, "member", forms.ChoiceField).choices = [
                ("", _("Somebody without an account")),
                *((value, person.name) for value, person in people),
            ]
        else:
            del self.fields["member"]
        if row is not None and row.person is not None:
            for name in ("name", "address", "writes_in"):
                del self.fields[name]
        kept = row.zone if row is not None else ""
        typed_field(self.fields, "zone", forms.ChoiceField).choices = zone_choices(kept)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "name" in self.fields and not cleaned.get("member"):
            for name, words in (
                ("name", _("Name a person, or choose a member.")),
                ("address", _("Give an e-mail: the person is asked by mail whether they may be named.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    @property
    def profile_input(self) -> SpokespersonInput:
        given = {**self.cleaned_data}
        person = self._members.get(given.pop("member", ""))
        language = given.pop("writes_in", "") or Language.KK
        return SpokespersonInput(**given, person=person, writes_in=Language(language))


def initial_spokesperson(row: Spokesperson) -> dict[str, Any]:
    """Return initial form values for an existing spokesperson."""
    names = ("address", "writes_in", "phone", "languages", "topics", "regions", "weekdays", "begins", "ends")
    return {**{name: getattr(row, name) for name in (*names, "zone", "hours_note")}, "name": row.own_name}
