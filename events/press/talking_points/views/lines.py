"""The message guide: searched, read on a phone during a call, printed, written."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page, pdf_response, telling
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from events.press.access import at_desk, desk
from events.press.permissions import may_keep_contacts, may_tend_line, require_that
from events.press.talking_points.actions import lines
from events.press.talking_points.forms import LineForm, WantedForm, initial_line
from events.press.talking_points.models import GuideLine
from events.press.talking_points.pdf import to_say_pdf
from events.press.talking_points.presenters import parts_of, strictest
from events.press.talking_points.queries import found_lines, guide_lines, removed_lines

TAB = "press_guide"


@door.members_only
@require_safe
def guide(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """All that the reader may read, by kind."""
    access = _enter(request, workspace)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    rows = found_lines(access, wanted)
    context = desk(
        access,
        TAB,
        form=form,
        wanted=wanted,
        read_in=form.read_in,
        parts=parts_of(rows, form.read_in, door.viewer(request), access),
        count=len(rows),
        query=request.GET.urlencode(),
        may_write=may_keep_contacts(access),
    )
    return render(request, "events/message_guide/guide.html", context)


@door.members_only
@require_safe
def pdf(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The same on paper, with its filters, in the language it is read in."""
    access = _enter(request, workspace)
    form = WantedForm(request.GET)
    rows = found_lines(access, form.wanted())
    language = form.read_in
    with override(language):
        content = to_say_pdf(
            heading=_("Message guide"),
            title=access.workspace.title,
            details=(),
            note="",
            parts=parts_of(rows, language, door.viewer(request)),
            mark=strictest(rows),
            language=language,
        )
    return pdf_response(content, "message-guide.pdf")


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Write a line."""
    access = at_desk(request, workspace)
    begins = {"kind": request.GET.get("kind", ""), "handling": "amber", "topic": request.GET.get("topic", "")}
    form = LineForm(request.POST or None, initial=begins, access=access)
    return _form(request, access, form, None)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """Write a line anew."""
    access = at_desk(request, workspace)
    row = get_object_or_404(guide_lines(access), uuid=line)
    require_that(may_tend_line(access, row))
    form = LineForm(request.POST or None, initial=initial_line(row), access=access, row=row)
    return _form(request, access, form, row)


@door.members_only
@require_POST
def remove(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """Take a line out, with an undo."""
    access = at_desk(request, workspace)
    row = get_object_or_404(guide_lines(access), uuid=line)
    with telling(request):
        lines.take_line_out(access=access, row=row)
        back = reverse("events:press_line_back", args=[access.workspace.uuid, row.uuid])
        undo.offer(request, text=_("The line is taken out."), url=back)
    return redirect("events:press_guide", access.workspace.uuid)


@door.members_only
@require_POST
def put_back(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    row = get_object_or_404(removed_lines(access), uuid=line)
    with telling(request, _("The line is back.")):
        lines.bring_line_back(access=access, row=row)
    return redirect("events:press_guide", access.workspace.uuid)


def _form(request: HttpRequest, access: Access, form: LineForm, row: GuideLine | None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            lines.write_line(access=access, line=form.line, row=row)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_guide", access.workspace.uuid)
    return form_page(request, "events/message_guide/line.html", desk(access, TAB, form=form, row=row))


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = door.enter(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("The message guide is for people who see drafts here."))
    return access
