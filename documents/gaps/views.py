"""View for filling the gaps of a holding statement that was put to approval with them."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from documents.approval.models import RoundText
from documents.approval.permissions import to_round
from documents.checklist.check import NotAcknowledged
from documents.drafts.models import RoundState
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.presenters import draft_context
from documents.gaps.actions import fill_gaps
from documents.gaps.forms import FillGapsForm
from documents.gaps.values import InvalidGapValue, open_gaps_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def fill_gaps_page(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Fill every gap of every language in the round, at once."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators fill in gaps."))
    rows = RoundText.objects.filter(round=round_).select_related("version")
    ordered = sorted(rows, key=lambda row: Language.values.index(row.language))
    found = {row.language: open_gaps_of(row.version.document) for row in ordered}
    gaps = {language: gaps for language, gaps in found.items() if gaps}
    if not gaps or round_.state != RoundState.OPEN:
        raise Http404
    form = FillGapsForm(
        request.POST if request.method == "POST" else None,
        gaps=gaps,
        to_look_at="acknowledged" in request.POST,
    )
    if request.method == "POST" and form.is_valid():
        try:
            fill_gaps(
                access=access,
                round_=round_,
                values=form.values(),
                acknowledged=form.cleaned_data.get("acknowledged", False),
            )
        except InvalidGapValue as refusal:
            form.refuse(refusal)
        except NotAcknowledged as refusal:
            form = FillGapsForm(request.POST, gaps=gaps, to_look_at=True)
            form.add_error("acknowledged", refusal.message)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Filled in. What was approved stands; everyone asked has been told."))
            return redirect(round_)
    context = draft_context(access, round_.draft) | {"round": round_, "form": form}
    return form_page(request, "documents/approval/offline/fill.html", context)
