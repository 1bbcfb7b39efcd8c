"""Spokesperson forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Language, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.localized_text import typed_field
from documents.contacts.models import Beat
from events.core.enums import Weekday
from events.core.forms.times import ZONES, time_field, zone_choices
from events.press.forms import FilterForm, PhoneField, filter_field, several_field
from events.press.spokespersons.models import Spokesperson


class SpokespersonFilterForm(FilterForm):
    """Filters of the list."""

    language = filter_field(_("Language"), _("All languages"), Language.choices)
    topic = filter_field(_("Topic"), _("All topics"), Beat.choices)
    region = filter_field(_("Region"), _("All regions"), REGIONS.items())
    can_now = forms.BooleanField(label=_("Can speak now"), required=False)


class SpokespersonForm(forms.ModelForm[Spokesperson]):
    """Spokesperson: topics and hours; the choice of the member only for a new one."""

    member = forms.ChoiceField(
        label=_("Member with an account"),
        required=False,
        help_text=_("They agree on a page of their own. For somebody without an account leave it empty."),
    )
    own_name = forms.CharField(
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
    phone = PhoneField(help_text=_("Other organisations see it only if the person agrees to that too."))
    languages = several_field(
        _("Speaks"),
        Language.choices,
        required=True,
        error_messages={"required": _("Say at least one language in which they speak.")},
    )
    topics = several_field(_("Topics"), Beat.choices)
    regions = several_field(_("Regions"), REGIONS.items())
    weekdays = several_field(_("Can be asked on"), Weekday.choices)
    begins = time_field(label=_("From what time"), required=False)
    ends = time_field(label=_("Until what time"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Asia/Almaty")
    hours_note = forms.CharField(
        label=_("Hours in words"),
        required=False,
        max_length=200,
        help_text=_("For example “not during lessons”."),
    )

    class Meta:
        model = Spokesperson
        fields = (
            "own_name", "address", "writes_in", "phone", "languages", "topics", "regions",
            "weekdays", "begins", "ends", "zone", "hours_note",
        )  # fmt: skip

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self._members: dict[str, User] = {}
        if row._state.adding:
            rows = active_memberships().filter(organisation=organisation).select_related("person")
            self._members = {str(one.person.uuid): one.person for one in rows}
            people = sorted(self._members.items(), key=lambda one: one[1].name.casefold())
            typed_field(self.fields, "member", forms.ChoiceField).choices = [
                ("", _("Somebody without an account")),
                *((value, person.name) for value, person in people),
            ]
        else:
            del self.fields["member"]
        if row.person is not None:
            for name in ("own_name", "address", "writes_in"):
                del self.fields[name]
        typed_field(self.fields, "zone", forms.ChoiceField).choices = zone_choices(row.zone)

    def clean(self) -> dict[str, Any]:
        """Replace `member` by `person`, whose name and address are not stored here."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "member" in self.fields and (person := self._members.get(cleaned.pop("member", ""))):
            return cleaned | {"person": person, "own_name": "", "address": ""}
        for name, message in (
            ("own_name", _("Name a person, or choose a member.")),
            ("address", _("Give an e-mail: the person is asked by mail whether they may be named.")),
        ):
            if name in self.fields and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        return cleaned

    def clean_writes_in(self) -> str:
        return self.cleaned_data["writes_in"] or Language.KK
