"""Access decorators and viewer helpers for views of this layer."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_mark_for, viewer_for
from coalition.accounts.permissions import belongs_to, is_secretariat, represents
from coalition.accounts.queries import OwnMembership, memberships_for_request, organisations
from coalition.core.errors import Refused
from coalition.http.generic_views import ActionFormView
from coalition.http.responses import RequestSlot

type AccountsView = Callable[..., HttpResponseBase]
type PostedAction = Callable[..., HttpResponse | str | None]

READ_METHODS = frozenset({"GET", "HEAD"})  # safe methods
_viewer_slot = RequestSlot[Viewer]("viewer")
_memberships_slot = RequestSlot[list[OwnMembership]]("memberships")


def get_person(request: HttpRequest) -> User:
    """Return the signed-in person, typed. Only behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101  tells the type checker what login_required holds
    return request.user


def get_viewer(request: HttpRequest) -> Viewer:
    """Return the viewer for `display_name_for`, loaded once per request."""
    found = _viewer_slot.of(request)
    if found is None:
        shows = request.method in READ_METHODS
        found = _viewer_slot.put(
            request, viewer_for(request.user, _memberships_slot.of(request), met_later=shows)
        )
    return found


def get_memberships(request: HttpRequest) -> list[OwnMembership]:
    """Return the person's active memberships, loaded once per request on first use."""
    known = _memberships_slot.of(request)
    if known is None:
        user = request.user
        rows = list(memberships_for_request(user)) if isinstance(user, User) else []
        known = _memberships_slot.put(request, rows)
    return known


def secretariat_required(view: AccountsView) -> AccountsView:
    """Restrict the view to the secretariat; everyone else gets 404."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_secretariat(get_person(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def organisation_member_required(view: AccountsView) -> AccountsView:
    """Restrict the view to people of the organisation, which replaces its UUID; others get 404."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, organisation: UUID, **kwargs: Any) -> HttpResponseBase:
        row = organisation_or_404(organisation)
        if not belongs_to(get_person(request), row):
            raise Http404
        return view(request, organisation=row, **kwargs)

    return guarded


def posted_action(back: str) -> Callable[[PostedAction], AccountsView]:
    """Make a view of one action by POST.

    It flashes the message that the view returns, or the reason of `Refused`, and redirects to `back` (for
    the view's `organisation`, if it has one), unless the view returns a response.
    """

    def decorate(view: PostedAction) -> AccountsView:
        @require_POST
        @wraps(view)
        def act(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            try:
                answer = view(request, **kwargs)
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                if isinstance(answer, HttpResponse):
                    return answer
                if answer:
                    messages.success(request, answer)
            organisation = kwargs.get("organisation")
            uuid = organisation.uuid if isinstance(organisation, Organisation) else organisation
            return redirect(back, *([uuid] if uuid else []))

        return act

    return decorate


def organisation_or_404(uuid: UUID) -> Organisation:
    """Return any organisation that has not left."""
    return get_object_or_404(organisations(), uuid=uuid)


@method_decorator(secretariat_required, name="dispatch")
class SecretariatFormView(ActionFormView):
    """A form of the secretariat."""


@method_decorator(login_required, name="dispatch")
class OrganisationFormView(ActionFormView):
    """A form of representatives about their organisation; it then shows the organisation's page."""

    organisation: Organisation

    def load(self) -> None:
        self.organisation = organisation_or_404(self.kwargs["organisation"])
        if not represents(get_person(self.request), self.organisation):
            raise Http404

    def get_success_url(self) -> str:
        return reverse("partners:organisation", args=[self.organisation.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mark = display_mark_for(get_viewer(self.request), self.organisation)
        return {"organisation": self.organisation, "mark": mark, **super().get_context_data(**kwargs)}
