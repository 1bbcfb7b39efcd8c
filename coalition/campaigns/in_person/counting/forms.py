"""What people fill in when they count."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.core.double_count import MOST_COUNTED, CountMethod
from coalition.campaigns.in_person.sheets.forms import AppealField, NumbersField
from coalition.core.localized_text import typed_field


def _number(label: Any, hint: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, help_text=hint, min_value=0, max_value=MOST_COUNTED, widget=widget)


class CountForm(forms.Form):
    """One person's number. `asks_method`: whether the person chooses how they counted."""

    count = _number(_("Your count"))
    method = forms.TypedChoiceField(
        label=_("How you counted"),
        choices=CountMethod,
        coerce=CountMethod,
        widget=forms.RadioSelect,
        initial=CountMethod.AT_HAND.value,
    )

    def __init__(self, *args: Any, asks_method: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        if not asks_method:
            del self.fields["method"]


class CloseTableForm(forms.Form):
    """The first count of a table, which closes it."""

    count = _number(
        _("Taps of all phones, and marks on the paper"),
        _("Without single-use codes: they count by themselves. 0 if there were none."),
    )


class CountSheetsForm(forms.Form):
    """A bundle of returned sheets, and its first count."""

    appeal = AppealField()
    numbers = NumbersField()
    count = _number(_("Lines that are filled in"), _("All sheets together. Crossed out lines do not count."))

    def __init__(
        self, *args: Any, appeals: QuerySet[Appeal], titles: Mapping[int, str], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        typed_field(self.fields, "appeal", AppealField).offer(appeals, titles)
