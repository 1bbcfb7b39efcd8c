"""Hand-overs at the desk: made, taken out, delivered, answered, published."""

from collections.abc import Callable
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.campaigns.appeals.actions import hand_over as actions
from coalition.campaigns.appeals.desk_queries import hand_overs_of
from coalition.campaigns.appeals.forms.desk import AnswerForm, DeliveryForm, HandOverForm, ReceiptForm
from coalition.campaigns.appeals.hand_over_files import region_name
from coalition.campaigns.appeals.hand_over_names import names_went
from coalition.campaigns.appeals.models import Appeal, HandOver
from coalition.campaigns.appeals.permissions import may_lead_appeals, require_that
from coalition.campaigns.appeals.views.desk_access import appeal_of, desk_context
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access

FILES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_overs(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """What was handed over, and making new files."""
    access, found = appeal_of(request, appeal)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with flash_result(request, _("The files are made. Look at them, then hand them over.")):
            made = actions.make_hand_over(access=access, appeal=found, **form.cleaned_data)
            return redirect("campaigns:appeal_hand_over", found.uuid, made.uuid)
    context = desk_context(access, found, tab="hand_overs", form=form, rows=list(hand_overs_of(found)))
    return form_page(request, "campaigns/appeals/desk/hand_overs.html", context)


@member_required
@require_safe
def hand_over(request: HttpRequest, appeal: UUID, hand_over: UUID) -> HttpResponse:
    """One hand-over, and what comes next."""
    access, found, row = _row(request, appeal, hand_over)
    return _page(request, access, found, row)


def _row(request: HttpRequest, appeal: UUID, hand_over: UUID) -> tuple[Access, Appeal, HandOver]:
    access, found = appeal_of(request, appeal)
    return access, found, get_object_or_404(hand_overs_of(found), uuid=hand_over)


def _page(
    request: HttpRequest, access: Access, found: Appeal, row: HandOver, form: forms.Form | None = None
) -> HttpResponse:
    """The page; `form`: one that was not taken, in place of an empty one of its kind."""
    empty = [
        DeliveryForm(hand_over=row),
        ReceiptForm(access=access, hand_over=row),
        AnswerForm(access=access, hand_over=row),
    ]
    delivery, receipt, answer = (form if type(form) is type(one) else one for one in empty)
    context = desk_context(
        access,
        found,
        tab="hand_overs",
        row=row,
        regions=[(region_name(code), count) for code, count in row.regions],
        has_name_that_went=row.files_deleted_at is None and names_went(row),
        delivery=delivery,
        receipt=receipt,
        answer=answer,
        form=form,
    )
    return form_page(request, "campaigns/appeals/desk/hand_over.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def file(request: HttpRequest, appeal: UUID, hand_over: UUID, kind: str) -> HttpResponse:
    """The PDF or the CSV, which hold names, by POST. By GET it only leads back."""
    access, found, row = _row(request, appeal, hand_over)
    if request.method == "POST" and kind in FILES:
        with flash_result(request):
            content = actions.take_out_file(access=access, hand_over=row, kind=kind)
            answer = HttpResponse(content, content_type=FILES[kind])
            answer["Content-Disposition"] = (
                f'attachment; filename="{found.slug}-{row.made_at:%Y-%m-%d}.{kind}"'
            )
            answer["Cache-Control"] = "no-store, private"
            answer["X-Content-Type-Options"] = "nosniff"
            return answer
    return redirect("campaigns:appeal_hand_over", found.uuid, row.uuid)


def _recorder(
    form_of: Callable[[HttpRequest, Access, HandOver], forms.Form],
    act: Callable[..., HandOver],
    done: Callable[[], str],
) -> Callable[..., HttpResponseBase]:
    """Return a view that records something about a hand-over from a form of its page."""

    @member_required
    @require_POST
    def record(request: HttpRequest, appeal: UUID, hand_over: UUID) -> HttpResponse:
        access, found, row = _row(request, appeal, hand_over)
        require_that(may_lead_appeals(access), _("Coordinators hand over."))
        form = form_of(request, access, row)
        if form.is_valid():
            try:
                act(access=access, hand_over=row, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
        if form.errors:
            return _page(request, access, found, row, form)
        with flash_result(request, done()):
            return redirect("campaigns:appeal_hand_over", found.uuid, row.uuid)

    return record


delivered = _recorder(
    lambda request, _access, row: DeliveryForm(request.POST, hand_over=row),
    actions.record_delivery,
    lambda: _("Noted. Personal data of supporters end six months after this day at the latest."),
)
receipt = _recorder(
    lambda request, access, row: ReceiptForm(request.POST, access=access, hand_over=row),
    actions.record_receipt,
    lambda: _("The receipt is noted."),
)
answer = _recorder(
    lambda request, access, row: AnswerForm(request.POST, access=access, hand_over=row),
    actions.record_answer,
    lambda: _("The answer is noted."),
)


@member_required
@require_POST
@reauthentication_required
def publish(request: HttpRequest, appeal: UUID, hand_over: UUID) -> HttpResponse:
    """Show it on the appeal's page, or take it off (`act` is "end")."""
    access, found, row = _row(request, appeal, hand_over)
    if request.POST.get("act") == "end":
        with flash_result(request, _("It is off the public page.")):
            actions.unpublish_hand_over(access=access, hand_over=row)
    else:
        with flash_result(request, _("It stands on the public page now.")):
            actions.publish_hand_over(access=access, hand_over=row)
    return redirect("campaigns:appeal_hand_over", found.uuid, row.uuid)
