"""Tables at the desk: the list by day, one table with its link, and what volunteers read."""

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Organisation
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import newest_words_of
from coalition.campaigns.core.share_links import whatsapp_link
from coalition.campaigns.in_person.actions.guidance import write_guidance
from coalition.campaigns.in_person.actions.prepare import (
    ONLY_OWN,
    ONLY_PREPARING,
    PermissionFileRefused,
    cancel_table,
    change_table,
    prepare_table,
    renew_link,
)
from coalition.campaigns.in_person.counting.presenters import table_count_link
from coalition.campaigns.in_person.enums import TableState
from coalition.campaigns.in_person.forms import GuidanceForm, TableForm
from coalition.campaigns.in_person.links import table_address
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.permissions import (
    may_change_table,
    may_choose_organisation,
    may_prepare_tables,
    may_see_tables,
    may_write_guidance,
    require_that,
)
from coalition.campaigns.in_person.presenters import days_of, table_rows
from coalition.campaigns.in_person.queries import guidance_of, open_versions, tables_for
from coalition.campaigns.in_person.readiness import hides_permission_file, missing_for, missing_in
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.mail.qr_codes import draw_qr_code
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.files.actions import upload_file
from documents.files.queries import files_for

TABLES_ON_PAGE = 50


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_tables(access), _("Tables are for those who see drafts here."))
    return access


def _table_of(request: HttpRequest, table: UUID) -> tuple[Access, Table]:
    """Return the person's access and the table. Raises Http404 for everyone who does not see it."""
    found = get_object_or_404(tables_for(request.user).select_related("referral"), uuid=table)
    return _enter(request, found.workspace.uuid), found


def _context(access: Access, **more: object) -> dict[str, Any]:
    return {"access": access, "workspace": access.workspace, "tab": "campaign", **more}


