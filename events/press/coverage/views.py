"""Coverage views of the press desk: list with charts, add, review, import, links; the outlet's page."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.http.responses import form_page
from coalition.mail.outbox import absolute_url
from coalition.roles import Right
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.contact_import import RowVerdict
from events.press.coverage import actions, presenters, queries
from events.press.coverage.forms import CoverageEntryForm, CoverageFilterForm, CoverageForm, CoverageLinkForm
from events.press.coverage.models import Coverage, CoverageLink, CoverageState
from events.press.coverage.spreadsheet_import import (
    import_coverage,
    judge_coverage_sheet,
    read_coverage_sheet,
)
from events.press.forms import SheetForm
from events.press.generic_views import PressDeskFormView, press_desk_action, press_desk_page
from events.press.models import SheetTaken
from events.press.permissions import may_manage_coverage
from events.press.views import SheetReviewView, SheetUploadView
from events.spreadsheets.columns import csv_response

TAB = "press_coverage"
ON_A_PAGE = 50


def get_coverage_access(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("Coverage is for people who see drafts here."))
    return access


@press_desk_page("events/coverage/list.html", TAB, get_coverage_access)
def coverage(request: HttpRequest, access: Access) -> dict[str, Any]:
    """List counted coverage with filters, totals and charts; pending entries are above it."""
    viewer, form = get_viewer(request), CoverageFilterForm(request.GET)
    found = queries.accepted_coverage(access, **form.wanted)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    seen = queries.linkable_event_keys(access)
    works_here = may_manage_contacts(access)
    return {
        "form": form,
        "rows": presenters.coverage_rows(page.object_list, access, viewer, seen),
        "waiting": presenters.coverage_rows(queries.waiting_coverage(access), access, viewer, seen)
        if works_here
        else [],
        "page": page,
        "query": f"{urlencode(form.wanted)}&" if form.wanted else "",
        "totals": presenters.totals(found),
        "weeks": presenters.by_week(found),
        "regions": presenters.by_region(found),
        "works_here": works_here,
    }


@member_required
@require_safe
def download_coverage_table(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Export the list as a spreadsheet table, with column headings that the import accepts."""
    access = get_coverage_access(request, workspace)
    rows = queries.accepted_coverage(access, **CoverageFilterForm(request.GET).wanted)
    return csv_response(
        presenters.table_heads(), [presenters.table_cells(one) for one in rows], "coverage.csv"
    )


class CoverageFormView(PressDeskFormView):
    """Add coverage of `?event=`, or change an entry; saving one sent by a link accepts it."""

    form_class = CoverageForm
    template_name = "events/coverage/edit.html"
    tab = TAB
    success_name = "events:press_coverage"
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        super().load()
        if "coverage" in self.kwargs:
            self.row = get_object_or_404(queries.coverage_for(self.access), uuid=self.kwargs["coverage"])
            require_that(
                may_manage_coverage(self.access, self.row), _("The organisation that noted it changes it.")
            )

    def get_initial(self) -> dict[str, Any]:
        return {} if self.row else {"about": f"e:{self.request.GET.get('event', '')}"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waits = self.row is not None and self.row.state == CoverageState.WAITING
        return super().get_context_data(**kwargs) | {"waits": waits}

    def save(self, form: CoverageForm) -> None:
        if self.row is None:
            actions.add_coverage(access=self.access, **form.cleaned_data)
        else:
            actions.change_coverage(access=self.access, coverage=self.row, **form.cleaned_data)


@press_desk_action("events:press_coverage", success=gettext_lazy("Taken in."))
def accept_coverage(_request: HttpRequest, access: Access, coverage: UUID) -> None:
    """Accept an entry sent by a link, unchanged."""
    actions.accept_coverage(
        access=access, coverage=get_object_or_404(queries.coverage_for(access), uuid=coverage)
    )


class CoverageSheetUploadView(SheetUploadView):
    """Upload a spreadsheet of coverage."""

    about = SheetTaken.About.COVERAGE
    form_class = SheetForm
    template_name = "events/coverage/import.html"
    tab = TAB
    review_name = "events:press_coverage_sheet"
    read = staticmethod(read_coverage_sheet)


class CoverageSheetReviewView(SheetReviewView):
    """The verdict on each row of a spreadsheet of coverage."""

    about = SheetTaken.About.COVERAGE
    template_name = "events/coverage/preview.html"
    tab = TAB

    def judge(self) -> list[RowVerdict[Coverage]]:
        return judge_coverage_sheet(self.sheet)

    def import_rows(self, **chosen: Any) -> str:
        count = import_coverage(access=self.access, sheet=self.sheet, **chosen)
        words = ngettext("%(count)s entry is taken in.", "%(count)s entries are taken in.", count)
        return words % {"count": count}


class CoverageLinksView(PressDeskFormView):
    """List the links of one's organisation; create another one."""

    form_class = CoverageLinkForm
    template_name = "events/coverage/links.html"
    tab = TAB
    success_name = "events:press_coverage_links"
    success_message = gettext_lazy("The link is made. Copy it and send it yourself.")

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_person(self.request).language}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {
                "link": one,
                "open": actions.is_coverage_link_open(one),
                "address": absolute_url(reverse("coverage_link", args=[actions.coverage_link_token(one)])),
            }
            for one in queries.coverage_links(self.access)
        ]
        return super().get_context_data(**kwargs) | {"rows": rows}

    def save(self, form: CoverageLinkForm) -> None:
        actions.make_coverage_link(access=self.access, **form.cleaned_data)


@press_desk_action(
    "events:press_coverage_links", success=gettext_lazy("The link has ended. What came by it stays.")
)
def end_coverage_link(_request: HttpRequest, access: Access, link: UUID) -> None:
    """End a link."""
    actions.end_coverage_link(
        access=access, link=get_object_or_404(queries.coverage_links(access), uuid=link)
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit_coverage_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Render the form behind the link; keep the input if it is refused. Raises Http404."""
    found = queries.coverage_link_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        return private_response(_submission_response(request, found), language=found.language)


def _submission_response(request: HttpRequest, link: CoverageLink) -> HttpResponse:
    sent = request.method == "POST"
    form = CoverageEntryForm(request.POST if sent else None)
    context = {"organisation": display_name_for(PUBLIC, link.organisation), "form": form}
    if not actions.is_coverage_link_open(link):
        return render(request, "events/coverage/note.html", {"ended": True}, status=410)
    if sent and is_rate_limited(request, "coverage"):
        return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
    if sent and form.is_valid():
        try:
            actions.submit_coverage(source=link, **form.cleaned_data)
        except actions.TooManyWaiting:
            return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
        except actions.CoverageLinkEnded:
            return render(request, "events/coverage/note.html", {"ended": True}, status=410)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            done = {**context, "form": CoverageEntryForm(), "done": True}
            return render(request, "events/coverage/note.html", done)
    return form_page(request, "events/coverage/note.html", context)
