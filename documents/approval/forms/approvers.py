"""What the secretariat fills in: whom the coalition asks for which kind of text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import OrganisationKind
from coalition.accounts.naming import Viewer
from coalition.accounts.queries import organisations
from coalition.core.typed_field import own_field
from documents.approval.actions.approvers import Row
from documents.approval.models.approvers import AskingGroup, AskingRow
from documents.drafts.enums import Rule
from documents.drafts.forms import OrganisationsField


class AskingTableForm(forms.Form):
    """One line a kind of text: group, hours, rule."""

    allows_no_objection = forms.BooleanField(
        label=_("Silence after notice may stand beside approvals"),
        required=False,
        help_text=_(
            "Off unless the coalition agreed on it. It is shown as “no objection”, never as approval, and an "
            "organisation may say that its silence says nothing."
        ),
    )

    def __init__(self, *args: Any, rows: list[AskingRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"group_{row.kind}"] = forms.ModelChoiceField(
                label=_("Group that is asked"),
                queryset=AskingGroup.objects.order_by("name"),
                required=False,
                initial=row.group,
                empty_label=_("Every organisation of the workspace"),
            )
            self.fields[f"hours_{row.kind}"] = forms.IntegerField(
                label=_("Hours"), min_value=1, max_value=24 * 60, initial=row.hours
            )
            self.fields[f"rule_{row.kind}"] = forms.ChoiceField(
                label=_("Rule"), choices=Rule, initial=row.rule
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the table shows."""
        return [
            {
                "kind": row.get_kind_display(),
                "fields": [self[f"{name}_{row.kind}"] for name in ("group", "hours", "rule")],
            }
            for row in self.rows
        ]

    @property
    def said(self) -> dict[str, Row]:
        sent = self.cleaned_data
        return {
            row.kind: Row(
                sent[f"group_{row.kind}"], sent[f"hours_{row.kind}"], Rule(sent[f"rule_{row.kind}"])
            )
            for row in self.rows
        }


class AskingGroupForm(forms.Form):
    """A name and who belongs to it."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    organisations = OrganisationsField(queryset=organisations(), label=_("Organisations"))

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = own_field(self.fields, "organisations", OrganisationsField)
        field.viewer = viewer
        field.queryset = organisations().exclude(kind=OrganisationKind.MEDIA_PARTNER)
