"""Requests for screenings at the desk: the list, one request with its answer."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.campaigns.screenings.actions import (
    ONLY_PLANNERS,
    accept_request,
    decline_request,
    finish_request,
)
from coalition.campaigns.screenings.enums import ScreeningState
from coalition.campaigns.screenings.films import film_in, is_on_site, may_be_screened
from coalition.campaigns.screenings.flow import viewing_link_for
from coalition.campaigns.screenings.forms import AnswerForm, answer_of
from coalition.campaigns.screenings.models import ScreeningRequest
from coalition.campaigns.screenings.permissions import may_answer_requests, may_see_requests
from coalition.campaigns.screenings.presenters import request_rows
from coalition.campaigns.screenings.queries import requests_for
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import document_action
from documents.drafts.permissions import require_that

ON_PAGE = 50


def _context(access: Access, **more: Any) -> dict[str, Any]:
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "may_answer": may_answer_requests(access),
        **more,
    }


def _load(request: HttpRequest, screening: UUID) -> tuple[Access, ScreeningRequest]:
    row = get_object_or_404(requests_for(request.user), uuid=screening)
    access = get_access(request, row.workspace.uuid)
    require_that(may_see_requests(access), ONLY_PLANNERS)
    return access, row


@member_required
@require_safe
def screenings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Requests of the workspace, those that wait first."""
    access = get_access(request, workspace)
    require_that(may_see_requests(access), ONLY_PLANNERS)
    page = Paginator(requests_for(access.user, access.workspace), ON_PAGE).get_page(request.GET.get("page"))
    context = _context(access, page=page, rows=request_rows(page))
    return render(request, "campaigns/screenings/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def screening(request: HttpRequest, screening: UUID) -> HttpResponse:
    """One request; a POST answers it."""
    access, row = _load(request, screening)
    posted = request.method == "POST"
    film = film_in(row.film, row.language)
    is_allowed = film is not None and may_be_screened(film, row.language)
    form = AnswerForm(
        request.POST if posted else None, initial=answer_of(row) if is_allowed else {}, is_allowed=is_allowed
    )
    if posted and form.is_valid():
        try:
            _answer(access, row, request.POST.get("act", ""), form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            with flash_result(request, _("Answered. A mail says so.")):
                return redirect("campaigns:screening", row.uuid)
    context = _context(
        access,
        **request_rows([row])[0],
        form=form,
        film_url=film.url if film is not None and is_on_site(film) else "",
        viewing_link=viewing_link_for(row),
        is_allowed=is_allowed,
        may_have_been=row.state == ScreeningState.ACCEPTED and row.on <= localdate(now()),
        is_answerable=row.state in {ScreeningState.ASKED, ScreeningState.ACCEPTED, ScreeningState.DECLINED},
    )
    return form_page(request, "campaigns/screenings/request.html", context)


def _answer(access: Access, row: ScreeningRequest, act: str, form: AnswerForm) -> None:
    if act == "accept":
        accept_request(access=access, request=row, **form.cleaned_data)
    elif act == "decline":
        decline_request(access=access, request=row, answer=form.cleaned_data["answer"])
    else:
        raise Refused(_("Choose whether you agree or decline."))


@document_action(_load, back="campaigns:screening", success=gettext_lazy("Noted: the screening took place."))
def finish(request: HttpRequest, access: Access, row: ScreeningRequest) -> None:
    """Note that the screening took place."""
    finish_request(access=access, request=row)
