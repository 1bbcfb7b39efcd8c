"""Whether the line is staffed: asked of the members of its organisation, and on its operators' phones."""

import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.applicants.views import private_response
from coalition.campaigns.helplines.operators.queries import operator_link_of_token
from coalition.campaigns.helplines.uses.actions import answer_staffing, answer_staffing_by_link
from coalition.campaigns.helplines.uses.enums import Staffed
from coalition.campaigns.helplines.uses.forms import StaffingForm, initial_of_answer
from coalition.campaigns.helplines.uses.models import HelplineUse
from coalition.campaigns.helplines.uses.presenters import use_row
from coalition.campaigns.helplines.uses.queries import uses_asked_of, uses_seen_by_operators
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.notify import mark_subjects_read

MOST_ANSWERS_AN_HOUR: Final = 60  # by links, from one network


@member_required
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Show about what the person's organisations are asked: what waits first, then what was answered."""
    viewer, moment = get_viewer(request), now()
    uses = list(uses_asked_of(get_person(request)).with_lines())
    context = {
        "waiting": [use_row(use, viewer) for use in uses if not _is_answered(use, moment)],
        "answered": [use_row(use, viewer) for use in uses if _is_answered(use, moment)],
    }
    return render(request, "campaigns/helplines/uses/questions.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, use: UUID) -> HttpResponse:
    """Answer for the line's organisation, or change the answer. Others find nothing here."""
    person = get_person(request)
    row = get_object_or_404(uses_asked_of(person).with_lines(), uuid=use)
    mark_subjects_read(request, row.uuid)
    form = StaffingForm(request.POST if request.method == "POST" else None, initial=initial_of_answer(row))
    if form.is_bound and form.is_valid():
        given = Staffed(form.cleaned_data["answer"])
        try:
            answer_staffing(person=person, use=row, answer=given, until=form.until)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Thank you. Those who planned it read your answer."))
            return redirect("campaigns:staffing_questions")
    context = {"form": form, "row": use_row(row, get_viewer(request))}
    return form_page(request, "campaigns/helplines/uses/staffing.html", context)


@require_POST
def answer_by_link(request: HttpRequest, token: str, use: UUID) -> HttpResponse:
    """Answer from the operators' phone, by the buttons of its page, and lead back to it. Raises Http404 for a
    link that opens no more, and for what its page does not show."""
    link = operator_link_of_token(token)
    if link is None:
        raise Http404
    moment = now()
    shown = uses_seen_by_operators(link.helpline, timezone.localdate(moment), moment)
    row = get_object_or_404(shown, uuid=use)
    with flash_result(request, _("Thank you. Those who planned it read your answer.")):
        if is_rate_limited(request, "staffing", MOST_ANSWERS_AN_HOUR):
            raise TooManyRequests
        given = request.POST.get("answer", "")
        if given not in Staffed.values:
            raise Refused(_("Choose yes or no."))
        answer_staffing_by_link(link=link, use=row, answer=Staffed(given))
    return private_response(redirect("operator", token))


def _is_answered(use: HelplineUse, moment: datetime.datetime) -> bool:
    given = use.staffing
    return given is not None and (given.answer == Staffed.NO or use.is_confirmed(moment))
