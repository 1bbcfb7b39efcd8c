"""School group forms: terms for organisers, the request of a school."""

import datetime
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import (
    MailAddressField,
    PersonNameField,
    validate_single_line,
    validate_visible_characters,
)
from coalition.core.localized_text import content_languages
from coalition.core.typed_field import typed_field
from events.core.forms.planning import phone_field
from events.exhibitions.school_groups.actions import (
    LENGTHS,
    MOST_PER_SLOT,
    MOST_PUPILS,
    GroupRequest,
    GroupVisitTerms,
)
from events.exhibitions.school_groups.models import GroupVisits


class VisitsForm(forms.Form):
    """Terms on which groups are accepted."""

    slot_minutes = forms.IntegerField(
        label=_("Minutes of a visit"), min_value=LENGTHS.start, max_value=LENGTHS.stop - 1, initial=45
    )
    per_slot = forms.IntegerField(
        label=_("Groups at the same time"), min_value=1, max_value=MOST_PER_SLOT, initial=1
    )
    most_pupils = forms.IntegerField(
        label=_("Pupils in a group at most"), min_value=1, max_value=MOST_PUPILS, initial=25
    )
    by_hand = forms.BooleanField(
        label=_("We answer each one ourselves"),
        required=False,
        help_text=_("Without a tick a time that is free is confirmed at once."),
    )

    @property
    def visits(self) -> GroupVisitTerms:
        return GroupVisitTerms(**self.cleaned_data)


def initial_visits(visits: GroupVisits | None) -> dict[str, object]:
    """Return initial form values."""
    if visits is None:
        return {}
    names = ("slot_minutes", "per_slot", "most_pupils", "by_hand")
    return {name: getattr(visits, name) for name in names}


class GroupForm(forms.Form):
    """A school's request for a slot on one day."""

    begins = forms.ChoiceField(label=_("Time"), widget=forms.RadioSelect)
    school = forms.CharField(
        label=_("School"), max_length=160, validators=[validate_single_line, validate_visible_characters]
    )
    grade = forms.CharField(
        label=_("Class or age"),
        max_length=60,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("9 B, 14 to 15"),
    )
    pupils = forms.IntegerField(label=_("Pupils"), min_value=1, max_value=MOST_PUPILS)
    language = forms.ChoiceField(
        label=_("Language of the visit, and of our mails"), choices=content_languages
    )
    contact = PersonNameField(label=_("Who comes with them"))
    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We send a link there. The visit counts once you opened it and pressed the button."),
    )
    phone = phone_field()
    needs = forms.CharField(
        label=_("What the group needs"),
        required=False,
        max_length=600,
        help_text=_("A wheelchair, a sign language interpreter, a quiet room. No names of children, please."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, visits: GroupVisits, on: datetime.date, slots: list[datetime.time], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._on = on
        times = typed_field(self.fields, "begins", forms.ChoiceField)
        times.choices = [(f"{one:%H:%M}", formats.time_format(one, "H:i")) for one in slots]
        times.error_messages["invalid_choice"] = _("This time is not free any more: choose another one.")
        pupils = typed_field(self.fields, "pupils", forms.IntegerField)
        pupils.help_text = _("At most %(most)s.") % {"most": visits.most_pupils}
        self._most = visits.most_pupils

    def clean_pupils(self) -> int:
        number: int = self.cleaned_data["pupils"]
        if number > self._most:
            raise forms.ValidationError(_("A group has at most %(most)s pupils.") % {"most": self._most})
        return number

    @property
    def asking(self) -> GroupRequest:
        begins = datetime.time.fromisoformat(self.cleaned_data["begins"])
        return GroupRequest(**self.cleaned_data | {"on": self._on, "begins": begins})
