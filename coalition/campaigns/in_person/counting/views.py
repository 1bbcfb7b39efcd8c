"""Counting at the desk and on phones: the list, a table's closing, one count."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.double_count import CountResult, CountState
from coalition.campaigns.in_person.counting.actions import (
    close_table,
    count_sheets,
    give_count,
    take_back_count,
)
from coalition.campaigns.in_person.counting.forms import CloseTableForm, CountForm, CountSheetsForm
from coalition.campaigns.in_person.counting.models import Tally
from coalition.campaigns.in_person.counting.permissions import (
    may_close_table,
    may_count,
    may_see_tallies,
    require_that,
)
from coalition.campaigns.in_person.counting.presenters import count_offer, tally_rows
from coalition.campaigns.in_person.counting.queries import (
    newest_version_pk,
    sheets_waiting,
    tables_to_close,
    tables_to_count,
    tallies_for,
    tallies_on_page,
    with_counts,
)
from coalition.campaigns.in_person.queries import table_totals
from coalition.campaigns.in_person.sheets.presenters import appeal_titles
from coalition.campaigns.in_person.sheets.queries import appeals_with_sheets
from coalition.http.responses import flash_result
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_tallies(access), _("Counts are for those who see drafts here."))
    return access


def _result_words(result: CountResult) -> str:
    if result.state == CountState.SETTLED:
        return _("Counted by two: %(count)s. Nobody changes it any more.") % {"count": result.count}
    if result.state == CountState.DIFFERENT:
        return _("Your counts differ. Both numbers are below: count again, together if you can.")
    return _("Saved. A second person is asked to count.")


class CountsView(MemberFormView):
    """Everything that is counted in a workspace; make a bundle of sheets with its first count."""

    form_class = CountSheetsForm
    template_name = "campaigns/in_person/counting/counts.html"
    refusal_field = "numbers"

    def load(self) -> None:
        self.access = _enter(self.request, self.kwargs["workspace"])
        self.appeals = appeals_with_sheets(self.access)
        self.titles = appeal_titles(self.appeals)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"appeals": self.appeals, "titles": self.titles}

    def save(self, form: CountSheetsForm) -> Any:
        tally = count_sheets(access=self.access, **form.cleaned_data)
        messages.success(self.request, _("Saved. A second person is asked to count."))
        return redirect("campaigns:count", tally.uuid)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        tables = tables_to_close(self.access, site_today())
        return super().get_context_data(**given) | {
            "access": self.access,
            "workspace": self.access.workspace,
            "tab": "campaign",
            "rows": tally_rows(tallies_on_page(self.access), self.access, viewer),
            "tables": [
                {
                    "table": table,
                    "organisation": display_name_for(viewer, table.organisation),
                    "may_close": may_close_table(self.access, table),
                }
                for table in tables
            ],
            "may_count": may_count(self.access) and bool(self.titles),
            "waiting_sheets": [
                (self.titles.get(appeal, ""), numbers)
                for appeal, numbers in sheets_waiting(self.access).items()
            ],
        }


class CloseTableView(MemberFormView):
    """The first count of a table, which closes it."""

    form_class = CloseTableForm
    template_name = "campaigns/in_person/counting/close_table.html"
    refusal_field = "count"

    def load(self) -> None:
        self.table = get_object_or_404(tables_to_count(self.request.user), uuid=self.kwargs["table"])
        self.access = _enter(self.request, self.table.workspace.uuid)
        require_that(
            may_close_table(self.access, self.table), _("The people of the table’s organisation close it.")
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead to the count of a table that has one."""
        tally = Tally.objects.filter(table=self.table).first()
        return redirect("campaigns:count", tally.uuid) if tally else super().get(request, *args, **kwargs)

    def save(self, form: CloseTableForm) -> Any:
        tally = close_table(access=self.access, table=self.table, **form.cleaned_data)
        words = _("The table is closed: you are done. A second person is asked to count.")
        messages.success(self.request, words)
        return redirect("campaigns:count", tally.uuid)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {
            "access": self.access,
            "workspace": self.access.workspace,
            "table": self.table,
            "organisation": display_name_for(get_viewer(self.request), self.table.organisation),
            "codes": table_totals([self.table.pk])[self.table.pk].codes,
        }


class CountView(MemberFormView):
    """One count: give the second one, or another in place of one's own; both numbers once both are there."""

    form_class = CountForm
    template_name = "campaigns/in_person/counting/count.html"
    refusal_field = "count"

    def load(self) -> None:
        rows = with_counts(tallies_for(self.request.user))
        self.tally = get_object_or_404(rows, uuid=self.kwargs["tally"])
        self.access = _enter(self.request, self.tally.workspace.uuid)
        (self.row,) = tally_rows([self.tally], self.access, get_viewer(self.request))
        self.offer = count_offer(self.row, self.access)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        mark_subjects_read(request, self.tally.uuid)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"asks_method": self.offer.asks_method}

    def save(self, form: CountForm) -> None:
        given = {"method": self.offer.method, **form.cleaned_data}
        result = give_count(access=self.access, tally=self.tally, **given)
        words = _result_words(result)
        if result.state == CountState.DIFFERENT:
            messages.warning(self.request, words)
        else:
            messages.success(self.request, words)

    def get_success_url(self) -> str:
        return self.row.url

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        total = table_totals([self.tally.table_id])[self.tally.table_id] if self.tally.table_id else None
        return super().get_context_data(**given) | {
            "access": self.access,
            "workspace": self.access.workspace,
            "row": self.row,
            "offer": self.offer,
            "total": total,
            "shows_taps": total is not None and len(self.row.counts) > 1,
            "old_words": self.tally.version_id != newest_version_pk(self.tally),
        }


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_tally_count(request: HttpRequest, tally: UUID) -> Any:
    """Take back one's own count; coordinators those of others."""
    found = get_object_or_404(tallies_for(request.user).select_related("workspace"), uuid=tally)
    access = _enter(request, found.workspace.uuid)
    if request.method == "POST":
        with flash_result(request, _("Taken back. It can be counted again.")):
            take_back_count(access=access, tally=found)
    if Tally.objects.filter(pk=found.pk, dropped_at=None).exists():
        return redirect("campaigns:count", tally)
    return redirect(reverse("campaigns:counts", args=[access.workspace.uuid]))
