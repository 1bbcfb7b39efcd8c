"""Generic views of the press desk: a page, a form, one action by POST, removing and restoring."""

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_POST, require_safe

from coalition.core.errors import Refused
from coalition.workspaces.access import MemberView, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.permissions import Access
from coalition.workspaces.visits import offer_undo
from events.press.permissions import get_press_desk_access, press_desk_context

type PressDeskAction = Callable[..., HttpResponse | None]
type RowsFor = Callable[[Access], QuerySet[Any]]


class PressDeskFormView(MemberFormView):
    """A form of the press desk on the page `tab`; it then shows the page `success_name` of the workspace.

    `row`: the object to change, set in `load`; None for a new one. A ModelForm is bound to a copy, so that
    the page of a refused form shows the stored values.
    """

    tab = ""
    success_name = ""
    access: Access
    row: Any = None

    def load(self) -> None:
        self.access = get_press_desk_access(self.request, self.kwargs["workspace"])

    def get_instance(self) -> Any:
        return copy(self.row)

    def get_success_url(self) -> str:
        return reverse(self.success_name, args=[self.access.workspace.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | press_desk_context(self.access, self.tab, row=self.row)


def press_desk_page(
    template: str, tab: str, load: Callable[[HttpRequest, UUID], Access] = get_press_desk_access
) -> Callable[[Callable[..., dict[str, Any]]], MemberView]:
    """Make a view of a page that only reads, called with the request and the access; it returns the context.

    `load`: for pages that more people may read than the press desk.
    """

    def decorate(view: Callable[..., dict[str, Any]]) -> MemberView:
        @member_required
        @require_safe
        @wraps(view)
        def show(request: HttpRequest, workspace: UUID, **kwargs: Any) -> HttpResponse:
            access = load(request, workspace)
            context = view(request, access, **kwargs)
            return render(request, template, press_desk_context(access, tab) | context)

        return show

    return decorate


def press_desk_action(
    back: str, *, success: str | Promise = "", same_row: bool = False
) -> Callable[[PressDeskAction], MemberView]:
    """Make a view of one action at the press desk, by POST, called with the request and the access.

    It flashes `success` or the reason of `Refused`, and redirects to `back`, a page of the workspace or,
    with `same_row`, of the row that the URL names, unless the view returns a response.
    """

    def decorate(view: PressDeskAction) -> MemberView:
        @member_required
        @require_POST
        @wraps(view)
        def act(request: HttpRequest, workspace: UUID, **kwargs: Any) -> HttpResponse:
            access = get_press_desk_access(request, workspace)
            answer = None
            try:
                answer = view(request, access, **kwargs)
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                if success:
                    messages.success(request, str(success))
            return answer or redirect(back, workspace=workspace, **(kwargs if same_row else {}))

        return act

    return decorate


def press_removal_urls(
    route: str,
    name: str,
    *,
    item: str,
    rows: RowsFor,
    removed_rows: RowsFor,
    remove: Callable[..., object],
    restore: Callable[..., object],
    removed: str | Promise,
    restored: str | Promise,
    back: str,
) -> list[URLPattern]:
    """Return `<route>remove/` and `<route>restore/`, named `<name>_remove` and `<name>_restore`.

    `item` names the row's UUID in `route` and the row as argument of the actions; it is looked up in `rows`
    or `removed_rows`. Removing offers to undo it.
    """

    @press_desk_action(back)
    def remove_row(request: HttpRequest, access: Access, **kwargs: UUID) -> None:
        remove(access=access, **{item: get_object_or_404(rows(access), uuid=kwargs[item])})
        url = reverse(f"events:{name}_restore", args=[access.workspace.uuid, kwargs[item]])
        offer_undo(request, text=str(removed), url=url)

    @press_desk_action(back, success=restored)
    def restore_row(request: HttpRequest, access: Access, **kwargs: UUID) -> None:
        restore(access=access, **{item: get_object_or_404(removed_rows(access), uuid=kwargs[item])})

    return [
        path(f"{route}remove/", remove_row, name=f"{name}_remove"),
        path(f"{route}restore/", restore_row, name=f"{name}_restore"),
    ]
