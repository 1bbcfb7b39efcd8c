"""Postcards at the desk: designs, batches, cards to print, and the public page."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.postcards import actions
from coalition.campaigns.postcards.forms import BatchesForm, DesignForm, PrintForm
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.postcards.ledger.queries import DesignTotals, totals_of_designs
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.postcards.pdf import Copies, Layout, cards_pdf, preview_png
from coalition.campaigns.postcards.permissions import (
    may_lead_postcards,
    may_print_batches_of,
    may_see_postcards,
)
from coalition.campaigns.postcards.presenters import (
    batch_rows,
    batches_by_organisation,
    design_rows,
    destination_title,
    recipient_name,
)
from coalition.campaigns.postcards.public_presenters import public_line
from coalition.campaigns.postcards.queries import batches_of, designs_for, open_batches_of
from coalition.campaigns.postcards.words import language_names, stop_reason, usable_publications
from coalition.campaigns.referrals.targets import targets_in
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.drafts.permissions import require_that

BATCHES_ON_PAGE = 50
DESIGNS_ON_PAGE = 50
SIDES = ("front", "back")


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_postcards(access), _("Postcards are for those who see drafts here."))
    return access


def design_of(request: HttpRequest, design: UUID) -> tuple[Access, CardDesign]:
    """Return the person's access to the design's workspace, and the design. Raises Http404 for everyone who
    does not see it."""
    found = get_object_or_404(designs_for(request.user), uuid=design)
    return _enter(request, found.workspace.uuid), found


@member_required
@require_safe
def designs(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The designs of a workspace."""
    access = _enter(request, workspace)
    page = Paginator(designs_for(request.user, access.workspace), DESIGNS_ON_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "page": page,
        "rows": design_rows(list(page)),
        "may_lead": may_lead_postcards(access),
    }
    return render(request, "campaigns/postcards/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Make a design."""
    access = _enter(request, workspace)
    require_that(may_lead_postcards(access), _("Coordinators make designs of postcards."))
    return _design_form(request, access, None)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, design: UUID) -> HttpResponse:
    """Change a design of which nothing is ordered yet."""
    access, found = design_of(request, design)
    require_that(may_lead_postcards(access), _("Coordinators make designs of postcards."))
    if found.batches.exists():
        messages.error(
            request, _("Cards of this design are ordered, so it cannot be changed. Make a new design.")
        )
        return redirect("campaigns:postcard", found.uuid)
    return _design_form(request, access, found)


def _design_form(request: HttpRequest, access: Access, design: CardDesign | None) -> HttpResponse:
    destinations = targets_in(access.workspace, get_language() or "")
    form = DesignForm(request.POST or None, access=access, destinations=destinations, design=design)
    if request.method == "POST" and form.is_valid():
        try:
            saved = (
                actions.create_design(access=access, **form.chosen)
                if design is None
                else actions.change_design(access=access, design=design, **form.chosen)
            )
        except Refused as refusal:
            form.add_error(_field_of(refusal), refusal.message)
        else:
            messages.success(request, _("Saved. Look at both sides before you order cards."))
            return redirect("campaigns:postcard", saved.uuid)
    context = {
        "access": access,
        "workspace": access.workspace,
        "design": design,
        "form": form,
        "acting_for": display_name_for(get_viewer(request), access.organisation),
        "has_texts": usable_publications(access).exists(),
        "has_destinations": bool(destinations),
    }
    return form_page(request, "campaigns/postcards/edit.html", context)


def _field_of(refusal: Refused) -> str | None:
    """Beside which field a refusal stands."""
    return "publication" if getattr(refusal, "excess", ()) else None


@member_required
@require_safe
def design(request: HttpRequest, design: UUID) -> HttpResponse:
    """One design: both sides, its batches, cards to print, and its numbers."""
    access, found = design_of(request, design)
    return _page(request, access, found, _batches_form(request, access))


def _batches_form(request: HttpRequest, access: Access) -> BatchesForm:
    taking_part = participants(access.workspace).exclude(pk__in=frozen_in(access.workspace)).order_by("pk")
    viewer = get_viewer(request)
    named = [(one, display_name_for(viewer, one)) for one in taking_part]
    named.sort(key=lambda pair: pair[1].casefold())
    data = request.POST if request.method == "POST" else None
    return BatchesForm(data, organisations=named)


