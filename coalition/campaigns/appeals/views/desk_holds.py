"""What was held, and the votes of two people of two organisations."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.actions.holds import decide_hold
from coalition.campaigns.appeals.desk_presenters import address_patterns, hold_rows
from coalition.campaigns.appeals.desk_queries import holds_of
from coalition.campaigns.appeals.enums import HoldState
from coalition.campaigns.appeals.permissions import may_decide_holds
from coalition.campaigns.appeals.views.desk_access import appeal_of, desk_context
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required


@member_required
@require_safe
def holds(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """All holds of an appeal with their history."""
    access, found = appeal_of(request, appeal)
    rows = hold_rows(holds_of(found), access, get_viewer(request))
    may_decide = may_decide_holds(access)
    context = desk_context(
        access,
        found,
        tab="holds",
        waiting=[one for one in rows if one.hold.state == HoldState.WAITING],
        decided=[one for one in rows if one.hold.state != HoldState.WAITING],
        may_decide=may_decide and found.personal_data_ended_at is None,
    )
    return render(request, "campaigns/appeals/desk/holds.html", context)


@member_required
@require_safe
def hold(request: HttpRequest, appeal: UUID, hold: UUID) -> HttpResponse:
    """One hold with the shapes of its addresses, for those who decide."""
    access, found = appeal_of(request, appeal)
    row = get_object_or_404(holds_of(found), uuid=hold)
    may_decide = may_decide_holds(access)
    context = desk_context(
        access,
        found,
        tab="holds",
        row=hold_rows([row], access, get_viewer(request))[0],
        patterns=address_patterns(row) if may_decide else [],
        may_decide=may_decide and found.personal_data_ended_at is None,
    )
    return render(request, "campaigns/appeals/desk/hold.html", context)


@member_required
@require_POST
def decide(request: HttpRequest, appeal: UUID, hold: UUID) -> HttpResponse:
    """Vote: `releases` is "yes" to count the rows, "no" to set them aside; `rows`: how many were shown."""
    access, found = appeal_of(request, appeal)
    row = get_object_or_404(holds_of(found), uuid=hold)
    vote, shown = request.POST.get("releases"), request.POST.get("rows", "")
    if vote in {"yes", "no"}:
        with flash_result(request):
            decided = decide_hold(
                access=access,
                hold=row,
                releases=vote == "yes",
                shown=int(shown) if shown.isdecimal() and len(shown) < 10 else 0,
            )
            _flash(request, decided.state, was=row.state)
    return redirect("campaigns:appeal_hold", found.uuid, row.uuid)


def _flash(request: HttpRequest, state: str, *, was: str) -> None:
    words = {
        HoldState.RELEASED: _("Two organisations agree: these rows are counted now."),
        HoldState.SET_ASIDE: _("Two organisations agree: these rows are set aside."),
    }
    waits = _("Your vote is noted. A person of another organisation must agree.")
    with flash_result(request, waits if state == was else words[HoldState(state)]):
        pass
