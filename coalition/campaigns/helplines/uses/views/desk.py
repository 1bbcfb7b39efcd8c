"""Uses of numbers in a workspace: the list, one of them with ready words, adding and changing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.helplines.uses import actions
from coalition.campaigns.helplines.uses.forms import HelplineUseForm
from coalition.campaigns.helplines.uses.models import HelplineUse, published_entry
from coalition.campaigns.helplines.uses.permissions import may_plan_uses, may_read_uses
from coalition.campaigns.helplines.uses.presenters import line_choices, line_name, use_row, words_to_copy
from coalition.campaigns.helplines.uses.queries import lines_to_use, uses_in
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

MOST_OVER = 50  # of those that are over, the newest


@member_required
@require_safe
def uses(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Show what carries numbers of the register: what is to be looked at first, then by time."""
    access, viewer = _enter(request, workspace), get_viewer(request)
    rows = [use_row(use, viewer) for use in uses_in(access).with_lines()]
    current = [row for row in rows if not row.is_over]
    context = _context(
        access,
        flagged=[row for row in current if row.flags],
        rows=[row for row in current if not row.flags],
        over=[row for row in reversed(rows) if row.is_over][:MOST_OVER],
        may_plan=may_plan_uses(access),
    )
    return render(request, "campaigns/helplines/uses/list.html", context)


@member_required
@require_safe
def use_page(request: HttpRequest, workspace: UUID, use: UUID) -> HttpResponse:
    """Show one use: its flags, the line's answer, and ready words in every language."""
    access, row = _to(request, workspace, use)
    mark_subjects_read(request, row.uuid)
    context = _context(
        access,
        row=use_row(row, get_viewer(request)),
        ready=words_to_copy(row),
        may_plan=may_plan_uses(access),
    )
    return render(request, "campaigns/helplines/uses/use.html", context)


@member_required
@require_safe
def choose_line(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Choose the line whose number is used."""
    access = _enter_to_plan(request, workspace)
    choices = line_choices(lines_to_use(), get_viewer(request))
    context = _context(
        access,
        choices=[one for one in choices if not one.why_not],
        not_offered=[one for one in choices if one.why_not],
    )
    return render(request, "campaigns/helplines/uses/choose.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID, helpline: UUID) -> HttpResponse:
    """Plan a use of a line that was chosen."""
    access = _enter_to_plan(request, workspace)
    line = get_object_or_404(lines_to_use(), uuid=helpline)
    entry = published_entry(line)
    form = HelplineUseForm(request.POST if request.method == "POST" else None, entry=entry)
    if form.is_bound and form.is_valid():
        try:
            row = actions.add_use(access=access, helpline=line, plan=form.plan)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _added(row))
            return redirect("campaigns:helpline_use", access.workspace.uuid, row.uuid)
    return _form(request, access, form, line=line_name(entry))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, workspace: UUID, use: UUID) -> HttpResponse:
    """Change a use."""
    access, row = _to(request, workspace, use)
    _may_plan(access)
    form = HelplineUseForm(request.POST if request.method == "POST" else None, entry=row.entry, use=row)
    if form.is_bound and form.is_valid():
        try:
            actions.change_use(access=access, use=row, plan=form.plan)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:helpline_use", access.workspace.uuid, row.uuid)
    return _form(request, access, form, line=line_name(row.entry), use=row)


@member_required
@require_POST
def end(request: HttpRequest, workspace: UUID, use: UUID) -> HttpResponse:
    """Take it out of use."""
    access, row = _to(request, workspace, use)
    with flash_result(request, _("It is out of use. You can bring it back.")):
        actions.end_use(access=access, use=row)
    return redirect("campaigns:helpline_use", access.workspace.uuid, row.uuid)


@member_required
@require_POST
def bring_back(request: HttpRequest, workspace: UUID, use: UUID) -> HttpResponse:
    """Undo that."""
    access, row = _to(request, workspace, use)
    with flash_result(request, _("It is in use again.")):
        actions.bring_back_use(access=access, use=row)
    return redirect("campaigns:helpline_use", access.workspace.uuid, row.uuid)


def _added(use: HelplineUse) -> str:
    if use.asked_at is None:
        return _("Written down.")
    return _("Written down. The line's organisation is asked whether it is staffed then.")


def _form(request: HttpRequest, access: Access, form: HelplineUseForm, **more: Any) -> HttpResponse:
    return form_page(request, "campaigns/helplines/uses/edit.html", _context(access, form=form, **more))


def _context(access: Access, **more: Any) -> dict[str, Any]:
    return {"access": access, "workspace": access.workspace, "tab": "campaign", **more}


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_read_uses(access), _("Where numbers are used is for those who see drafts here."))
    return access


def _enter_to_plan(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    _may_plan(access)
    return access


def _may_plan(access: Access) -> None:
    require_that(may_plan_uses(access), _("Editors and coordinators plan where numbers are used."))


def _to(request: HttpRequest, workspace: UUID, use: UUID) -> tuple[Access, HelplineUse]:
    access = _enter(request, workspace)
    return access, get_object_or_404(uses_in(access).with_lines(), uuid=use)
