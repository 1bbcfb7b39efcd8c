"""Paper sheets at the desk: printed, marked, listed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.in_person.sheets.actions import mark_sheets, print_sheets
from coalition.campaigns.in_person.sheets.forms import MarkForm, PrintForm
from coalition.campaigns.in_person.sheets.pdf import run_pdf
from coalition.campaigns.in_person.sheets.permissions import (
    may_mark_sheets,
    may_print_sheets,
    may_see_sheets,
    require_that,
)
from coalition.campaigns.in_person.sheets.presenters import appeal_titles, run_rows, stock_rows
from coalition.campaigns.in_person.sheets.queries import (
    appeals_to_print,
    appeals_with_sheets,
    outdated_numbers,
    runs_for,
    sheet_stocks,
)
from coalition.core.errors import Refused
from coalition.http.responses import pdf_response
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.permissions import Access

RUNS_ON_PAGE = 20


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_sheets(access), _("Paper sheets are for those who see drafts here."))
    return access


class _SheetsPage(MemberFormView):
    """The page of sheets, which has two forms: each is posted to an address of its own."""

    template_name = "campaigns/in_person/sheets/sheets.html"
    form_name = ""

    def load(self) -> None:
        self.access = _enter(self.request, self.kwargs["workspace"])
        self.printable, self.printed = appeals_to_print(self.access), appeals_with_sheets(self.access)
        self.appeals: list[Appeal] = list((self.printable | self.printed).distinct())
        self.titles = appeal_titles(self.appeals)

    def get_success_url(self) -> str:
        return reverse("campaigns:sheets", args=[self.access.workspace.uuid])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | self.form_needs(self.form_name)

    def form_needs(self, name: str) -> dict[str, Any]:
        """What each of the two forms needs: the appeals that it offers, with their titles."""
        appeals = self.printable if name == "print" else self.printed
        there = set(appeals.values_list("pk", flat=True))
        titles = {pk: title for pk, title in self.titles.items() if pk in there}
        return {"access": self.access, "appeals": appeals, "titles": titles}

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context = super().get_context_data(**given)
        viewer = get_viewer(self.request)
        page = Paginator(runs_for(self.access), RUNS_ON_PAGE).get_page(self.request.GET.get("page"))
        forms = {"print": PrintForm, "mark": MarkForm}
        shown = {
            name: context["form"] if name == self.form_name else form(**self.form_needs(name))
            for name, form in forms.items()
        }
        outdated = outdated_numbers(self.access)
        today = site_today()
        return context | {
            "access": self.access,
            "workspace": self.access.workspace,
            "tab": "campaign",
            "print_form": shown["print"],
            "mark_form": shown["mark"],
            "may_print": may_print_sheets(self.access) and bool(self.form_needs("print")["titles"]),
            "may_mark": may_mark_sheets(self.access) and bool(self.form_needs("mark")["titles"]),
            "rows": stock_rows(sheet_stocks(self.access), self.titles, viewer),
            "page": page,
            "runs": run_rows(page, self.access, viewer),
            "outdated": [
                (self.titles.get(pk, ""), number_ranges(numbers)) for pk, numbers in outdated.items()
            ],
            "to_destroy": [
                self.titles[one.pk]
                for one in self.appeals
                if one.personal_data_until is not None and one.personal_data_until < today
            ],
        }


class SheetsView(_SheetsPage):
    """All sheets of the workspace; print more."""

    form_class = PrintForm
    form_name = "print"

    def save(self, form: Any) -> None:
        run = print_sheets(access=self.access, **form.cleaned_data)
        numbers = number_ranges(range(run.first_number, run.last_number + 1))
        words = _("Sheets %(numbers)s are numbered. Open the PDF below and print it.")
        messages.success(self.request, words % {"numbers": numbers})


class MarkSheetsView(_SheetsPage):
    """Say what became of sheets."""

    form_class = MarkForm
    form_name = "mark"
    refusal_field = "numbers"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the page: after signing in again, a browser comes back by GET."""
        return redirect(self.get_success_url())

    def save(self, form: Any) -> None:
        count = mark_sheets(access=self.access, **{"table": None, **form.cleaned_data})
        words = ngettext("%(count)d sheet is marked.", "%(count)d sheets are marked.", count)
        messages.success(self.request, words % {"count": count})


@member_required
@require_safe
def run_file(request: HttpRequest, workspace: UUID, run: UUID) -> HttpResponse:
    """The sheets of a run as PDF."""
    access = _enter(request, workspace)
    found = get_object_or_404(runs_for(access), uuid=run)
    try:
        pdf = run_pdf(found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("campaigns:sheets", workspace)
    numbers = f"{found.first_number}-{found.last_number}"
    return pdf_response(pdf, f"sheets-{numbers}.pdf")
