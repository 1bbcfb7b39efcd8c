"""Referral codes in a workspace: made, looked at, downloaded, ended, brought back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.referrals import files
from coalition.campaigns.referrals.actions import (
    end_referral_code,
    make_referral_code,
    make_referral_codes_for_all,
    resume_referral_code,
)
from coalition.campaigns.referrals.forms import CodeForm
from coalition.campaigns.referrals.models import ReferralCode
from coalition.campaigns.referrals.permissions import (
    may_make_codes,
    may_make_codes_for_all,
    may_see_all_codes,
    may_see_codes,
)
from coalition.campaigns.referrals.presenters import code_rows, messages_of
from coalition.campaigns.referrals.queries import codes_for, numbers_of, openings_by_day
from coalition.campaigns.referrals.targets import targets_in
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access, NotAllowed

CODES_ON_PAGE = 50
DAYS_SHOWN = 30
FILE_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    if not may_see_codes(access):
        raise NotAllowed(_("Referral codes are made by those who work in this workspace."))
    return access


def _page_context(access: Access, **more: object) -> dict[str, Any]:
    return {"access": access, "workspace": access.workspace, "tab": "campaign", **more}


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The codes of one's organisation, for coordinators those of all; make another one, or one for each."""
    access = _enter(request, workspace)
    targets = targets_in(access.workspace, get_language() or "")
    form = CodeForm(request.POST if request.method == "POST" else None, targets=targets)
    if form.is_bound and form.is_valid():
        try:
            return _made(request, access, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    page = Paginator(codes_for(access), CODES_ON_PAGE).get_page(request.GET.get("page"))
    context = _page_context(
        access,
        form=form,
        targets=targets,
        page=page,
        rows=code_rows(access, get_viewer(request), numbers_of(page)),
        may_make=may_make_codes(access) and bool(targets),
        may_make_for_all=may_make_codes_for_all(access),
        sees_all=may_see_all_codes(access),
    )
    return form_page(request, "campaigns/referrals/codes.html", context)


def _made(request: HttpRequest, access: Access, form: CodeForm) -> HttpResponse:
    if request.POST.get("for") == "all":
        count = make_referral_codes_for_all(access=access, **form.chosen)
        words = ngettext("%(count)d code is made.", "%(count)d codes are made.", count) % {"count": count}
        messages.success(request, words if count else _("Every organisation has this code already."))
        return redirect("campaigns:referral_codes", access.workspace.uuid)
    code = make_referral_code(access=access, **form.chosen)
    messages.success(request, _("The code is made."))
    return redirect("campaigns:referral_code", access.workspace.uuid, code.uuid)


def _to_code(request: HttpRequest, workspace: UUID, code: UUID) -> tuple[Access, ReferralCode]:
    access = _enter(request, workspace)
    return access, get_object_or_404(codes_for(access), uuid=code)


@member_required
@require_safe
def code(request: HttpRequest, workspace: UUID, code: UUID) -> HttpResponse:
    """One code: its address, pictures to print, messages to pass on, and its numbers by day."""
    access, found = _to_code(request, workspace, code)
    row = code_rows(access, get_viewer(request), numbers_of([found]))[0]
    days = openings_by_day(found, DAYS_SHOWN)
    context = _page_context(
        access,
        row=row,
        passing_on=messages_of(found),
        days=[(day, count) for day, count in days if count],
        downloads=[
            {"label": label, "url": reverse(f"campaigns:referral_code_{kind}", args=[workspace, code])}
            for kind, label in (
                ("pdf", _("Card to print (PDF, A6)")),
                ("png", _("QR code (PNG)")),
                ("svg", _("QR code (SVG)")),
            )
        ],
    )
    return form_page(request, "campaigns/referrals/code.html", context)


@member_required
@require_safe
def code_file(request: HttpRequest, workspace: UUID, code: UUID, kind: str) -> HttpResponse:
    """The code to print. `kind`: png, svg or pdf."""
    _access, found = _to_code(request, workspace, code)
    content = {
        "png": lambda: files.qr_png(found.code),
        "svg": lambda: files.qr_svg(found.code),
        "pdf": lambda: files.card_pdf(found),
    }[kind]()
    answer = HttpResponse(content, content_type=FILE_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="code-{found.code}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@member_required
@require_POST
def end(request: HttpRequest, workspace: UUID, code: UUID) -> HttpResponse:
    """Let the code credit nobody any more."""
    access, found = _to_code(request, workspace, code)
    words = _("The code has ended. What it is printed on leads on and credits nobody. You can bring it back.")
    with flash_result(request, words):
        end_referral_code(access=access, code=found)
    return redirect("campaigns:referral_code", workspace, code)  # where the button is that brings it back


@member_required
@require_POST
def resume(request: HttpRequest, workspace: UUID, code: UUID) -> HttpResponse:
    """Let an ended code credit its organisation again."""
    access, found = _to_code(request, workspace, code)
    with flash_result(request, _("The code credits its organisation again.")):
        resume_referral_code(access=access, code=found)
    return redirect("campaigns:referral_code", workspace, code)
