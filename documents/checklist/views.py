"""The checklist page of a draft."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalition.workspaces.access import member_required
from documents.checklist.check import check_draft, checklist_context
from documents.drafts.access import to_draft
from documents.drafts.permissions import may_submit_for_approval
from documents.drafts.presenters import draft_context


@member_required
@require_safe
def draft_checklist(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Display the findings in every language, to anyone who may read the draft."""
    access, found = to_draft(request, draft)
    context = draft_context(access, found) | {
        "may_put": may_submit_for_approval(access, found),
        **checklist_context(check_draft(found, request.user).findings),
    }
    return render(request, "documents/checklist/draft.html", context)
