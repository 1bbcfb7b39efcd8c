"""Who stands before a page of this layer, and as whom."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, viewer_for
from coalition.accounts.permissions import NotAllowed, belongs_to, is_secretariat
from coalition.accounts.queries import OwnMembership, memberships_for_request, organisations
from coalition.http.request_cache import RequestSlot

type AccountsView = Callable[..., HttpResponse]

READ_METHODS = frozenset({"GET", "HEAD"})  # what changes nothing


_viewer_slot = RequestSlot[Viewer]("viewer")
_memberships_slot = RequestSlot[list[OwnMembership]]("memberships")


def get_person(request: HttpRequest) -> User:
    """The signed-in person, typed. Only behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101  tells the type checker what login_required holds
    return request.user


def get_viewer(request: HttpRequest) -> Viewer:
    """Who looks, for `display_name_for`: read once per request."""
    found = _viewer_slot.of(request)
    if found is None:
        shows = request.method in READ_METHODS
        found = _viewer_slot.put(
            request, viewer_for(request.user, _memberships_slot.of(request), met_later=shows)
        )
    return found


def get_memberships(request: HttpRequest) -> list[OwnMembership]:
    """The person's memberships that count: read once per request, where a page asks for them."""
    known = _memberships_slot.of(request)
    if known is None:
        user = request.user
        rows = list(memberships_for_request(user)) if isinstance(user, User) else []
        known = _memberships_slot.put(request, rows)
    return known


def secretariat_required(view: AccountsView) -> AccountsView:
    """For the secretariat; to everyone else the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_secretariat(get_person(request)):
            raise Http404
        return _call_or_404(view, request, *args, **kwargs)

    return guarded


def organisation_member_required(view: AccountsView) -> AccountsView:
    """For people of the organisation, given to the view in place of its UUID; others learn nothing."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, organisation: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        row = organisations().filter(uuid=organisation).first()
        if row is None or not belongs_to(get_person(request), row):
            raise Http404
        return _call_or_404(view, request, row, *args, **kwargs)

    return guarded


def organisation_or_404(uuid: UUID) -> Organisation:
    """For the secretariat: any partner that has not left."""
    row = organisations().filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def _call_or_404(view: AccountsView, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except NotAllowed:
        raise Http404 from None
