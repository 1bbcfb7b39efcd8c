"""What people of the desk fill in about a letter action's recipients, and what narrows the board."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now, gettext_lazy as _, pgettext_lazy

from coalition.applicants.forms import validate_single_line
from coalition.campaigns.appeals.forms.desk import WorkspaceFileField
from coalition.campaigns.letters.board.actions import AnswerContent, LetterContent, Recipient, StanceContent
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.letters.board.models import MOST_TERM_DAYS, OfficialLetter
from coalition.campaigns.letters.board.numbers import RecipientNumbers
from coalition.campaigns.letters.board.queries import letters_of, recipients_of
from coalition.campaigns.letters.board.terms import default_source, term_of
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.recipients.models import Target
from coalition.core.localized_text import LocalizedTextarea, LocalizedTextFormField, typed_field
from coalition.workspaces.permissions import Access
from documents.files.consent import usable_files_for
from events.core.forms.times import date_field

MOST_WORDS: Final = 4000
_FILE_HINT = _(
    "A file of this workspace. Once it is published everybody reads a copy without metadata. Look first"
    " whether it shows private names, addresses or phone numbers."
)


class RecipientField(forms.ChoiceField):
    """A person of the action's bodies, or a body as a whole. Cleans to a `Recipient`, None where it is empty
    and not required."""

    def __init__(self, **given: Any) -> None:
        self.found: dict[str, Recipient] = {}
        super().__init__(**{"label": _("Recipient"), **given})

    def offer(self, action: LetterAction, *, people_only: bool = False) -> None:
        """Offer the action's recipients: two queries."""
        people = recipients_of(action)
        choices: list[tuple[str, list[tuple[str, str]]]] = []
        for body in action.bodies.order_by("pk"):
            own = [one for one in people if one.body_id == body.pk]
            self.found |= {str(one.uuid): Recipient(body, one) for one in own}
            rows = [(str(one.uuid), _person(one)) for one in own]
            if not people_only:
                self.found[str(body.uuid)] = Recipient(body)
                rows = [(str(body.uuid), _now("%(body)s as a whole") % {"body": body.name}), *rows]
            choices.append((str(body.name), rows))
        self.choices = [("", _now("Choose")), *choices]

    def clean(self, value: Any) -> Any:
        return self.found.get(super().clean(value))


def _person(target: Target) -> str:
    if target.gone_on is None:
        return str(target.name)
    return _now("%(name)s (not in office since %(day)s)") % {
        "name": target.name,
        "day": date_format(target.gone_on, "DATE_FORMAT"),
    }


class LetterField(forms.ModelChoiceField):
    """An official letter of the action, by number, day and recipient."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            queryset=OfficialLetter.objects.none(), to_field_name="uuid", required=False, **given
        )

    def label_from_instance(self, letter: OfficialLetter) -> str:
        return _now("No. %(number)s of %(day)s to %(recipient)s") % {
            "number": letter.outgoing_number,
            "day": date_format(letter.sent_on, "SHORT_DATE_FORMAT"),
            "recipient": letter.target.name if letter.target is not None else letter.body.name,
        }


class EntryForm(forms.Form):
    """What all entries have."""

    people_only = False

    def __init__(self, *args: Any, access: Access, action: LetterAction, **given: Any) -> None:
        super().__init__(*args, **given)
        typed_field(self.fields, "recipient", RecipientField).offer(action, people_only=self.people_only)
        file = typed_field(self.fields, "file", WorkspaceFileField)
        file.queryset = usable_files_for(access.user, access.workspace)
        file.empty_label = _now("No file")

    @property
    def chosen_recipient(self) -> Recipient:
        """Of a valid form."""
        found: Recipient = self.cleaned_data["recipient"]
        return found


class OfficialLetterForm(EntryForm):
    """A letter that the organisation sent."""

    recipient = RecipientField()
    outgoing_number = forms.CharField(
        label=_("Outgoing number"), max_length=60, validators=[validate_single_line]
    )
    sent_on = date_field(label=_("Sent on"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, help_text=_("For your own people. Never public.")
    )
    file = WorkspaceFileField(label=_("File"), help_text=_("A file of this workspace. Never public."))

    @property
    def content(self) -> LetterContent:
        """Of a valid form."""
        data = self.cleaned_data
        return LetterContent(data["outgoing_number"], data["sent_on"], data["note"], data["file"])


class AnswerForm(EntryForm):
    """What came from a recipient."""

    letter = LetterField(
        label=_("Answers the official letter"),
        help_text=_("If it answers one. The recipient can then stay empty."),
        empty_label=_("No official letter"),
    )
    recipient = RecipientField(required=False)
    kind = forms.ChoiceField(label=_("What came"), choices=AnswerKind, widget=forms.RadioSelect)
    on = date_field(label=pgettext_lazy("of an answer", "Date"))
    incoming_number = forms.CharField(
        label=_("Incoming number"), required=False, max_length=60, validators=[validate_single_line]
    )
    words = LocalizedTextFormField(
        label=_("In plain words"),
        help_text=_("What they answered. No private names, addresses or phone numbers."),
        max_length=MOST_WORDS,
        required=False,
        widget=LocalizedTextarea,
    )
    url = forms.URLField(label=_("Link"), required=False, assume_scheme="https")
    file = WorkspaceFileField(label=_("File"), help_text=_FILE_HINT)

    def __init__(self, *args: Any, action: LetterAction, **given: Any) -> None:
        super().__init__(*args, action=action, **given)
        field = typed_field(self.fields, "letter", LetterField)
        field.queryset = letters_of(action).filter(withdrawn_at=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        letter = data.get("letter")
        if data.get("recipient") is None and letter is not None:
            data["recipient"] = Recipient(letter.body, letter.target)
        if data.get("recipient") is None and "recipient" not in self.errors:
            self.add_error("recipient", _now("Choose a recipient, or the official letter."))
        return data

    @property
    def content(self) -> AnswerContent:
        """Of a valid form."""
        names = ("on", "incoming_number", "letter", "words", "url", "file")
        data = {name: self.cleaned_data[name] for name in names}
        return AnswerContent(kind=AnswerKind(self.cleaned_data["kind"]), **data)


class StanceForm(EntryForm):
    """Whether a person agrees."""

    people_only = True

    recipient = RecipientField(label=_("Person"))
    agrees = forms.TypedChoiceField(
        label=_("What they say"),
        choices=[("yes", _("They agree")), ("no", _("They do not agree"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    on = date_field(label=pgettext_lazy("of a statement", "Date"))
    url = forms.URLField(label=_("Link that shows it"), required=False, assume_scheme="https")
    file = WorkspaceFileField(label=_("File that shows it"), help_text=_FILE_HINT)
    words = LocalizedTextFormField(
        label=_("In plain words"),
        help_text=_("What they said, and where."),
        max_length=MOST_WORDS,
        required=False,
        widget=LocalizedTextarea,
    )

    @property
    def content(self) -> StanceContent:
        """Of a valid form."""
        names = ("agrees", "on", "words", "url", "file")
        return StanceContent(**{name: self.cleaned_data[name] for name in names})


class WithdrawForm(forms.Form):
    """Why an entry is withdrawn."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        validators=[validate_single_line],
        help_text=_("It stays beside the entry, for your own people."),
    )


