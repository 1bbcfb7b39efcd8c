"""Deciding anew, by one press, on what was carried over from approved words."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.http.responses import telling
from coalition.workspaces import access
from documents.approval.actions.inherit import reopen_carried
from documents.approval.views.decide import to_asked


@access.members_only
@require_POST
def reopen(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """One press: what was approved elsewhere does not count for these words."""
    asked, _others = to_asked(request, round_uuid, organisation)
    with telling(request, _("Open again: read the words and decide.")):
        reopen_carried(round_=asked.round, organisation=asked.organisation, person=access.person(request))
    return redirect("documents:decide_for", round_uuid, organisation)
