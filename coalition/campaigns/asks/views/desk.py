"""Asks at the desk: the list, one ask with its steps, adding and changing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.desk_queries import appeals_for
from coalition.campaigns.asks.actions import manage, steps
from coalition.campaigns.asks.enums import NEXT
from coalition.campaigns.asks.forms import AskForm, NewAskForm, StepForm, initial_of
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.asks.permissions import may_manage_asks, may_see_asks
from coalition.campaigns.asks.presenters import ask_groups, ask_row, host_of, status_badge
from coalition.campaigns.asks.queries import asks_of, status_of, steps_with_undone
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import WorkspaceFormView, document_action
from documents.drafts.permissions import require_that
from documents.files.queries import readable_among


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_asks(access), _("Asks are for those who see drafts here."))
    return access


def _enter_to_manage(request: HttpRequest, workspace: UUID) -> Access:
    access = _enter(request, workspace)
    require_that(may_manage_asks(access), _("Coordinators write asks and record what became of them."))
    return access


def _ask_or_404(access: Access, ask: UUID) -> Ask:
    rows = asks_of(access.workspace) | asks_of(access.workspace, removed=True)
    return get_object_or_404(rows.select_related("appeal", "publication"), uuid=ask)


def _context(access: Access, **more: Any) -> dict[str, Any]:
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "may_manage": may_manage_asks(access),
        **more,
    }


@member_required
@require_safe
def asks(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What is demanded and where it stands, by appeal; removed asks with `?removed=1`."""
    access = _enter(request, workspace)
    removed = "removed" in request.GET
    rows = list(asks_of(access.workspace, removed=removed))
    groups = ask_groups(rows, list(appeals_for(access.user, access.workspace)))
    context = _context(access, groups=groups, count=len(rows), removed=removed)
    return render(request, "campaigns/asks/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, workspace: UUID, ask: UUID) -> HttpResponse:
    """One ask with its steps; a POST records the next one."""
    access = _enter(request, workspace)
    found = _ask_or_404(access, ask)
    statuses = NEXT[status_of(found)]
    form = StepForm(request.POST if request.method == "POST" else None, access=access, statuses=statuses)
    if form.is_bound:
        require_that(may_manage_asks(access), _("Coordinators write asks and record what became of them."))
        if form.is_valid():
            try:
                steps.record_step(access=access, ask=found, **form.cleaned_data)
            except steps.StepRefused as refusal:
                form.add_error(refusal.field, refusal.message)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The step is recorded. You can undo it today."))
                return redirect("campaigns:ask", workspace, ask)
    viewer = get_viewer(request)
    rows = list(steps_with_undone(found))
    readable = readable_among(access.user, [step.evidence_file for step in rows])
    last = next(step for step in rows if step.undone_at is None)
    context = _context(
        access,
        row=ask_row(found),
        steps=[
            {
                "step": step,
                "badge": status_badge(step.status),
                "organisation": display_name_for(viewer, step.organisation),
                "host": host_of(step.evidence_url),
                "file_name": step.evidence_file.name if step.evidence_file in readable else "",
            }
            for step in rows
        ],
        is_undoable=steps.is_undoable(last),
        is_public=found.appeal is not None and found.appeal.opened_at is not None,
        form=form,
    )
    return form_page(request, "campaigns/asks/ask.html", context)


class _AskFormView(WorkspaceFormView):
    """A form of those who write asks; it then shows the ask."""

    template_name = "campaigns/asks/edit.html"

    def load(self) -> None:
        self.access = _enter_to_manage(self.request, self.kwargs["workspace"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _context(self.access)


class AddAsk(_AskFormView):
    form_class = NewAskForm
    success_message = gettext_lazy("The ask is added.")

    def save(self, form: NewAskForm) -> HttpResponse:
        made = manage.add_ask(access=self.access, **form.cleaned_data)
        return redirect("campaigns:ask", self.kwargs["workspace"], made.uuid)


class EditAsk(_AskFormView):
    form_class = AskForm
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        super().load()
        self.ask = _ask_or_404(self.access, self.kwargs["ask"])

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.ask)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"ask": self.ask}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        under_way = manage.is_under_way(self.ask)
        return super().get_context_data(ask=self.ask, is_under_way=under_way, **kwargs)

    def save(self, form: AskForm) -> None:
        manage.change_ask(access=self.access, ask=self.ask, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("campaigns:ask", args=[self.kwargs["workspace"], self.ask.uuid])


def _to_change(request: HttpRequest, workspace: UUID, ask: UUID) -> tuple[Access, Ask]:
    access = _enter_to_manage(request, workspace)
    return access, _ask_or_404(access, ask)


@document_action(_to_change, back="campaigns:ask")
def move_ask(request: HttpRequest, access: Access, found: Ask) -> HttpResponse:
    """Move it up or down in the list (`to`: up, down)."""
    manage.move_ask(access=access, ask=found, up=request.POST.get("to") == "up")
    return redirect("campaigns:asks", access.workspace.uuid)


@document_action(
    _to_change, back="campaigns:ask", success=gettext_lazy("The ask is removed. You can bring it back here.")
)
def remove_ask(_request: HttpRequest, access: Access, found: Ask) -> None:
    """Take it off every list."""
    manage.remove_ask(access=access, ask=found)


@document_action(_to_change, back="campaigns:ask", success=gettext_lazy("The ask is back."))
def restore_ask(_request: HttpRequest, access: Access, found: Ask) -> None:
    """Bring it back."""
    manage.restore_ask(access=access, ask=found)


@document_action(_to_change, back="campaigns:ask", success=gettext_lazy("The step is undone."))
def undo_step(_request: HttpRequest, access: Access, found: Ask) -> None:
    """Take back the step that was recorded last."""
    steps.undo_step(access=access, ask=found)
