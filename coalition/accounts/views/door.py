"""Who stands before a page of this layer, and as whom."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, viewer_for
from coalition.accounts.queries import OwnMembership, memberships_at_the_door, organisations
from coalition.accounts.rules import NotAllowed, belongs_to, is_secretariat
from coalition.http.request_cache import Kept

type View = Callable[..., HttpResponse]

SHOWS = frozenset({"GET", "HEAD"})  # what changes nothing


_viewer = Kept[Viewer]("viewer")
_memberships = Kept[list[OwnMembership]]("memberships")


def person_of(request: HttpRequest) -> User:
    """The signed-in person, typed. Only behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101  tells the type checker what login_required holds
    return request.user


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks, for `display_name_for`: read once per request."""
    found = _viewer.of(request)
    if found is None:
        shows = request.method in SHOWS
        found = _viewer.put(request, viewer_for(request.user, _memberships.of(request), met_later=shows))
    return found


def memberships_of(request: HttpRequest) -> list[OwnMembership]:
    """The person's memberships that count: read once per request, where a page asks for them."""
    known = _memberships.of(request)
    if known is None:
        user = request.user
        rows = list(memberships_at_the_door(user)) if isinstance(user, User) else []
        known = _memberships.put(request, rows)
    return known


def secretariat_only(view: View) -> View:
    """For the secretariat; to everyone else the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_secretariat(person_of(request)):
            raise Http404
        return _unless_allowed(view, request, *args, **kwargs)

    return guarded


def own_people_only(view: View) -> View:
    """For people of the organisation, given to the view in place of its UUID; others learn nothing."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, organisation: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        row = organisations().filter(uuid=organisation).first()
        if row is None or not belongs_to(person_of(request), row):
            raise Http404
        return _unless_allowed(view, request, row, *args, **kwargs)

    return guarded


def organisation_or_404(uuid: UUID) -> Organisation:
    """For the secretariat: any partner that has not left."""
    row = organisations().filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def _unless_allowed(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except NotAllowed:
        raise Http404 from None
