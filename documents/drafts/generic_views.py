"""Generic views of documents in the member area: a form, one action by POST."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.views.decorators.http import require_POST

from coalition.core.errors import Refused
from coalition.workspaces.access import MemberView, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.permissions import Access
from documents.drafts.access import access_to_drafts, to_draft
from documents.drafts.models import Draft


class WorkspaceFormView(MemberFormView):
    """A form in a workspace, for members who see its drafts. Subclasses check further rights in `load`."""

    access: Access

    def load(self) -> None:
        self.access = access_to_drafts(self.request, self.kwargs["workspace"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"access": self.access, "workspace": self.access.workspace}
        return super().get_context_data(**kwargs) | context

    def refused_field(self, form: Any, refusal: Refused) -> str | None:
        """Return the field beside which a refusal is shown; None: above the form."""
        return None

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        form.add_error(self.refused_field(form, refusal), refusal.message)
        return self.form_invalid(form)


class DraftFormView(WorkspaceFormView):
    """A form about one draft; it then shows the page of the draft."""

    draft: Draft

    def load(self) -> None:
        self.access, self.draft = to_draft(self.request, self.kwargs["draft"])

    def get_success_url(self) -> str:
        return self.draft.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"draft": self.draft}


def document_action(
    load: Callable[..., Any],
    *,
    back: str = "",
    success: str | Promise = "",
    reauthenticate: bool = False,
) -> Callable[[Callable[..., HttpResponse | None]], MemberView]:
    """Make a view of one action, by POST, called with the request, the loaded objects and further arguments.

    `load`, such as `to_draft`, gets the first arguments of the URL, as many as it has parameters, and
    returns an object or several. The view flashes `success` or the reason of `Refused`, and redirects to
    `back`, a page with the same arguments ("": the page of the last object), unless the action returns a
    response. `reauthenticate`: require reauthentication first.
    """
    loaded_arguments = len(inspect.signature(load).parameters) - 1  # without the request

    def decorate(action: Callable[..., HttpResponse | None]) -> MemberView:
        @wraps(action)
        def act(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            arguments = list(kwargs.values())[:loaded_arguments]
            further = dict(list(kwargs.items())[loaded_arguments:])
            found, answer = load(request, *arguments), None
            loaded = found if isinstance(found, tuple) else (found,)
            try:
                answer = action(request, *loaded, **further)
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                if success:
                    messages.success(request, str(success))
            return answer or (redirect(back, *arguments) if back else redirect(loaded[-1]))

        return member_required(require_POST(reauthentication_required(act) if reauthenticate else act))

    return decorate
