"""What people fill in about paper sheets."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.sheets.enums import MARKABLE, SheetState
from coalition.campaigns.in_person.sheets.models import MOST_IN_RUN
from coalition.campaigns.in_person.sheets.numbers import parse_numbers
from coalition.campaigns.in_person.sheets.queries import tables_for_sheets
from coalition.core.errors import Refused
from coalition.core.localized_text import content_languages, typed_field
from coalition.workspaces.permissions import Access


class AppealField(forms.ModelChoiceField):
    """An appeal, by its public title. `titles`: those of the appeals (primary keys)."""

    titles: Mapping[int, str] = {}

    def __init__(self, **given: Any) -> None:
        super().__init__(
            label=_("Appeal"), queryset=Appeal.objects.none(), to_field_name="uuid", empty_label=None, **given
        )

    def label_from_instance(self, appeal: Appeal) -> str:
        return self.titles.get(appeal.pk, appeal.slug)

    def offer(self, appeals: QuerySet[Appeal], titles: Mapping[int, str]) -> None:
        """Offer these; where there is one alone, nothing has to be chosen."""
        self.queryset, self.titles = appeals, titles
        if len(titles) == 1:
            self.initial = str(appeals[0].uuid)
            self.widget = forms.HiddenInput()


class NumbersField(forms.CharField):
    """Numbers of sheets: “12–18, 20”. Cleans to a list of them."""

    def __init__(self, **given: Any) -> None:
        hint = _("As they stand on the sheets: 12–18, 20")
        widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
        super().__init__(
            label=_("Numbers on the sheets"), max_length=500, help_text=hint, widget=widget, **given
        )

    def clean(self, value: Any) -> list[int]:
        try:
            return parse_numbers(super().clean(value))
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class PrintForm(forms.Form):
    """Which sheets are printed, and how many."""

    prefix = "print"  # two forms stand on one page
    appeal = AppealField()
    region = forms.ChoiceField(label=_("Where they are used"), choices=())
    language = forms.ChoiceField(label=_("Language"), choices=())
    quantity = forms.IntegerField(
        label=_("How many sheets"), min_value=1, max_value=MOST_IN_RUN, initial=20, required=True
    )

    def __init__(
        self, *args: Any, access: Access, appeals: QuerySet[Appeal], titles: Mapping[int, str], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        typed_field(self.fields, "appeal", AppealField).offer(appeals, titles)
        own = [code for code in access.organisation.regions if code in REGIONS]
        others = [code for code in REGIONS if code not in own]
        typed_field(self.fields, "region", forms.ChoiceField).choices = [
            (code, REGIONS[code]) for code in (*own, *others)
        ]
        typed_field(self.fields, "language", forms.ChoiceField).choices = content_languages()


class TableField(forms.ModelChoiceField):
    """A table, by its place and day."""

    def label_from_instance(self, table: Table) -> str:
        return f"{table.place}, {date_format(table.day, 'DATE_FORMAT')}"


class MarkForm(forms.Form):
    """What became of sheets."""

    prefix = "mark"
    appeal = AppealField()
    numbers = NumbersField()
    state = forms.TypedChoiceField(
        label=_("What became of them"),
        choices=[(one.value, one.label) for one in MARKABLE],
        coerce=SheetState,
        widget=forms.RadioSelect,
        initial=SheetState.RETURNED.value,
    )
    table = TableField(
        label=_("Table at which they lay"),
        queryset=Table.objects.none(),
        required=False,
        to_field_name="uuid",
        empty_label=_("No table, or not known"),
    )

    def __init__(
        self, *args: Any, access: Access, appeals: QuerySet[Appeal], titles: Mapping[int, str], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        typed_field(self.fields, "appeal", AppealField).offer(appeals, titles)
        tables = tables_for_sheets(access)
        typed_field(self.fields, "table", TableField).queryset = tables
        if not tables.exists():
            del self.fields["table"]
