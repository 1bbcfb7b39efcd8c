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

from coalition import live_push
from coalition.accounts.views.access import READ_METHODS, get_memberships, get_person, get_viewer
from coalition.core.crypto import cache_decrypted
from coalition.core.errors import Refused
from coalition.http.request_cache import RequestSlot
from coalition.workspaces import seat_conditions, visits, waiting_count
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from coalition.workspaces.queries import cache_seats

ACTING_FOR_KEY = (
    "acting_for"  # session: workspace UUID → UUID of the organisation in whose name the person acts
)

type MemberView = Callable[..., HttpResponseBase]
type PostAction = Callable[..., HttpResponse | None]


def member_required(view: MemberView) -> MemberView:
    """A view for signed-in people: sets `request.viewer`, answers 403 in words to `NotAllowed`.

    Whose seats do not count for want of something that they can do is led there instead of to 404.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visits.record_visit(request)
        who = get_person(request)  # who leaves is nobody afterwards
        # A page that only shows reads the person's seats once, at its beginning.
        seats = cache_seats(who) if request.method in READ_METHODS else nullcontext()
        try:
            with seats, cache_decrypted():
                get_memberships(request)  # the rail shows one, `viewer` asks for all
                get_viewer(request)
                answer = view(request, *args, **kwargs)
        except NotAllowed as refusal:
            return refusal_page(request, str(refusal))
        except Http404:
            way = seat_conditions.redirect_address_for(who) if request.method in READ_METHODS else ""
            if not way:
                raise
            return redirect(way)
        finally:
            if request.method == "POST":
                waiting_count.forget_waiting_count(who)
        return answer

    return guarded


def post_action(back: str, *, reauthenticate: bool = False) -> Callable[[PostAction], MemberView]:
    """A view that does one thing in a workspace by POST, called with the access instead of its UUID.

    It then leads `back` to a page of the workspace, unless the view answers itself. What cannot be done
    (`Refused`) is said there. Opened by GET, for example after signing in again, it only leads there.
    `reauthenticate`: the person proves first that it is still they.
    """

    def decorate(view: PostAction) -> MemberView:
        act = reauthentication_required(view) if reauthenticate else view

        @member_required
        @wraps(view)
        def acting(request: HttpRequest, workspace: UUID, **kwargs: Any) -> HttpResponse:
            access = get_access(request, workspace)
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


_access_slot = RequestSlot[Access]("access")


def current_access(request: HttpRequest) -> Access:
    """The access of a request that has come through `enter`. Raises LookupError for one that has not."""
    access = _access_slot.of(request)
    if access is None:
        raise LookupError("nobody has entered")
    return access


def get_access(request: HttpRequest, workspace: UUID) -> Access:
    """The person's access to the workspace, in the name chosen before (`choose`), kept in `request.access`.

    Raises Http404 for everyone without a seat that counts, as for a workspace that does not exist.
    """
    chosen = request.session.get(ACTING_FOR_KEY, {}).get(str(workspace))
    access = _access_slot.put(request, access_to(request.user, workspace, acting_for=chosen))
    get_viewer(request)
    return access


def choose_acting_organisation(request: HttpRequest, access: Access, organisation: UUID) -> None:
    """Remember in whose name the person acts in this workspace. Raises NotAllowed without such a seat."""
    if organisation not in {seat.organisation.uuid for seat in access.seats}:
        raise NotAllowed
    chosen = dict(request.session.get(ACTING_FOR_KEY, {}))
    chosen[str(access.workspace.uuid)] = str(organisation)
    request.session[ACTING_FOR_KEY] = chosen
    request.session.save()  # open texts read it at once: what is written there is in somebody's name
    live_push.recheck_sockets(user_ids=[access.user.pk], reason="acting for")


def refusal_page(request: HttpRequest, why: str = "") -> HttpResponse:
    """The page that says in words what may not be done here."""
    return render(request, "403.html", {"reason": why}, status=403)
