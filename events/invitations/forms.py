"""Forms to invite people to an event, and to answer."""

from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now, gettext_lazy as _

from coalition.accounts.models import Language, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.localized_text import typed_field
from coalition.workspaces.models import Seat
from coalition.workspaces.sentence_params import person_name
from events.core.enums import Answer, Audience
from events.core.models import Event
from events.core.queries import invitable_seats, open_invitations
from events.invitations.actions import GuestInput

LONGEST_NAME = 120


class InviteForm(forms.Form):
    """People of the workspace by name, guests by address, one per line."""

    people = forms.MultipleChoiceField(
        label=_("People of this workspace"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = forms.CharField(
        label=_("Guests"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One address a line, with the name if you know it: Aigerim Saparova <aigerim@…>"),
    )
    language = forms.ChoiceField(
        label=_("Write to guests in"),
        choices=Language.choices,
        required=False,
        help_text=_("People of this workspace are written to in their own language."),
    )
    audience = forms.ChoiceField(label=_("They come as"), required=False)

    def __init__(self, *args: Any, event: Event, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = set(open_invitations(event).values_list("person_id", flat=True))
        self._people: dict[str, Seat] = {}  # once each even with several seats
        for seat in invitable_seats(event):
            if seat.person_id not in known:
                self._people.setdefault(str(seat.person.uuid), seat)
        people = typed_field(self.fields, "people", forms.MultipleChoiceField)
        people.choices = [(key, _label(viewer, seat)) for key, seat in self._people.items()]
        begins = {one.audience: one.begins for one in event.audience_times.all()}
        audience = typed_field(self.fields, "audience", forms.ChoiceField)
        audience.choices = [
            ("", _("Everyone else")),
            *((one.value, _audience(one, begins)) for one in Audience),
        ]

    def clean_people(self) -> list[User]:
        return [self._people[uuid].person for uuid in self.cleaned_data["people"]]

    def clean_guests(self) -> list[GuestInput]:
        """Return the guests, still without language. The error names the line that cannot be read."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["guests"].splitlines())):
            name, address = parseaddr(line)
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(
                    _("This is no e-mail address: “%(line)s”. Write one address a line."),
                    params={"line": line[:80]},
                ) from error
            found.append(GuestInput(address=address, name=name[:LONGEST_NAME]))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("people") and not cleaned.get("guests"):
            raise ValidationError(_("Choose somebody, or write an address."))
        language = cleaned.get("language") or ""
        cleaned["guests"] = [GuestInput(one.address, one.name, language) for one in cleaned.get("guests", [])]
        return cleaned


class InvitationAnswerForm(forms.Form):
    """An answer, as one of three buttons."""

    answer = forms.ChoiceField(choices=[one for one in Answer.choices if one[0] != Answer.NONE])


def _label(viewer: Viewer, seat: Seat) -> str:
    organisation = display_name_for(viewer, seat.organisation)
    return f"{person_name(viewer, seat.person, seat.organisation)}, {organisation}"


def _audience(audience: Audience, begins: dict[str, Any]) -> str:
    if audience not in begins:
        return str(audience.label)
    values = {"audience": audience.label, "time": f"{begins[audience]:%H:%M}"}
    return _now("%(audience)s, from %(time)s") % values
