"""Access decorators of the member area: viewer, workspace and the organisation acted for.

Every view is wrapped in `member_required` and gets a workspace through `get_access` alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from coalition import live_push
from coalition.accounts.views.access import READ_METHODS, get_memberships, get_person, get_viewer
from coalition.core.crypto import cache_decrypted
from coalition.core.errors import Refused
from coalition.http.responses import RequestSlot
from coalition.workspaces import seat_conditions, visits
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from coalition.workspaces.queries import for_page

ACTING_FOR_KEY = "acting_for"  # session: workspace UUID → UUID of the organisation that the person acts for

type MemberView = Callable[..., HttpResponseBase]
type PostAction = Callable[..., HttpResponse | None]


def member_required(view: MemberView) -> MemberView:
    """Require sign-in; set `request.viewer`; answer `NotAllowed` with a 403 page.

    If the person's seats are inactive for a reason that they can remedy, redirect there instead of 404.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visits.record_visit(request)
        who = get_person(request)  # the view may log the user out
        if request.method in READ_METHODS:
            request.user = for_page(who)
        try:
            with cache_decrypted():
                get_memberships(request)  # the rail displays one, `viewer` needs all
                get_viewer(request)
                return view(request, *args, **kwargs)
        except NotAllowed as refusal:
            return render(request, "403.html", {"reason": str(refusal)}, status=403)
        except Http404:
            reads = request.method in READ_METHODS
            if reads and (address := seat_conditions.redirect_address_for(who)):
                return redirect(address)
            raise
        finally:
            if request.method == "POST":
                visits.forget_waiting_count(who)

    return guarded


def post_action(back: str, *, reauthenticate: bool = False) -> Callable[[PostAction], MemberView]:
    """Make a view of one action in a workspace, by POST, called with the access instead of its UUID.

    It then redirects to `back`, a page of the workspace, unless the view returns a response. `Refused`
    is flashed there. A GET, for example after signing in again, only redirects. `reauthenticate`:
    require reauthentication first.
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
    """Return the access set by `get_access` on the request. Raises LookupError if there is none."""
    access = _access_slot.of(request)
    if access is None:
        raise LookupError("nobody has entered")
    return access


def get_access(request: HttpRequest, workspace: UUID) -> Access:
    """Set `request.access`: the person's access for the organisation of `choose_acting_organisation`.

    Raises Http404 for everyone without an active seat, as for a workspace that does not exist.
    """
    chosen = request.session.get(ACTING_FOR_KEY, {}).get(str(workspace))
    access = _access_slot.put(request, access_to(request.user, workspace, acting_for=chosen))
    get_viewer(request)
    return access


def choose_acting_organisation(request: HttpRequest, access: Access, organisation: str) -> None:
    """Store the organisation (UUID) the person acts for here. Raises NotAllowed without such a seat."""
    if organisation not in {str(seat.organisation.uuid) for seat in access.seats}:
        raise NotAllowed
    chosen = request.session.get(ACTING_FOR_KEY, {})
    request.session[ACTING_FOR_KEY] = chosen | {str(access.workspace.uuid): organisation}
    request.session.save()  # open editors read it at once, to attribute edits to the organisation
    live_push.recheck_sockets(user_ids=[access.user.pk], reason="acting for")
