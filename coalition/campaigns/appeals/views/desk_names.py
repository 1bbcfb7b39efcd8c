"""Names that are shown in public, at the desk: looked through, and no longer shown."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.campaigns.appeals.actions.names import hide_name, show_name_again
from coalition.campaigns.appeals.desk_queries import names_of_appeal
from coalition.campaigns.appeals.permissions import may_lead_appeals, require_that
from coalition.campaigns.appeals.views.desk_access import appeal_of, desk_context
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required

NAMES_ON_A_PAGE = 100


@member_required
@require_safe
def names(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Everybody who ticked that their name is shown, hidden names first."""
    access, found = appeal_of(request, appeal)
    require_that(may_lead_appeals(access), _("Coordinators decide which names are shown."))
    page = Paginator(names_of_appeal(found), NAMES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = desk_context(access, found, tab="names", page=page)
    return render(request, "campaigns/appeals/desk/names.html", context)


@member_required
@require_POST
def show_or_hide(request: HttpRequest, appeal: UUID, support: UUID) -> HttpResponse:
    """Stop showing a name, or show it again (`act` is "show")."""
    access, found = appeal_of(request, appeal)
    if request.POST.get("act") == "show":
        with flash_result(request, _("The name is shown again.")):
            show_name_again(access=access, appeal=found, support=support)
    else:
        with flash_result(request, _("The name is not shown any more. The support counts as before.")):
            hide_name(access=access, appeal=found, support=support)
    return redirect("campaigns:appeal_names", found.uuid)
