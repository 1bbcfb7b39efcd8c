"""Forms of consent: the record, what is added to it, an item's uses, and answers."""

import datetime
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.consent.actions.records import LONGEST, Scope, check_new_end, years_after
from coalition.consent.enums import ConsentRoleKind, DetailKind, Form, Place, RemovalAnswer
from coalition.consent.gate import day_of
from coalition.consent.items import ItemKind
from coalition.consent.models import WAITING_TIME, ConsentRecord, ConsentScope
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import typed_field

_MANY: Final = forms.CheckboxSelectMultiple


def _choices_of_scopes() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return a group for each place with its forms: values such as `site:face`."""
    return [(place.label, [(f"{place}:{form}", form.label) for form in Form]) for place in Place]


class ScopeForm(forms.Form):
    """What she allows: forms in places, in languages. The product of both."""

    allowed = forms.MultipleChoiceField(
        label=_("What may be shown, and where"),
        choices=_choices_of_scopes,
        widget=_MANY,
        help_text=_("Tick only what she said herself. More can be asked later; it waits 48 hours again."),
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages"),
        choices=Language,
        widget=_MANY,
        help_text=_("Who reads Russian may be somebody else than who reads Kazakh: ask about each."),
    )

    def scopes(self) -> list[Scope]:
        """Return the chosen scopes. Call on a valid form."""
        pairs = [value.split(":") for value in self.cleaned_data["allowed"]]
        return [
            Scope(Form(form), Place(place), Language(language))
            for place, form in pairs
            for language in self.cleaned_data["languages"]
        ]


class ApartForm(forms.Form):
    """Details that must not stand together."""

    apart = forms.MultipleChoiceField(
        label=_("Details that must not stand together"),
        choices=DetailKind,
        widget=_MANY,
        help_text=_("In one item or in several: readers put them side by side."),
    )

    def clean_apart(self) -> list[str]:
        kinds: list[str] = self.cleaned_data["apart"]
        if len(kinds) == 1:
            raise forms.ValidationError(_("Choose at least two details that must not stand together."))
        return kinds


def contact_field() -> forms.CharField:
    return forms.CharField(
        label=_("How to reach the caseworker"),
        max_length=200,
        help_text=_("Phone or address of the centre, for questions. Never hers."),
    )


class ContactForm(forms.Form):
    """How a record's caseworker is reached."""

    contact = contact_field()


