"""Guest book forms for visitors and moderators."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.typed_field import typed_field
from coalition.workspaces.naming import person_name
from events.core.models import Event
from events.exhibitions.guest_book.actions import MAX_ENTRY_LENGTH, GuestEntryInput, clean_entry_text
from events.exhibitions.guest_book.enums import BookMode
from events.exhibitions.guest_book.models import GuestBook
from events.exhibitions.guest_book.queries import planners_of


class BookForm(forms.Form):
    """The book's mode, and the person who looks after visitors."""

    mode = forms.ChoiceField(label=_("The guest book"), choices=BookMode, widget=forms.RadioSelect)
    person = forms.ChoiceField(
        label=_("Who looks after visitors that may need help"),
        help_text=_("They see such an entry first, as urgent on their desk, and nobody else reads it there."),
    )

    def __init__(self, *args: Any, event: Event, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people: dict[str, User] = {}
        choices: list[tuple[str, Any]] = [("", _("Choose a person"))]
        for seat in planners_of(event):
            value = str(seat.person.uuid)
            if value not in self._people:
                self._people[value] = seat.person
                choices.append((value, person_name(viewer, seat.person, seat.organisation)))
        typed_field(self.fields, "person", forms.ChoiceField).choices = choices

    @property
    def mode_sent(self) -> BookMode:
        return BookMode(self.cleaned_data["mode"])

    @property
    def person_sent(self) -> User:
        return self._people[self.cleaned_data["person"]]


def initial_book(book: GuestBook | None) -> dict[str, object]:
    """Return initial form values."""
    if book is None:
        return {"mode": BookMode.OPEN}
    return {"mode": book.mode, "person": str(book.person.uuid) if book.person else ""}


class GuestEntryForm(forms.Form):
    """A visitor's entry."""

    mark = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your words"),
        max_length=MAX_ENTRY_LENGTH * 2,  # line breaks count twice when sent; measured below
        strip=False,
        help_text=_("At most 600 characters. Please name nobody else: we cut such passages out."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": MAX_ENTRY_LENGTH}),
    )
    language = forms.ChoiceField(label=_("Language of your words"), choices=Language)
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=80,
        validators=[validate_single_line, validate_visible_characters],
    )
    town = forms.CharField(
        label=_("Your town"),
        required=False,
        max_length=80,
        validators=[validate_single_line, validate_visible_characters],
    )
    may_show = forms.BooleanField(
        label=_("My words may stand on this site for everyone"),
        required=False,
        help_text=_("Without a tick only the organisers read them."),
    )
    may_name = forms.BooleanField(
        label=_("My name and my town may stand beside them"),
        required=False,
        help_text=_("Without a tick your words stand without a name."),
    )

    def clean_text(self) -> str:
        text = clean_entry_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write something first."))
        if len(text) > MAX_ENTRY_LENGTH:
            raise forms.ValidationError(_("An entry has at most 600 characters."))
        return text

    @property
    def writing(self) -> GuestEntryInput:
        sent = self.cleaned_data
        return GuestEntryInput(**{**sent, "language": Language(sent["language"])})


def fresh_mark() -> UUID:
    """Return a new idempotency key for the entry form."""
    return uuid4()
