"""What members fill in about cards."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.campaigns.appeals.forms.desk import WorkspaceFileField
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.double_count import MOST_COUNTED, CountMethod
from coalition.campaigns.postcards.ledger.actions.moves import MOST_MOVED, EnteredOtherwise
from coalition.campaigns.postcards.ledger.actions.packets import LONGEST_LOAN
from coalition.campaigns.postcards.ledger.enums import HANDED_BACK, MoveKind, Stock
from coalition.campaigns.postcards.ledger.models import LONGEST_MARK
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.recipients.models import Body, Target
from coalition.core.errors import Refused
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from documents.files.consent import usable_files_for
from events.core.forms.times import date_field

USUAL_LOAN: Final = datetime.timedelta(days=14)  # proposed; the person changes it
# What hints at a person in a mark: an address, a telephone number, two capitalised words. The page's script
# (`card_packets/mark.js`) uses the same pattern, so it means the same in Python and JavaScript.
HINTS_OF_A_PERSON: Final = re.compile(r"@|([0-9][^0-9]?){5}")
MOST_CAPITALS: Final = 1


def validate_mark(words: str) -> None:
    """Validate that a packet's mark is no person: no address, no telephone number, not two capitalised words.
    Raises ValidationError."""
    names = [word for word in words.split() if word[:1].isupper()]
    if HINTS_OF_A_PERSON.search(words) or len(names) > MOST_CAPITALS:
        message = _("Write a colour or a sticker, not a name or a telephone number: volunteers stay unnamed.")
        raise ValidationError(message, code="person")


def number_field(**given: Any) -> forms.IntegerField:
    return forms.IntegerField(**{"min_value": 1, "max_value": MOST_MOVED, **given})


class OnceForm(forms.Form):
    """A form that may be sent twice and counts once: it carries an identifier of its own."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def refuse(self, field: str | None, refusal: Refused, **hidden: object) -> None:
        """Show why it was refused; what was typed stays. `hidden`: new values of hidden fields, so that it
        can be sent once more. It gets a new identifier if its own is written with other values."""
        self.add_error(field, refusal.message)
        if isinstance(refusal, EnteredOtherwise):
            hidden["client_id"] = uuid4()
        given = {self.add_prefix(name): str(value) for name, value in hidden.items()}
        self.data = dict(self.data.items()) | given


class PrintedForm(OnceForm):
    """How many cards came from the printer."""

    prefix = "printed"
    quantity = number_field(label=_("Number of cards"))
    day = date_field(label=_("Day"), initial=site_today)
    note = forms.CharField(label=_("Note"), required=False, max_length=200, validators=[validate_single_line])


class LostForm(PrintedForm):
    """How many cards got lost, and where."""

    prefix = "lost"
    source = forms.ChoiceField(
        label=_("Lost from"),
        choices=[(one.value, one.label) for one in (Stock.STOCK, Stock.COLLECTED)],
        help_text=_("What volunteers lose is entered when they hand back their packet."),
    )
    field_order = ("quantity", "source", "day", "note")


