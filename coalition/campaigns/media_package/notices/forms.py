"""Forms of notices: an answer at the desk, an address for corrections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import MailAddressField
from coalition.campaigns.core.days import site_today
from coalition.campaigns.media_package.enums import AnswerWay, OutletAnswer, RemovedFrom
from coalition.campaigns.media_package.models import NoticeAnswer


class AnswerForm(forms.Form):
    """What an outlet did with the item."""

    answer = forms.ChoiceField(
        label=_("What became of it"), choices=OutletAnswer.choices, widget=forms.RadioSelect
    )
    aired_on = forms.DateField(
        label=_("Aired on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    removed_from = forms.MultipleChoiceField(
        label=_("Removed from"),
        required=False,
        choices=RemovedFrom.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aired_on"].widget.attrs["max"] = site_today().isoformat()

    def clean(self) -> dict[str, Any]:
        """Refuse an airing without its day, and one in the future."""
        found = super().clean() or {}
        if found.get("answer") == OutletAnswer.AIRED and "aired_on" not in self.errors:
            day = found.get("aired_on")
            if day is None:
                self.add_error("aired_on", _("Write the day on which it was aired."))
            elif day > site_today():
                self.add_error(
                    "aired_on", _("This day is still to come. If it is not aired yet, please do not air it.")
                )
        return found


class DeskAnswerForm(AnswerForm):
    """An answer that did not come by the link."""

    way = forms.ChoiceField(
        label=_("How we know"),
        choices=[(one.value, one.label) for one in (AnswerWay.PHONE, AnswerWay.SEEN)],
        widget=forms.RadioSelect,
    )
    field_order = ["way", "answer", "aired_on", "removed_from"]


class CorrectionAddressForm(forms.Form):
    """An address for corrections."""

    address = MailAddressField(
        label=_("Your e-mail"),
        help_text=_("We write there only if a file was replaced or must not be used any more."),
    )


def initial_of(row: NoticeAnswer | None) -> dict[str, Any]:
    """Return the stored answer as the values of the form."""
    if row is None:
        return {}
    return {
        "answer": row.answer,
        "aired_on": row.aired_on,
        "removed_from": row.removed_from,
        "way": row.way,
    }
