"""Forms for putting a question to organisations and for answering it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Organisation, OrganisationKind
from coalition.accounts.naming import Viewer
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.drafts.forms import DeadlineField, OrganisationsField
from documents.resolutions.actions import FULL_PERCENT
from documents.resolutions.models import AnswerKind, QuestionRule, QuorumKind
from documents.resolutions.outcome import answers_needed

DEFAULT_SHARE_PERCENT = 50


class QuestionForm(forms.Form):
    """The question, the organisations asked, the rule, the deadline."""

    title = forms.CharField(label=_("Question in short"), max_length=160)
    words = forms.CharField(
        label=_("What is to be decided"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Everyone reads exactly this. It cannot be changed once it is put."),
    )
    organisations = OrganisationsField(queryset=Organisation.objects.none(), label=_("Who is asked"))
    rule = forms.ChoiceField(
        label=_("When it is adopted"), choices=QuestionRule.choices, widget=forms.RadioSelect
    )
    quorum = forms.IntegerField(
        label=_("Quorum: how many must answer"), min_value=1, max_value=1000, initial=DEFAULT_SHARE_PERCENT
    )
    quorum_kind = forms.ChoiceField(
        label=_("The quorum counts"),
        choices=QuorumKind.choices,
        initial=QuorumKind.SHARE,
        help_text=_("Abstaining is an answer. Silence is none, whatever the rule."),
    )
    deadline = DeadlineField(help_text=_("Almaty time (UTC+5). The outcome is fixed at this moment."))

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].initial = QuestionRule.CONSENT
        rows = participants(access.workspace).exclude(kind=OrganisationKind.MEDIA_PARTNER)
        rows = rows.exclude(pk__in=frozen_in(access.workspace))
        field = typed_field(self.fields, "organisations", OrganisationsField)
        field.viewer, field.queryset, field.initial = viewer, rows, rows

    def clean(self) -> dict[str, Any]:
        """Reject, at the quorum field, a quorum that can never be reached."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind, quorum = cleaned.get("quorum_kind"), cleaned.get("quorum")
        if kind == QuorumKind.SHARE and quorum and quorum > FULL_PERCENT:
            self.add_error("quorum", ValidationError(_("A share is at most 100 per cent.")))
        elif kind and quorum and "organisations" in cleaned:
            asked = len(cleaned["organisations"])
            if answers_needed(asked, kind, quorum) > asked:
                self.add_error("quorum", ValidationError(_("So many organisations are not asked.")))
        return cleaned


class QuestionAnswerForm(forms.Form):
    """The answer of one organisation."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("answer to a question", "Answer"),
        choices=AnswerKind.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Needed for a reservation and an objection. Everyone who may read the question sees it."),
    )
