"""The dates of a draft: comments, final text, joining; and the line on which they are shown."""

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.jobs.moments import with_place
from coalition.workspaces import access as door
from documents.approval.actions.phases import set_phases
from documents.approval.forms.rounds import DeadlineField
from documents.approval.models.rounds import ApprovalRound
from documents.approval.queries.rounds import open_round_of
from documents.drafts.access import to_draft
from documents.drafts.models import Draft
from documents.drafts.permissions import may_put_to_approval, require_that


class PhasesForm(forms.Form):
    """Three moments, each of which may be left open."""

    comments_until = DeadlineField(required=False)
    final_from = DeadlineField(required=False)
    joining_until = DeadlineField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "comments_until": gettext_lazy("Comments until"),
            "final_from": gettext_lazy("Final text from"),
            "joining_until": gettext_lazy("Joining until"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["final_from"].help_text = gettext_lazy(
            "From then on only coordinators change its words. Open editors close at that moment."
        )


def timeline(draft: Draft, round_: ApprovalRound | None = None) -> list[dict[str, str]]:
    """Steps of components/timeline.html; none where no date is said."""
    joining = round_.deadline if round_ is not None else draft.joining_until
    moments = [
        (_("Comments"), _("until %(when)s"), draft.comments_until),
        (_("Final text"), _("from %(when)s"), draft.final_from),
        (_("Joining"), _("until %(when)s"), joining),
    ]
    if draft.comments_until is None and draft.final_from is None:
        return []  # a deadline alone is said beside it already
    said = [(title, note, at) for title, note, at in moments if at is not None]
    passed = [at <= now() for _title, _note, at in said]
    now_at = next((index for index, over in enumerate(passed) if not over), len(said))
    return [
        {
            "title": title,
            "note": note % {"when": with_place(at)},
            "state": "done" if index < now_at else "now" if index == now_at else "",
            "url": round_.get_absolute_url() if round_ is not None and at == joining else "",
        }
        for index, (title, note, at) in enumerate(said)
    ]


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def phases(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The dates, for coordinators to say."""
    access, found = to_draft(request, draft)
    require_that(may_put_to_approval(access, found), _("Coordinators say the dates of a text."))
    names = ("comments_until", "final_from", "joining_until")
    initial: dict[str, datetime.datetime | None] = {name: getattr(found, name) for name in names}
    form = PhasesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_phases(access=access, draft=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Everyone who works on the text sees the dates."))
            return redirect(reverse("documents:draft", args=[found.uuid]))
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "form": form,
        "steps": timeline(found, open_round_of(found)),
    }
    return form_page(request, "documents/approvals/phases.html", context)
