"""Slips of the pen in the browser: proposing, confirming, reopening."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.http.responses import telling
from coalition.workspaces import access as door
from documents.approval.actions.typo_fixes import confirm_slip, propose_slip, reopen
from documents.approval.models.rounds import Asked
from documents.approval.models.typo_fix import Slip
from documents.approval.views.decide import to_asked
from documents.drafts.access import to_round
from documents.drafts.permissions import may_put_to_approval, require_that


@door.members_only
@require_POST
def propose(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """A coordinator says that nothing but a slip of the pen was mended."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_put_to_approval(access, round_.draft))
    with telling(request, _("Proposed. It counts when two other organisations have confirmed it.")):
        propose_slip(access=access, round_=round_, language=language)
    return redirect(round_)


@door.members_only
@require_POST
@reauthentication_required
def confirm(request: HttpRequest, round_uuid: UUID, organisation: UUID, slip: UUID) -> HttpResponse:
    """A representative of another organisation confirms it."""
    asked, found = _to_slip(request, round_uuid, organisation, slip)
    with telling(request, _("Recorded: your organisation takes it for a slip of the pen.")):
        confirm_slip(slip=found, organisation=asked.organisation, person=door.person(request))
    return redirect("documents:decide_for", round_uuid, organisation)


@door.members_only
@require_POST
def reopen_decision(request: HttpRequest, round_uuid: UUID, organisation: UUID, slip: UUID) -> HttpResponse:
    """One press: what was decided on the words before does not count for these."""
    asked, found = _to_slip(request, round_uuid, organisation, slip)
    with telling(request, _("Open again: read the words and decide.")):
        reopen(slip=found, organisation=asked.organisation, person=door.person(request))
    return redirect("documents:decide_for", round_uuid, organisation)


def _to_slip(request: HttpRequest, round_uuid: UUID, organisation: UUID, slip: UUID) -> tuple[Asked, Slip]:
    asked, _others = to_asked(request, round_uuid, organisation)
    rows = Slip.objects.filter(round=asked.round).select_related("round__draft__workspace")
    return asked, get_object_or_404(rows, uuid=slip)
