"""The door of the members' area: who looks, into which workspace, and in whose name.

Every view of the desk is wrapped in `members_only` and reaches a workspace by `enter` alone.
"""

from collections.abc import Callable
from contextlib import nullcontext
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
from coalition.accounts.views.door import SHOWS, memberships_of, person_of, viewer_of
from coalition.core.crypto import unsealed_once
from coalition.core.errors import Refused
from coalition.http.request_cache import Kept
from coalition.workspaces import seat_conditions, visits, waiting_count
from coalition.workspaces.queries import seats_read_once
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
        visits.touch(request)
        who = person(request)  # who leaves is nobody afterwards
        # A page that only shows reads the person's seats once, at its beginning.
        seats = seats_read_once(who) if request.method in SHOWS else nullcontext()
        try:
            with seats, unsealed_once():
                memberships_of(request)  # the rail shows one, `viewer` asks for all
                viewer(request)
                answer = view(request, *args, **kwargs)
        except NotAllowed as refusal:
            return refused(request, str(refusal))
        except Http404:
            way = seat_conditions.way_in(who) if request.method in SHOWS else ""
            if not way:
                raise
            return redirect(way)
        finally:
            if request.method == "POST":
                waiting_count.changed(who)
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


person = person_of  # only behind `members_only`
viewer = viewer_of
_access = Kept[Access]("access")


def entered(request: HttpRequest) -> Access:
    """The access of a request that has come through `enter`. Raises LookupError for one that has not."""
    access = _access.of(request)
    if access is None:
        raise LookupError("nobody has entered")
    return access


def enter(request: HttpRequest, workspace: UUID) -> Access:
    """The person's access to the workspace, in the name chosen before (`choose`), kept in `request.access`.

    Raises Http404 for everyone without a seat that counts, as for a workspace that does not exist.
    """
    chosen = request.session.get(ACTING_FOR, {}).get(str(workspace))
    access = _access.put(request, access_to(request.user, workspace, acting_for=chosen))
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