@member_required
@require_safe
def tables(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The tables of a workspace by day, with their numbers and what is missing."""
    access = _enter(request, workspace)
    page = Paginator(tables_for(request.user, access.workspace), TABLES_ON_PAGE).get_page(
        request.GET.get("page")
    )
    guidance = guidance_of(access.workspace)
    rows = table_rows(
        page, get_viewer(request), guidance, may_change=False, may_write_guidance=may_write_guidance(access)
    )
    context = _context(
        access,
        page=page,
        days=days_of(rows),
        guidance=guidance,
        guidance_missing=[str(one.words) for one in missing_in(guidance)],
        may_prepare=may_prepare_tables(access),
        may_write_guidance=may_write_guidance(access),
    )
    return render(request, "campaigns/in_person/tables.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Prepare a table."""
    access = _enter(request, workspace)
    require_that(may_prepare_tables(access), ONLY_PREPARING)
    versions = open_versions(access.workspace)
    form = _form(request, access, versions)
    if request.method == "POST" and form.is_valid():
        form, made = _saved(request, access, versions, form)
        if made is not None:
            if missing_for(made, guidance_of(access.workspace)):
                words = _("The table is prepared. It cannot open before what is missing is added.")
                messages.warning(request, words)
            else:
                messages.success(request, _("The table is prepared. Pass its link on to the volunteers."))
            return redirect("campaigns:table", made.uuid)
    return form_page(
        request, "campaigns/in_person/new.html", _context(access, form=form, has_appeal=versions)
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, table: UUID) -> HttpResponse:
    """Change a table."""
    access, found = _table_of(request, table)
    require_that(may_change_table(access, found), ONLY_OWN)
    versions = open_versions(access.workspace)
    form = _form(request, access, versions, found)
    if request.method == "POST" and form.is_valid():
        form, made = _saved(request, access, versions, form, found)
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("campaigns:table", found.uuid)
    context = _context(access, form=form, table=found)
    return form_page(request, "campaigns/in_person/settings.html", context)


def _form(
    request: HttpRequest,
    access: Access,
    versions: list[AppealVersion],
    table: Table | None = None,
    data: Any = None,
) -> TableForm:
    return TableForm(
        data or (request.POST if request.method == "POST" else None),
        request.FILES or None,
        access=access,
        viewer=get_viewer(request),
        versions=versions,
        organisations=_organisations(access),
        table=table,
    )


def _organisations(access: Access) -> list[Organisation]:
    if not may_choose_organisation(access):
        return [access.organisation]
    return list(participants(access.workspace).exclude(pk__in=frozen_in(access.workspace)).order_by("pk"))


def _saved(
    request: HttpRequest,
    access: Access,
    versions: list[AppealVersion],
    form: TableForm,
    table: Table | None = None,
) -> tuple[TableForm, Table | None]:
    """Upload the permission, if there is one, and save the table. A form that is refused comes back with the
    uploaded file chosen: it is in the workspace already."""
    uploaded, upload = None, form.cleaned_data["permission_upload"]
    if upload is not None:
        try:
            uploaded = upload_file(access=access, content=upload, size=upload.size, name=upload.name)
        except Refused as refusal:
            form.add_error("permission_upload", refusal.message)
            return form, None
    try:
        plan = form.plan(uploaded)
        if table is None:
            return form, prepare_table(access=access, plan=plan)
        return form, change_table(access=access, table=table, plan=plan)
    except Refused as refusal:
        if uploaded is not None:
            data = request.POST.copy()
            data["permission_file"] = str(uploaded.uuid)
            form = _form(request, access, versions, table, data)
            form.full_clean()
        field = "permission_file" if isinstance(refusal, PermissionFileRefused) else None
        form.add_error(field, refusal.message)
    return form, None


@member_required
@never_cache
@require_safe
def table(request: HttpRequest, table: UUID) -> HttpResponse:
    """One table: its numbers, its permission, and, for who may change it, the link for volunteers."""
    access, found = _table_of(request, table)
    may_change = may_change_table(access, found)
    row = table_rows(
        [found],
        get_viewer(request),
        guidance_of(access.workspace),
        may_change=may_change,
        may_write_guidance=may_write_guidance(access),
    )[0]
    context = _context(
        access,
        row=row,
        count_link=table_count_link(found, access, get_viewer(request)),
        table=found,
        title=_title_of(found),
        may_change=may_change,
        is_changeable=row.state in {TableState.PREPARED, TableState.OPEN, TableState.MISSED},
        hides_file=hides_permission_file(found),
        permission_url=_permission_url(request, found),
        may_cancel=may_change and row.state in {TableState.PREPARED, TableState.MISSED},
        **(_link(found) if may_change and _has_link(row.state) else {}),
    )
    return render(request, "campaigns/in_person/table.html", context)


def _permission_url(request: HttpRequest, found: Table) -> str:
    """Return the page of the permission's file, if the person may read it; else ""."""
    if found.permission_file is None:
        return ""
    file = files_for(request.user).filter(pk=found.permission_file.pk).first()
    return file.get_absolute_url() if file is not None else ""


def _has_link(state: TableState) -> bool:
    return state in {TableState.PREPARED, TableState.OPEN, TableState.CLOSED}


def _link(found: Table) -> dict[str, str]:
    address = table_address(found)
    picture = base64.b64encode(draw_qr_code(address)).decode()
    day = f"{found.day:%d.%m.%Y}"
    words = _("Table on %(day)s, %(place)s. Open this on your phone at the table:") % {
        "day": day,
        "place": found.place,
    }
    message = f"{words}\n{address}"
    return {
        "address": address,
        "picture": f"data:image/png;base64,{picture}",
        "message": message,
        "whatsapp": whatsapp_link(message),
    }


def _title_of(found: Table) -> str:
    """The title of the appeal if its words are public now, else its address."""
    version = newest_words_of(found.appeal.uuid)
    return version.publication.title if version is not None else found.appeal.slug


@member_required
@require_POST
def cancel(request: HttpRequest, table: UUID) -> HttpResponse:
    """Cancel a table."""
    access, found = _table_of(request, table)
    with flash_result(request, _("The table is cancelled. Its link opens no more.")):
        cancel_table(access=access, table=found)
    return redirect("campaigns:table", found.uuid)


@member_required
@require_POST
def renew(request: HttpRequest, table: UUID) -> HttpResponse:
    """Give a table another link."""
    access, found = _table_of(request, table)
    words = _("The table has another link. The earlier one opens no more; what was counted by it stays.")
    with flash_result(request, words):
        renew_link(access=access, table=found)
    return redirect("campaigns:table", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def guidance(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What volunteers at every table of the workspace read."""
    access = _enter(request, workspace)
    require_that(may_write_guidance(access), _("Coordinators write what volunteers read."))
    row = guidance_of(access.workspace)
    form = GuidanceForm(request.POST if request.method == "POST" else None, guidance=row)
    if form.is_bound and form.is_valid():
        try:
            write_guidance(access=access, content=form.content())
        except Refused as refusal:
            form.add_error("noted_on", refusal.message)
        else:
            messages.success(request, _("Saved. Tables that are open show it at once."))
            return redirect("campaigns:tables", workspace)
    context = _context(access, form=form, missing=[str(one.words) for one in missing_in(row)])
    return form_page(request, "campaigns/in_person/guidance.html", context)
