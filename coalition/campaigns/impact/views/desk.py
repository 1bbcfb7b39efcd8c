"""Figures at the desk: the page, its files, and what organisations declare."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.naming import display_name_for, may_see_name
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions import figures as actions
from coalition.campaigns.impact.enums import Rung
from coalition.campaigns.impact.files import FileHead, figures_csv, figures_pdf
from coalition.campaigns.impact.forms import (
    ChangeForm,
    FigureForm,
    MeasureForm,
    ScopeForm,
    WithdrawForm,
    initial_of,
)
from coalition.campaigns.impact.hidden_names import hidden_names
from coalition.campaigns.impact.line_presenters import revision_rows, withdrawn_rows
from coalition.campaigns.impact.models import Contribution, Figure, Measure
from coalition.campaigns.impact.permissions import may_declare, require_that
from coalition.campaigns.impact.presenters import ShownRung, scope_words, shown_statement
from coalition.campaigns.impact.queries import measures_of, revisions_of_contribution, revisions_of_figure
from coalition.campaigns.impact.statement import Scope, Statement, statement_of
from coalition.campaigns.impact.views.access import (
    ImpactFormView,
    complete_keys,
    context_of,
    desk_links,
    enter,
    measure_context,
    query_without_all,
)
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants_ever

WITHDRAW: Final = "withdraw"
RESTORE: Final = "restore"


def _chosen(request: HttpRequest, access: Access) -> tuple[ScopeForm, Statement | None]:
    """Return the form above the figures, and the figures that it chooses: None if it is not valid."""
    taking_part = list(participants_ever(access.workspace))
    form = ScopeForm(request.GET, access=access, viewer=get_viewer(request), taking_part=taking_part)
    if not form.is_valid():
        return form, None
    return form, statement_of(Scope(access.workspace, **form.cleaned_data), taking_part=taking_part)


@member_required
@require_safe
def impact(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """All figures on their four rungs. `?all=`: key of a figure that is shown with every line. No figures
    and 422 for days or organisations that cannot be."""
    access = enter(request, workspace)
    return _page(request, access, *_chosen(request, access))


def _page(request: HttpRequest, access: Access, form: ScopeForm, statement: Statement | None) -> HttpResponse:
    viewer = get_viewer(request)
    rungs = []
    if statement is not None:
        links = desk_links(access.workspace)
        rungs = shown_statement(statement, viewer, complete=complete_keys(request), links=links)
    context = context_of(
        access,
        form=form,
        rungs=rungs,
        scope_words=scope_words(statement.scope, viewer) if statement is not None else "",
        is_narrowed=statement is None or statement.scope != Scope(access.workspace),
        query=query_without_all(request),
    )
    status = 200 if statement is not None else 422
    return render(request, "campaigns/impact/impact.html", context, status=status)


type Draw = Callable[[FileHead, list[ShownRung]], HttpResponse]


def _file(request: HttpRequest, workspace: UUID, draw: Draw) -> HttpResponse:
    """Return the file of what is chosen, or the page that says what is wrong with the choice."""
    access = enter(request, workspace)
    viewer = get_viewer(request)
    form, statement = _chosen(request, access)
    if statement is None:
        return _page(request, access, form, None)
    words = scope_words(statement.scope, viewer)
    below = [str(access.workspace.title), _("Read on %(day)s") % {"day": date_format(site_today())}]
    head = FileHead("figures", pgettext("of a campaign", "What became of it"), words, below)
    return draw(head, shown_statement(statement, viewer, complete=None))


@member_required
@require_safe
def impact_csv(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The figures as a table, narrowed as the page is."""
    return _file(request, workspace, figures_csv)


