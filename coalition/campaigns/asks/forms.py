"""Forms about asks and their steps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.desk_presenters import appeal_rows
from coalition.campaigns.appeals.desk_queries import appeals_for
from coalition.campaigns.appeals.forms.desk import PublicTextField, WorkspaceFileField
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.versions import usable_publications
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.core.days import site_today
from coalition.core.localized_text import LocalizedTextarea, LocalizedTextFormField, typed_field
from coalition.workspaces.permissions import Access
from documents.drafts.models import TextKind
from documents.files.consent import usable_files_for
from documents.publication.models import Publication
from events.core.forms.times import date_field


class AskForm(forms.Form):
    """What is demanded, and on which appeal's page everybody reads it."""

    words = LocalizedTextFormField(
        label=_("What is demanded"),
        help_text=_("One change of one clause, in plain words."),
        max_length=1000,
        widget=LocalizedTextarea,
    )
    clause = LocalizedTextFormField(
        label=_("Clause of the law"),
        help_text=_("For example: Criminal Code, art. 123, part 1."),
        max_length=200,
        required=False,
    )
    appeal = forms.TypedChoiceField(
        label=_("Appeal"),
        required=False,
        help_text=_("Everybody reads the ask and its steps beside this appeal, once it is open."),
    )
    publication = PublicTextField(
        label=_("Comparative table"),
        required=False,
        help_text=_("The published table that proposes the new wording."),
    )

    def __init__(self, *args: Any, access: Access, ask: Ask | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        rows = appeal_rows(list(appeals_for(access.user, access.workspace)))
        appeals: dict[str, Appeal] = {str(row.appeal.uuid): row.appeal for row in rows}
        field = typed_field(self.fields, "appeal", forms.TypedChoiceField)
        choices = [(str(row.appeal.uuid), row.title) for row in rows]
        field.choices = [("", _("None: it is not public")), *choices]
        field.coerce, field.empty_value = appeals.__getitem__, None
        tables = typed_field(self.fields, "publication", PublicTextField)
        tables.queryset = usable_publications(access, TextKind.COMPARATIVE_TABLE)
        if ask is not None and ask.publication_id is not None:  # also one that was corrected since
            tables.queryset = tables.queryset | Publication.objects.filter(pk=ask.publication_id)
        tables.empty_label = str(_("No table"))


def initial_of(ask: Ask) -> dict[str, Any]:
    """Return what the form of an ask begins with."""
    return {
        "words": ask.words,
        "clause": ask.clause,
        "appeal": str(ask.appeal.uuid) if ask.appeal is not None else "",
        "publication": ask.publication.uuid if ask.publication is not None else None,
    }


class NewAskForm(AskForm):
    """The same with the day on which it was proposed."""

    proposed_on = date_field(label=_("Proposed on"), initial=site_today)


class StepForm(forms.Form):
    """What became of an ask, and how it is known."""

    status = forms.TypedChoiceField(label=_("Status"), coerce=AskStatus)
    on = date_field(label=_("Since which day"), initial=site_today)
    evidence_url = forms.URLField(
        label=_("Web address of the evidence"), required=False, max_length=500, assume_scheme="https"
    )
    evidence_file = WorkspaceFileField(
        label=_("File of the evidence"),
        help_text=_(
            "A file of this workspace. Everybody reads a copy without metadata. Look first whether it shows "
            "names, addresses or phone numbers."
        ),
    )
    words = LocalizedTextFormField(
        label=_("In words"),
        help_text=_("For example: number of the draft law, who answered."),
        max_length=1000,
        required=False,
        widget=LocalizedTextarea,
    )

    def __init__(self, *args: Any, access: Access, statuses: Sequence[AskStatus], **given: Any) -> None:
        super().__init__(*args, **given)
        status = typed_field(self.fields, "status", forms.TypedChoiceField)
        status.choices = [("", "—"), *((one.value, one.label) for one in statuses)]
        self.fields["on"].widget.attrs["max"] = site_today().isoformat()
        file = typed_field(self.fields, "evidence_file", WorkspaceFileField)
        file.queryset = usable_files_for(access.user, access.workspace)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_evidence = cleaned.get("evidence_url") or cleaned.get("evidence_file")
        if not has_evidence and not {"evidence_url", "evidence_file"} & self.errors.keys():
            self.add_error("evidence_url", _("Give the web address of the evidence, or a file."))
        return cleaned