class RecordForm(ScopeForm, ApartForm):
    """A new record: an adult was asked just now."""

    is_adult = forms.BooleanField(
        label=_("She is 18 or older, and I have asked her today, in her language, without hurry"),
        error_messages={"required": _("Never a child: this platform shows nobody under 18.")},
    )
    until = forms.DateField(
        label=_("Nothing is shown after"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A day she chose, within five years. She can take everything back before, at any time."),
    )
    contact = contact_field()
    field_order = ["is_adult", "allowed", "languages", "until", "apart", "contact"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["apart"].required = False
        today = day_of(now())
        first, last = today + WAITING_TIME, years_after(today, LONGEST)
        self.fields["until"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_until(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["until"]
        try:
            check_new_end(day, day_of(now()))
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        return day


class DetailsForm(forms.Form):
    """Details of her in one item."""

    details = forms.MultipleChoiceField(
        label=_("Details of her in this item"),
        choices=DetailKind,
        required=False,
        widget=_MANY,
        help_text=_("Untick what is somebody else's. Her face or voice stay ticked."),
    )
    needs_lawyer = forms.BooleanField(
        label=_("It may point to an accused person or a workplace"),
        required=False,
        help_text=_("Then a lawyer has to read it first. This cannot be unticked again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs_lawyer"].disabled = bool(self.initial.get("needs_lawyer"))


class UntilForm(forms.Form):
    """An earlier end."""

    until = forms.DateField(
        label=_("The last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class NarrowForm(forms.Form):
    """What she takes back: everything, or some scopes and uses."""

    whole = forms.TypedChoiceField(
        label=_("What does she take back?"),
        choices=[("yes", _("Everything, for good")), ("no", _("Only what is ticked below"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    scopes = forms.ModelMultipleChoiceField(
        label=_("What may no longer be shown"),
        queryset=ConsentScope.objects.none(),
        required=False,
        widget=_MANY,
    )
    uses = forms.MultipleChoiceField(label=_("Single uses"), required=False, widget=_MANY)

    def __init__(
        self, *args: Any, consent: ConsentRecord, uses: Collection[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        scopes = typed_field(self.fields, "scopes", forms.ModelMultipleChoiceField)
        scopes.queryset = consent.scopes.filter(ended_at=None).order_by("place", "form", "language")
        typed_field(self.fields, "uses", forms.MultipleChoiceField).choices = list(uses)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_part = bool(data.get("scopes") or data.get("uses"))
        if data.get("whole") is False and not is_part:
            self.add_error("scopes", _("Choose what she takes back."))
        elif data.get("whole") is True and is_part:
            self.add_error("whole", _("You ticked a part below. Choose everything, or only that part."))
        return data


class ReviewForm(forms.Form):
    """The yearly question: an answer for each use that she agreed to, given by UUID and words."""

    def __init__(self, *args: Any, uses: Collection[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._uses = [uuid for uuid, _words in uses]
        for uuid, words in uses:
            self.fields[uuid] = forms.ChoiceField(
                label=words,
                choices=[("yes", _("Goes on for a year")), ("no", _("She takes it back"))],
                widget=forms.RadioSelect,
            )

    def goes_on(self) -> list[UUID]:
        """Return the UUIDs of uses that go on. Call on a valid form."""
        return [UUID(uuid) for uuid in self._uses if self.cleaned_data[uuid] == "yes"]


class ActingForm(forms.Form):
    """A form of a person who acts for one of their organisations; asked only if there are several."""

    def __init__(
        self, *args: Any, organisations: Collection[Organisation], viewer: Viewer, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._organisations = {str(one.uuid): one for one in organisations}
        if len(self._organisations) > 1:
            names = [(uuid, display_name_for(viewer, one)) for uuid, one in self._organisations.items()]
            self.fields["organisation"] = forms.ChoiceField(label=_("For which organisation"), choices=names)

    def organisation(self) -> Organisation | None:
        """Return the organisation acted for; None for a person of none. Call on a valid form."""
        first = next(iter(self._organisations), "")
        return self._organisations.get(self.cleaned_data.get("organisation", first))


class ItemForm(ActingForm):
    """An item shows the person with a code: what it contains of her, and where it should be shown."""

    code = forms.CharField(
        label=_("Code of the consent"),
        max_length=20,
        help_text=_("Eight signs, such as 7KQ4-M2XH. The crisis centre gives it to you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    forms_of_her = forms.MultipleChoiceField(label=_("What it contains of her"), widget=_MANY)
    places = forms.MultipleChoiceField(label=_("Where it should be shown"), choices=Place, widget=_MANY)
    languages = forms.MultipleChoiceField(label=_("In which languages"), choices=Language, widget=_MANY)
    details = forms.MultipleChoiceField(
        label=_("Details in it by which she could be recognised"),
        choices=DetailKind,
        required=False,
        widget=_MANY,
        help_text=_("Pictures and sound too: a shop sign, a uniform, a dialect."),
    )
    needs_lawyer = forms.BooleanField(
        label=_("It may point to an accused person or a workplace"),
        required=False,
        help_text=_("Then a lawyer has to read it first."),
    )

    def __init__(self, *args: Any, kind: ItemKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = typed_field(self.fields, "forms_of_her", forms.MultipleChoiceField)
        field.choices = [(form.value, form.label) for form in kind.forms]


class RoleForm(forms.Form):
    """A member of the organisation gets a role."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    kind = forms.ChoiceField(label=_("Role"), choices=ConsentRoleKind, widget=forms.RadioSelect)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(
            memberships__organisation=organisation, memberships__ended_at=None, is_active=True
        )
        typed_field(self.fields, "person", forms.ModelChoiceField).queryset = members.distinct().order_by(
            "name"
        )


class HandOverForm(forms.Form):
    """Another caseworker of the same centre, and how to reach them."""

    to = forms.ModelChoiceField(label=_("Caseworker"), queryset=User.objects.none())
    contact = contact_field()

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "to", forms.ModelChoiceField).queryset = people.order_by("name")


class ReadingForm(ActingForm):
    """A lawyer's verdict. `digest`: of the item as it was read."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    cleared = forms.TypedChoiceField(
        label=_("May it go out as it stands?"),
        choices=[("yes", _("Yes: I have read it, with its file name and caption")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("cleared") is False and not data.get("note", "").strip():
            self.add_error("note", _("Say what has to change."))
        return data


class RemovalAnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("What they answered"), choices=RemovalAnswer)