def _page(request: HttpRequest, access: Access, found: CardDesign, form: BatchesForm) -> HttpResponse:
    page = Paginator(batches_of(found), BATCHES_ON_PAGE).get_page(request.GET.get("page"))
    totals = totals_of_designs([found.pk]).get(found.pk, DesignTotals())
    printable = list(_printable(access, found).values_list("number", flat=True))
    title = destination_title(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "design": found,
        "title": found.publication.title,
        "form": form,
        "page": page,
        "rows": batch_rows(access, get_viewer(request), list(page)),
        "line": public_line(totals),
        "languages": language_names(found.languages),
        "destination": title,
        "recipient": recipient_name(found),
        "stop_reason": stop_reason(found),
        "may_lead": may_lead_postcards(access),
        "print_form": PrintForm(numbers=printable) if printable else None,
        "public_path": reverse("postcards", args=[found.slug]) if found.published_at else "",
        "sides": [(side, reverse(f"campaigns:postcard_{side}", args=[found.uuid])) for side in SIDES],
    }
    return form_page(request, "campaigns/postcards/design.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest, design: UUID) -> HttpResponse:
    """Make batches."""
    access, found = design_of(request, design)
    if request.method != "POST":
        return redirect("campaigns:postcard", found.uuid)
    require_that(may_lead_postcards(access), _("Coordinators make batches."))
    form = _batches_form(request, access)
    if form.is_valid():
        try:
            made = actions.make_batches(access=access, design=found, **form.chosen)
        except Refused as refusal:
            field = "organisations" if isinstance(refusal, actions.TooManyOrganisations) else None
            form.add_error(field, refusal.message)
        else:
            words = ngettext("%(count)d batch is made.", "%(count)d batches are made.", len(made))
            owners = batches_by_organisation(get_viewer(request), made)
            messages.success(request, f"{words % {'count': len(made)}} {owners}")
            return redirect("campaigns:postcard", found.uuid)
    return _page(request, access, found, form)


@member_required
@require_POST
def close(request: HttpRequest, design: UUID, number: int) -> HttpResponse:
    """Enter nothing more of a batch."""
    access, found = design_of(request, design)
    batch = get_object_or_404(batches_of(found), number=number)
    with flash_result(
        request, _("The batch is closed. The code on its cards leads on and credits nobody any more.")
    ):
        close_batch(access=access, batch=batch)
    return redirect("campaigns:postcard", found.uuid)


@member_required
@require_POST
def reopen(request: HttpRequest, design: UUID, number: int) -> HttpResponse:
    """Take back that a batch was closed."""
    access, found = design_of(request, design)
    batch = get_object_or_404(batches_of(found), number=number)
    with flash_result(request, _("The batch is open again, and its code credits its organisation.")):
        actions.reopen_batch(access=access, batch=batch)
    return redirect("campaigns:postcard", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def publish(request: HttpRequest, design: UUID) -> HttpResponse:
    """Show the numbers to everybody, or take them off the site (`act` is "end")."""
    access, found = design_of(request, design)
    if request.method == "POST":
        if request.POST.get("act") == "end":
            with flash_result(request, _("The page is off the site.")):
                actions.unpublish_design(access=access, design=found)
        else:
            with flash_result(request, _("Everybody sees the numbers now.")):
                actions.publish_design(access=access, design=found)
    return redirect("campaigns:postcard", found.uuid)


def _printable(access: Access, found: CardDesign) -> Any:
    """The open batches whose cards the person may take out."""
    rows = open_batches_of(found)
    if may_lead_postcards(access):
        return rows
    if may_print_batches_of(access, access.organisation):
        return rows.filter(organisation=access.organisation)
    return rows.none()


@member_required
@require_safe
def cards(request: HttpRequest, design: UUID) -> HttpResponse:
    """The cards as PDF: `?layout=`, `?copies=` and `?batch=` as in `PrintForm`."""
    access, found = design_of(request, design)
    require_that(
        may_print_batches_of(access, access.organisation),
        _("Cards are printed by coordinators, and by those who work for the organisation of a batch."),
    )
    rows = list(_printable(access, found))
    form = PrintForm(request.GET, numbers=[one.number for one in rows])
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return redirect("campaigns:postcard", found.uuid)
    data = form.cleaned_data
    chosen = [one for one in rows if data["batch"] in {None, one.number}]
    try:
        if reason := stop_reason(found):
            raise Refused(reason)
        content = cards_pdf(found, chosen, layout=Layout(data["layout"]), copies=Copies(data["copies"]))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("campaigns:postcard", found.uuid)
    part = f"-{data['batch']}" if data["batch"] else ""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}{part}-{data["layout"]}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _first_error(form: forms.Form) -> str:
    if "batch" in form.errors:
        return _("This batch is closed, or not yours to print. Choose another one.")
    return _("Choose a layout, and how many copies.")


@member_required
@require_safe
def side(request: HttpRequest, design: UUID, side: str) -> HttpResponse:
    """The front or the back as picture, with the code of the first batch if there is one."""
    _access, found = design_of(request, design)
    first: Batch | None = batches_of(found).first() if side == "back" else None
    try:
        content = preview_png(found, side, first)
    except Refused as refusal:
        raise Http404 from refusal
    answer = HttpResponse(content, content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    return answer