class TermForm(forms.Form):
    """By when official letters have to be answered."""

    prefix = "term"
    working_days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=MOST_TERM_DAYS)
    source = forms.CharField(
        label=_("By which law"),
        max_length=300,
        required=False,
        validators=[validate_single_line],
        help_text=_("Ask a lawyer: the term differs from body to body."),
    )

    def __init__(self, *args: Any, action: LetterAction, **given: Any) -> None:
        term, unchecked = term_of(action), default_source()
        source = term.source if term.source != unchecked else ""
        given.setdefault("initial", {"working_days": term.working_days, "source": source})
        super().__init__(*args, **given)
        self.fields["source"].widget.attrs["placeholder"] = unchecked


STATES: Final = {
    "answered": _("Answered"),
    "waiting": _("Not answered"),
    "agreed": pgettext_lazy("of a person", "Agrees"),
}
OVERDUE: Final = "overdue"
ORDERS: Final = {
    "": _("As in the list of the body"),
    "name": _("By name"),
    "committee": _("By committee"),
    "letters": _("Most letters first"),
    "days": _("Fastest answer first"),
}


class BoardFilterForm(forms.Form):
    """What narrows and sorts the board, sent by GET; values that are not offered are ignored."""

    q = forms.CharField(label=_("Name"), required=False, max_length=80)
    body = forms.ChoiceField(label=_("Body"), required=False)
    committee = forms.ChoiceField(label=_("Committee"), required=False)
    electoral_list = forms.ChoiceField(label=pgettext_lazy("of candidates", "List"), required=False)
    state = forms.ChoiceField(label=_("Answers"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(ORDERS.items()))

    def __init__(
        self, *args: Any, numbers: Iterable[RecipientNumbers], has_overdue: bool, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        found = list(numbers)
        rows = [one.target for one in found if one.target is not None]
        self._offer("body", _now("All bodies"), ((str(one.body.uuid), str(one.body.name)) for one in found))
        self._offer("committee", _now("All committees"), ((str(one.committee),) * 2 for one in rows))
        self._offer("electoral_list", _now("All lists"), ((str(one.electoral_list),) * 2 for one in rows))
        states = [("", _now("All")), *STATES.items()]
        if has_overdue:
            states.append((OVERDUE, _now("Overdue")))
        typed_field(self.fields, "state", forms.ChoiceField).choices = states

    def _offer(self, name: str, everything: str, found: Iterable[tuple[str, ...]]) -> None:
        """Offer the values that rows have; without two of them there is nothing to choose."""
        choices = sorted({(one[0], one[1]) for one in found if one[0]}, key=lambda one: one[1].casefold())
        if len(choices) < 2:
            del self.fields[name]
        else:
            typed_field(self.fields, name, forms.ChoiceField).choices = [("", everything), *choices]

    @property
    def wanted(self) -> dict[str, str]:
        """Return what is set, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