@member_required
@require_safe
def impact_pdf(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The figures as a PDF, narrowed as the page is."""
    return _file(request, workspace, figures_pdf)


class MeasuresView(ImpactFormView):
    """Choose what a number is declared of, or add something that is counted."""

    template_name = "campaigns/impact/measures.html"
    form_class = MeasureForm
    title = gettext_lazy("Declare a figure")

    def load(self) -> None:
        super().load()
        require_that(may_declare(self.access), str(actions.ONLY_EDITORS))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(measures_of(self.access.workspace))
        hidden = hidden_names(self.access.workspace, get_viewer(self.request))
        groups = [
            (rung.label, [(one, hidden.without_in(one.words)) for one in found if one.rung == rung])
            for rung in Rung
        ]
        return super().get_context_data(**kwargs) | {
            "groups": [(label, rows) for label, rows in groups if rows],
            "withdrawn": withdrawn_rows(self.access.workspace, get_viewer(self.request), hidden),
        }

    def save(self, form: MeasureForm) -> HttpResponse:
        measure = actions.add_measure(access=self.access, **form.cleaned_data)
        return redirect("campaigns:impact_declare", self.access.workspace.uuid, measure.uuid)


class DeclareFigure(ImpactFormView):
    """Declare a number of a measure."""

    form_class = FigureForm
    title = gettext_lazy("Declare a figure")
    success_message = gettext_lazy("The figure is declared.")
    measure: Measure

    def load(self) -> None:
        super().load()
        require_that(may_declare(self.access), str(actions.ONLY_EDITORS))
        rows = measures_of(self.access.workspace)
        self.measure = get_object_or_404(rows, uuid=self.kwargs["measure"])

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"access": self.access, "viewer": get_viewer(self.request), "measure": self.measure}
        return super().get_form_kwargs() | more

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | measure_context(self.request, self.measure)

    def save(self, form: FigureForm) -> None:
        actions.declare_figure(
            access=self.access,
            measure=self.measure,
            organisation=form.cleaned_data["organisation"],
            content=form.content,
            evidence=form.evidence,
        )


class RecordChange(ImpactFormView):
    """Tell of a change as a contribution."""

    form_class = ChangeForm
    title = gettext_lazy("Record what changed")
    success_message = gettext_lazy("The change is recorded.")

    def load(self) -> None:
        super().load()
        require_that(may_declare(self.access), str(actions.ONLY_EDITORS))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def save(self, form: ChangeForm) -> None:
        actions.record_change(
            access=self.access,
            organisation=form.cleaned_data["organisation"],
            content=form.content,
            evidence=form.evidence,
        )


def _newest[R: (Figure, Contribution)](revisions: list[R], request: HttpRequest) -> R:
    """Return the newest revision. Raises Http404 without one, or where the viewer may not know whose it
    is: its words could tell."""
    if not revisions or not may_see_name(get_viewer(request), revisions[0].organisation):
        raise Http404
    return revisions[0]


def _line_page(request: HttpRequest, access: Access, revisions: list[Any], context: dict[str, Any]) -> Any:
    """Show a line with its revisions; a POST withdraws it, or lets it count again."""
    newest = _newest(revisions, request)
    may_change = may_declare(access, newest.organisation)
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data, is_back=newest.is_withdrawn)
    if form.is_bound:
        require_that(may_change, str(actions.ONLY_EDITORS))
        if form.is_valid():
            is_back = request.POST.get("act") == RESTORE
            act = actions.restore_line if is_back else actions.withdraw_line
            try:
                act(access=access, row=newest, note=form.cleaned_data["note"])
            except actions.FigureRefused as refusal:
                form.add_error("note", refusal.message)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                words = _("It counts again.") if is_back else _("It counts no more.")
                messages.success(request, words)
                return redirect(request.path)
    viewer = get_viewer(request)
    rows = revision_rows(revisions, access, hidden_names(access.workspace, viewer))
    more = {
        "form": form,
        "newest": newest,
        "organisation": display_name_for(viewer, newest.organisation),
        "revisions": rows,
        "current": rows[0],
        "may_change": may_change,
        "act": RESTORE if newest.is_withdrawn else WITHDRAW,
    }
    return form_page(request, "campaigns/impact/line.html", context_of(access, **more, **context))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def figure_page(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """A declared figure with its corrections; a POST withdraws it, or lets it count again."""
    access = enter(request, workspace)
    revisions = list(revisions_of_figure(access.workspace, line))
    answer: HttpResponse = _line_page(request, access, revisions, {"is_figure": True})
    return answer


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """A change with its corrections; a POST withdraws it, or lets it count again."""
    access = enter(request, workspace)
    revisions = list(revisions_of_contribution(access.workspace, line))
    answer: HttpResponse = _line_page(request, access, revisions, {"is_figure": False})
    return answer


class CorrectFigure(ImpactFormView):
    """Correct a declared figure."""

    form_class = FigureForm
    title = gettext_lazy("Correct the figure")
    success_message = gettext_lazy("The figure is corrected. Frozen reports list it.")
    figure: Figure

    def load(self) -> None:
        super().load()
        rows = list(revisions_of_figure(self.access.workspace, self.kwargs["line"])[:1])
        self.figure = _newest(rows, self.request)
        require_that(may_declare(self.access, self.figure.organisation), str(actions.ONLY_EDITORS))

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {
            "access": self.access,
            "viewer": get_viewer(self.request),
            "measure": self.figure.measure,
            "figure": self.figure,
        }
        names = [*FigureForm.base_fields, "evidence_url", "evidence_file", "grant"]
        return kwargs | {"initial": initial_of(self.figure, names, self.hidden_names())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | measure_context(self.request, self.figure.measure)

    def save(self, form: FigureForm) -> None:
        actions.correct_figure(
            access=self.access,
            figure=self.figure,
            read_revision=form.cleaned_data["revision"],
            content=form.content,
            note=form.cleaned_data["note"],
            evidence=form.evidence,
        )

    def get_success_url(self) -> str:
        return reverse("campaigns:impact_figure", args=[self.kwargs["workspace"], self.kwargs["line"]])


class CorrectChange(ImpactFormView):
    """Correct the description of a change."""

    form_class = ChangeForm
    title = gettext_lazy("Correct the change")
    success_message = gettext_lazy("The change is corrected. Frozen reports list it.")
    contribution: Contribution

    def load(self) -> None:
        super().load()
        rows = list(revisions_of_contribution(self.access.workspace, self.kwargs["line"])[:1])
        self.contribution = _newest(rows, self.request)
        require_that(may_declare(self.access, self.contribution.organisation), str(actions.ONLY_EDITORS))

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {
            "access": self.access,
            "viewer": get_viewer(self.request),
            "contribution": self.contribution,
        }
        names = [*ChangeForm.base_fields, "evidence_url", "evidence_file", "grant"]
        return kwargs | {"initial": initial_of(self.contribution, names, self.hidden_names())}

    def save(self, form: ChangeForm) -> None:
        actions.correct_change(
            access=self.access,
            contribution=self.contribution,
            read_revision=form.cleaned_data["revision"],
            content=form.content,
            note=form.cleaned_data["note"],
            evidence=form.evidence,
        )

    def get_success_url(self) -> str:
        return reverse("campaigns:impact_change", args=[self.kwargs["workspace"], self.kwargs["line"]])
