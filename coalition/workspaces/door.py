"""The door of the members' area: who looks, into which workspace, and in whose name.

Every view of the desk is wrapped in `members_only` and reaches a workspace by `enter` alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from coalition import live
from coalition.partners.models import User
from coalition.partners.naming import Viewer, viewer_for
from coalition.refused import Refused
from coalition.workspaces import admission, visits
from coalition.workspaces.rules import Access, NotAllowed, access_to

ACTING_FOR = "acting_for"  # session: workspace UUID → UUID of the organisation in whose name the person acts

type View = Callable[..., HttpResponseBase]
type Action = Callable[..., HttpResponse | None]


def members_only(view: View) -> View:
    """A view for signed-in people: sets `request.viewer`, answers 403 in words to `NotAllowed`.

    Whose seats do not count for want of something that they can do is led there instead of to 404.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewer(request)
        visits.touch(request)
        try:
            answer = view(request, *args, **kwargs)
        except NotAllowed as refusal:
            return refused(request, str(refusal))
        except Http404:
            way = admission.way_in(person(request)) if request.method in {"GET", "HEAD"} else ""
            if not way:
                raise
            return redirect(way)
        return answer

    return guarded


def acts(back: str, *, reauthenticate: bool = False) -> Callable[[Action], View]:
    """A view that does one thing in a workspace by POST, called with the access instead of its UUID.

    It then leads `back` to a page of the workspace, unless the view answers itself. What cannot be done
    (`Refused`) is said there. Opened by GET, for example after signing in again, it only leads there.
    `reauthenticate`: the person proves first that it is still they.
    """

    def decorate(view: Action) -> View:
        act = reauthentication_required(view) if reauthenticate else view

        @members_only
        @wraps(view)
        def acting(request: HttpRequest, workspace: UUID, **kwargs: Any) -> HttpResponse:
            access = enter(request, workspace)
            if request.method == "POST":
                try:
                    answer: HttpResponse | None = act(request, access, **kwargs)
                except Refused as refusal:
                    messages.error(request, str(refusal))
                else:
                    if answer is not None:
                        return answer
            return redirect(back, workspace)

        return acting

    return decorate


def person(request: HttpRequest) -> User:
    """The signed-in person, typed. Only behind `members_only`."""
    assert isinstance(request.user, User)  # noqa: S101  tells the type checker what login_required holds
    return request.user


def viewer(request: HttpRequest) -> Viewer:
    """Who looks, for `display_name_for`: read once per request."""
    known: Viewer | None = getattr(request, "viewer", None)
    if known is None:
        known = viewer_for(request.user)
        request.viewer = known  # type: ignore[attr-defined]  # ours, on Django's request
    return known


def enter(request: HttpRequest, workspace: UUID) -> Access:
    """The person's access to the workspace, in the name chosen before (`choose`), kept in `request.access`.

    Raises Http404 for everyone without a seat that counts, as for a workspace that does not exist.
    """
    chosen = request.session.get(ACTING_FOR, {}).get(str(workspace))
    access = access_to(request.user, workspace, acting_for=chosen)
    request.access = access  # type: ignore[attr-defined]  # ours, on Django's request
    viewer(request)
    return access


def choose(request: HttpRequest, access: Access, organisation: UUID) -> None:
    """Remember in whose name the person acts in this workspace. Raises NotAllowed without such a seat."""
    if organisation not in {seat.organisation.uuid for seat in access.seats}:
        raise NotAllowed
    chosen = dict(request.session.get(ACTING_FOR, {}))
    chosen[str(access.workspace.uuid)] = str(organisation)
    request.session[ACTING_FOR] = chosen
    request.session.save()  # open texts read it at once: what is written there is in somebody's name
    live.kick(user_ids=[access.user.pk], reason="acting for")


def refused(request: HttpRequest, why: str = "") -> HttpResponse:
    """The page that says in words what may not be done here."""
    return render(request, "403.html", {"reason": why}, status=403)
