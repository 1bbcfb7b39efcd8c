"""Views of a work's loan and condition reports."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.workspaces.access import member_required
from events.core.models import Event
from events.core.pages import event_context, jpeg_response
from events.exhibitions.works.enums import ConditionMoment
from events.exhibitions.works.loans.actions import end_loan, report_condition, set_loan
from events.exhibitions.works.loans.forms import ConditionForm, LoanForm, initial_condition, initial_loan
from events.exhibitions.works.loans.models import ConditionReport
from events.exhibitions.works.loans.pdf import (
    condition_moment_words,
    condition_pdf,
    lender_name,
    loan_agreement_pdf,
)
from events.exhibitions.works.models import Work
from events.exhibitions.works.presenters import loan_of, sum_words
from events.exhibitions.works.views import get_work_or_404


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loan(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Display and change the loan; list the condition reports."""
    access, found, row = get_work_or_404(request, event, work)
    viewer, kept = get_viewer(request), loan_of(row)
    sent = request.POST if request.method == "POST" else None
    form = LoanForm(sent, access=access, viewer=viewer, initial=initial_loan(kept))
    if form.is_bound and form.is_valid():
        try:
            set_loan(access=access, event=found, work=work, about=form.about)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:work_loan", found.uuid, work)
    context = event_context(access, found) | {
        "form": form,
        "work": row,
        "work_title": row.title_in(get_language() or ""),
        "loan": kept,
        "lender": lender_name(kept, viewer) if kept is not None else "",
        "value": sum_words(kept.value, kept.currency) if kept is not None else "",
        "reports": [(one, condition_moment_words(found, one)) for one in row.conditions.all()],
    }
    return form_page(request, "events/works/loan.html", context)


@member_required
@require_POST
def end_work_loan(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Delete the loan."""
    access, found, _row = get_work_or_404(request, event, work)
    with flash_result(request, _("The work is not noted as lent any more.")):
        end_loan(access=access, event=found, work=work)
    return redirect("events:work_loan", found.uuid, work)


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def condition(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Add a condition report, with photographs."""
    access, found, row = get_work_or_404(request, event, work)
    posted = request.method == "POST"
    moment = ConditionMoment.RETURN if row.conditions.all() else ConditionMoment.ARRIVAL
    form = ConditionForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=initial_condition(found, moment),
    )
    if form.is_bound and form.is_valid():
        try:
            report_condition(
                access=access, event=found, work=work, seen=form.seen(found), photos=form.sent_photos
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The report is kept."))
            return redirect("events:work_loan", found.uuid, work)
    context = event_context(access, found) | {
        "form": form,
        "work": row,
        "work_title": row.title_in(get_language() or ""),
        "max_bytes": settings.FILE_UPLOAD_MAX_BYTES,
    }
    return form_page(request, "events/works/condition.html", context)


@member_required
@never_cache
@require_safe
def photo(request: HttpRequest, event: UUID, work: UUID, photo: UUID) -> HttpResponse:
    """Return a photograph of a report."""
    _access, _found, row = get_work_or_404(request, event, work)
    shown = [one for report in row.conditions.all() for one in report.photos.all() if one.uuid == photo]
    if not shown:
        raise Http404
    return jpeg_response(str(shown[0].file.name))


@member_required
@never_cache
@require_safe
def agreement_pdf(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Return the loan agreement as PDF, in the reader's language."""
    _access, found, row = get_work_or_404(request, event, work)
    kept = loan_of(row)
    if kept is None:
        raise Http404
    language = get_language() or ""
    content = loan_agreement_pdf(
        event=found, work=row, loan=kept, viewer=get_viewer(request), language=language
    )
    return pdf_response(content, "loan-agreement.pdf")


@member_required
@never_cache
@require_safe
def report_pdf(request: HttpRequest, event: UUID, work: UUID, report: UUID) -> HttpResponse:
    """Return a condition report as PDF, in the reader's language."""
    _access, found, row = get_work_or_404(request, event, work)
    content = condition_pdf(
        event=found, work=row, report=_get_report_or_404(found, row, report), language=get_language() or ""
    )
    return pdf_response(content, "condition-report.pdf")


def _get_report_or_404(event: Event, work: Work, uuid: UUID) -> ConditionReport:
    found = next((one for one in work.conditions.all() if one.uuid == uuid), None)
    if found is None:
        raise Http404
    return found
