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
from coalition.core.localized_text import content_languages, typed_field
from events.core.forms.planning import phone_field
from events.exhibitions.school_groups.models import MOST_PUPILS, GroupVisits


class VisitsForm(forms.ModelForm[GroupVisits]):
    """Terms on which groups are accepted."""

    class Meta:
        model = GroupVisits
        fields = ("slot_minutes", "per_slot", "most_pupils", "by_hand")


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
    def visit(self) -> dict[str, Any]:
        """Return the values of the request, as `request_group_visit` takes them. Only for a valid form."""
        begins = datetime.time.fromisoformat(self.cleaned_data["begins"])
        return self.cleaned_data | {"on": self._on, "begins": begins}
