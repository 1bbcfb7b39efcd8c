"""How the person is told, and the browsers that may be woken."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access
from coalition.workspaces.domain import browsers
from coalition.workspaces.domain.notification_settings import change
from coalition.workspaces.notification_forms import TellingForm, initial_of
from coalition.workspaces.notifications.push import RENEWED, public_key
from coalition.workspaces.notifications.queries import browsers_of, muted_by, settings_of
from coalition.workspaces.queries import workspaces_for


@access.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """When the person is written to and woken."""
    person = access.person(request)
    places = list(workspaces_for(person).order_by("title"))
    muted = muted_by(person)
    form = TellingForm(
        request.POST if request.method == "POST" else None,
        places=places,
        initial=initial_of(settings_of(person), [place for place in places if place.pk in muted]),
    )
    if request.method == "POST" and form.is_valid():
        change(person=person, **form.wishes)
        messages.success(request, _("Saved."))
        return redirect("workspaces:notifications")
    context = {
        "nav_current": "inbox",
        "form": form,
        "zone": person.time_zone,
        "push_key": public_key(),
        "woken": browsers_of([person]).count(),
    }
    return form_page(request, "workspaces/notifications.html", context)


@access.members_only
@require_POST
def push_allow(request: HttpRequest) -> HttpResponse:
    """The browser may be woken at the address that its push service gave it."""
    if not public_key():
        return JsonResponse({"on": False}, status=404)
    try:
        browsers.allow(
            person=access.person(request),
            address=request.POST.get("address", ""),
            session_key=request.session.session_key or "",
        )
    except Refused as refusal:
        return JsonResponse({"on": False, "why": refusal.message}, status=422)
    request.session[RENEWED] = True
    return JsonResponse({"on": True})


@access.members_only
@require_POST
def push_renew(request: HttpRequest) -> HttpResponse:
    """The browser was allowed before, in another session of the same person."""
    on = browsers.renew(
        person=access.person(request),
        address=request.POST.get("address", ""),
        session_key=request.session.session_key or "",
    )
    request.session[RENEWED] = True
    return JsonResponse({"on": on})


@access.members_only
@require_POST
def push_stop(request: HttpRequest) -> HttpResponse:
    """Wake this browser no longer (`address`), or none of the person's."""
    address = request.POST.get("address", "")
    browsers.stop(person=access.person(request), address=address)
    if address:
        return JsonResponse({"on": False})
    messages.success(request, _("No browser of yours is woken any more."))
    return redirect("workspaces:notifications")


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that a woken browser runs. It is fetched without a session too and knows nobody: it says
    one sentence, in the language of its address."""
    language = request.GET.get("language", "")
    with override(language if language in Language.values else Language.KK):
        return render(request, "workspaces/push.js", content_type="text/javascript")
