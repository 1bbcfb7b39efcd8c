"""Imports of lists at the desk: read, reviewed, applied, discarded, undone."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.recipients import queries, template_file
from coalition.campaigns.recipients.actions import imports as actions
from coalition.campaigns.recipients.difference import Difference
from coalition.campaigns.recipients.forms import ApplyListForm, ListForm
from coalition.campaigns.recipients.models import Body, ImportState, TargetImport
from coalition.campaigns.recipients.presenters import KINDS, difference_row
from coalition.campaigns.recipients.reading import PeopleList
from coalition.campaigns.recipients.views.bodies import body_context, body_or_404, enter, enter_to_change
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from events.spreadsheets.messages import REJECTION_MESSAGES
from events.spreadsheets.reader import MAX_FILE_BYTES

ROWS_ON_A_PAGE = 100
MOST_FAULTS = 100  # shown; the rest are counted


@member_required
@require_safe
def template(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The spreadsheet to fill in, in the person's language."""
    enter(request, workspace)
    content = template_file.template_file((get_language() or "").partition("-")[0])
    answer = HttpResponse(content, content_type=template_file.CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="recipients.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@member_required
@require_safe
def imports(request: HttpRequest, workspace: UUID, body: UUID) -> HttpResponse:
    """The imports of a body, the newest first."""
    access = enter(request, workspace)
    found = body_or_404(access, body)
    page = Paginator(queries.imports_of(found), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    viewer = get_viewer(request)
    rows = [(row, display_name_for(viewer, row.organisation)) for row in page.object_list]
    context = body_context(access, found, part="imports", rows=rows, page=page)
    return render(request, "campaigns/recipients/imports.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, workspace: UUID, body: UUID) -> HttpResponse:
    """Choose a list; its mistakes are named here, and nothing is saved."""
    access = enter_to_change(request, workspace)
    found = body_or_404(access, body)
    posted = request.method == "POST"
    form = ListForm(request.POST if posted else None, request.FILES if posted else None, body=found)
    people: PeopleList | None = None
    if posted and form.is_valid():
        try:
            row = _read(access, found, form)
        except actions.ListRejected as refusal:
            people = refusal.people
            form.add_error("file", refusal.message)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("campaigns:recipient_import", workspace, found.uuid, row.uuid)
    faults = people.faults if people is not None else []
    context = body_context(
        access,
        found,
        part="imports",
        form=form,
        general=people.general if people is not None else [],
        faults=faults[:MOST_FAULTS],
        more=max(len(faults) - MOST_FAULTS, 0),
        fault_count=len(faults),
    )
    return form_page(request, "campaigns/recipients/read.html", context)


def _read(access: Access, body: Body, form: ListForm) -> TargetImport:
    given = dict(form.cleaned_data)
    file = given.pop("file")
    if file.size > MAX_FILE_BYTES:
        raise Refused(REJECTION_MESSAGES["too_large"])
    return actions.read_list(access=access, body=body, name=file.name, content=file.read(), **given)


def _import_or_404(body: Body, target_import: UUID) -> TargetImport:
    return get_object_or_404(queries.imports_of(body), uuid=target_import)


@member_required
@require_safe
def review(request: HttpRequest, workspace: UUID, body: UUID, target_import: UUID) -> HttpResponse:
    """What an import changes, or changed: new, changed, gone and returned people."""
    access = enter(request, workspace)
    found = body_or_404(access, body)
    row = _import_or_404(found, target_import)
    difference = Difference(**row.difference)
    is_proposed = row.state == ImportState.PROPOSED
    loses_most = is_proposed and difference.loses_most(queries.targets_of(found).count())
    counts = {kind: len(getattr(difference, kind)) for kind in KINDS}
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        first = next((one for one, count in counts.items() if count), "added")
        kind = "gone" if loses_most else first
    page = Paginator(getattr(difference, kind), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = body_context(
        access,
        found,
        part="imports",
        row=row,
        organisation=display_name_for(get_viewer(request), row.organisation),
        difference=difference,
        form=_apply_form(is_unanswered="unanswered" in request.GET),
        is_proposed=is_proposed,
        loses_most=loses_most,
        is_undoable=actions.is_undoable(row),
        is_outdated=is_proposed and row.base_revision != found.revision,
        kind=kind,
        kinds=[
            {"label": str(label), "url": f"?kind={one}", "count": counts[one], "current": one == kind}
            for one, label in KINDS.items()
        ],
        rows=[difference_row(kind, entry) for entry in page.object_list],
        page=page,
        query=f"kind={kind}&",
    )
    return render(request, "campaigns/recipients/review.html", context)


def _apply_form(*, is_unanswered: bool) -> ApplyListForm:
    """Return the question whether it is the whole list, with the refusal beside it if that was unanswered."""
    form = ApplyListForm({} if is_unanswered else None)
    if is_unanswered:
        form.add_error("is_whole", actions.WholeListUnconfirmed().message)
    return form


@member_required
@require_POST
def apply(request: HttpRequest, workspace: UUID, body: UUID, target_import: UUID) -> HttpResponse:
    """Apply what was reviewed; if the list changed meanwhile, show the difference anew."""
    access = enter_to_change(request, workspace)
    row = _import_or_404(body_or_404(access, body), target_import)
    form = ApplyListForm(request.POST)
    is_whole = form.is_valid() and form.cleaned_data["is_whole"]
    try:
        applied = actions.apply_import(access=access, target_import=row, is_whole=is_whole)
    except actions.WholeListUnconfirmed:
        page = reverse("campaigns:recipient_import", args=[workspace, body, target_import])
        return redirect(f"{page}?unanswered=1")
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("campaigns:recipient_import", workspace, body, target_import)
    if not applied:
        words = _(
            "Another list was applied meanwhile. Nothing is changed yet: this is what yours changes now."
        )
        messages.warning(request, words)
        return redirect("campaigns:recipient_import", workspace, body, target_import)
    messages.success(request, _("The list is applied. You can undo it on the page of the import."))
    return redirect("campaigns:recipient_body", workspace, body)


@member_required
@require_POST
def discard(request: HttpRequest, workspace: UUID, body: UUID, target_import: UUID) -> HttpResponse:
    """Do not apply it."""
    access = enter_to_change(request, workspace)
    row = _import_or_404(body_or_404(access, body), target_import)
    with flash_result(request, _("The import is discarded. Nothing is changed.")):
        actions.discard_import(access=access, target_import=row)
    return redirect("campaigns:recipient_imports", workspace, body)


@member_required
@require_POST
def undo(request: HttpRequest, workspace: UUID, body: UUID, target_import: UUID) -> HttpResponse:
    """Restore the list as it was before."""
    access = enter_to_change(request, workspace)
    row = _import_or_404(body_or_404(access, body), target_import)
    with flash_result(request):
        stay = actions.undo_import(access=access, target_import=row)
        words = _("The import is undone: the list is as it was before.")
        if stay:
            more = ngettext(
                "%(count)d person stays, as not in office: something is recorded about them.",
                "%(count)d people stay, as not in office: something is recorded about them.",
                stay,
            )
            words = f"{words} {more % {'count': stay}}"
        messages.success(request, words)
    return redirect("campaigns:recipient_import", workspace, body, target_import)
