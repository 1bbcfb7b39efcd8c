"""The page "Campaign" of a workspace."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.campaigns.core.sections import section_cards
from coalition.roles import Right
from coalition.workspaces.access import get_access, member_required
from documents.drafts.permissions import require_that


@member_required
@require_safe
def campaign(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Show what the campaign of the workspace consists of, and where each part stands."""
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("The campaign is for those who see drafts here."))
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "sections": section_cards(access),
    }
    return render(request, "campaigns/workspace.html", context)