class GiveForm(OnceForm):
    """A packet for a volunteer, who stays unnamed."""

    batch = forms.ChoiceField(label=_("Batch"))
    quantity = number_field(
        label=_("Number of cards"), widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    due_on = date_field(label=_("To be handed back by"), initial=lambda: site_today() + USUAL_LOAN)
    mark = forms.CharField(
        label=_("Mark"),
        required=False,
        max_length=LONGEST_MARK,
        validators=[validate_single_line, validate_visible_characters, validate_mark],
        help_text=_("A colour or a sticker by which you recognise the packet. No names."),
        widget=forms.TextInput(
            attrs={"data-person": HINTS_OF_A_PERSON.pattern, "data-capitals": MOST_CAPITALS}
        ),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        typed_field(self.fields, "batch", forms.ChoiceField).choices = choices
        today = site_today()
        limits = {"min": today.isoformat(), "max": (today + LONGEST_LOAN).isoformat()}
        typed_field(self.fields, "due_on", forms.DateField).widget.attrs.update(limits)


class TakeBackForm(OnceForm):
    """What a volunteer hands back of a packet. `left`: how many cards were open when the page was shown."""

    left = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    collected = number_field(
        label=pgettext_lazy("of cards handed back", "Filled in"), required=False, min_value=0
    )
    returned = number_field(label=pgettext_lazy("of cards handed back", "Blank"), required=False, min_value=0)
    posted = number_field(label=pgettext_lazy("of cards handed back", "Posted"), required=False, min_value=0)
    lost = number_field(label=pgettext_lazy("of cards handed back", "Lost"), required=False, min_value=0)

    @property
    def quantities(self) -> dict[MoveKind, int]:
        """What the action needs, of a valid form."""
        return {kind: self.cleaned_data[kind.value] or 0 for kind in HANDED_BACK}


class CountForm(forms.Form):
    """How many cards one person found."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    count = forms.IntegerField(
        label=_("How many cards do you count?"),
        min_value=0,
        max_value=MOST_COUNTED,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    method = forms.ChoiceField(
        label=_("How"), choices=CountMethod, initial=CountMethod.AT_HAND, widget=forms.RadioSelect
    )

    @property
    def given(self) -> dict[str, Any]:
        """What the action needs, of a valid form."""
        return {**self.cleaned_data, "method": CountMethod(self.cleaned_data["method"])}


def batch_field(batch: Batch) -> str:
    """Return the name of the field with the cards of a batch."""
    return f"batch-{batch.number}"


class CardDeliveryForm(OnceForm):
    """To whom counted cards were handed over, what was given for it, and how many of each batch.

    `counted`: how many of each can be delivered now. The action refuses more, since a form that was sent
    twice names what has been delivered already.
    """

    recipient = forms.ChoiceField(label=_("To whom"))
    day = date_field(label=_("Handed over on"), initial=site_today)
    incoming_number = forms.CharField(
        label=_("Incoming number"),
        required=False,
        max_length=80,
        validators=[validate_single_line],
        help_text=_("As it stands on the stamp. Without it, choose a receipt."),
    )
    receipt = WorkspaceFileField(
        label=pgettext_lazy("of cards", "Receipt"),
        help_text=_(
            "A file of this workspace. Everybody reads a copy without metadata once the numbers are public. "
            "Look first whether it shows names, addresses or phone numbers."
        ),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        validators=[validate_single_line],
        help_text=_("For members only."),
    )
    closes = forms.BooleanField(
        label=_("Close these batches"),
        required=False,
        help_text=_("Nothing more is entered about them, and their codes credit nobody any more."),
    )

    def __init__(
        self, *args: Any, access: Access, design: CardDesign, counted: Mapping[Batch, int], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.recipients = _recipients_of(design)
        choices = [(key, str(found.name)) for key, found in self.recipients.items()]
        typed_field(self.fields, "recipient", forms.ChoiceField).choices = choices
        typed_field(self.fields, "receipt", WorkspaceFileField).queryset = usable_files_for(
            access.user, access.workspace
        )
        self.batches = {batch_field(batch): batch for batch in counted}
        for name, batch in self.batches.items():
            self.fields[name] = forms.IntegerField(
                label=_("Cards of batch %(number)s") % {"number": batch.number},
                required=False,
                min_value=0,
                widget=forms.NumberInput(attrs={"max": counted[batch]}),
                initial=counted[batch],
                help_text=_("Counted and not delivered yet: %(count)s") % {"count": counted[batch]},
            )
        last = ("closes",)
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def given(self) -> dict[str, Any]:
        """What the action needs, of a valid form."""
        found = dict(self.cleaned_data)
        lines = {batch.pk: found.pop(name) or 0 for name, batch in self.batches.items()}
        return {**found, "recipient": self.recipients[found["recipient"]], "lines": lines}


def _recipients_of(design: CardDesign) -> dict[str, Body | Target]:
    """Return to whom cards can go: that of the design first, bodies of the workspace, people in office."""
    bodies = list(Body.objects.filter(workspace=design.workspace_id, archived_at=None))
    people = list(Target.objects.filter(body__in=bodies, gone_on=None))
    own: list[Body | Target] = [one for one in (design.recipient_target, design.recipient_body) if one]
    found: list[Body | Target] = [*own, *bodies, *people]
    return {str(one.uuid): one for one in found}
