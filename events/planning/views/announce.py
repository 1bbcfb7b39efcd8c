"""What changes what people are told: announcing an event, moving it, cancelling it."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.publication.actions.publish import NotReady
from events.conflicts import views as conflicts_views
from events.core.access import title_of, to_own_event
from events.core.actions.announce import announce_event, obstacles
from events.core.actions.cancel import cancel_event
from events.core.actions.reschedule import move_event
from events.core.enums import Visibility
from events.core.forms.planning import MoveForm, initial_of_move
from events.core.forms.reasons import AnnounceForm
from events.core.models.event import Event
from events.core.permissions import may_announce, may_cancel, require_that


def _tells_everyone(request: HttpRequest) -> bool:
    return request.POST.get("visibility") == Visibility.PUBLIC


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(enabled=_tells_everyone)
def announce(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who is to be told, and what is missing for each; or, on POST, telling them.

    Telling everyone is publishing: it asks again who one is.
    """
    access, found = to_own_event(request, event)
    require_that(
        may_announce(access, found, Visibility.WORKSPACE), _("Editors and coordinators announce this event.")
    )
    form = AnnounceForm(
        request.POST if request.method == "POST" else None,
        initial={"visibility": _first_ready(request, found)},
    )
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            told = announce_event(
                access=access, event=found, visibility=Visibility(form.cleaned_data["visibility"])
            )
        except NotReady as refusal:
            reasons = refusal.reasons
        except Refused as refusal:
            reasons = [refusal.message]
        else:
            messages.success(request, _told_words(told))
            return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": title_of(found),
        "form": form,
        "reasons": reasons,
        "steps": _steps(request, access, found),
    }
    status = 409 if reasons else 422 if form.errors else 200
    return render(request, "events/desk/announce.html", context, status=status)


def _steps(request: HttpRequest, access: Access, event: Event) -> list[dict[str, object]]:
    """Each width with what stands in its way."""
    viewer = door.viewer(request)
    return [
        {
            "value": visibility.value,
            "label": visibility.label,
            "about": _about(visibility),
            "missing": [*_not_theirs(access, event, visibility), *obstacles(event, visibility, viewer)],
        }
        for visibility in Visibility
    ]


def _not_theirs(access: Access, event: Event, visibility: Visibility) -> list[str]:
    if may_announce(access, event, visibility):
        return []
    return [_("Coordinators tell everyone of an event; ask one of them.")]


def _about(visibility: Visibility) -> str:
    return {
        Visibility.WORKSPACE: _("Everyone with a seat in this workspace, observers too."),
        Visibility.COALITION: _("Every member of the coalition, in their calendar. Not the media partners."),
        Visibility.PUBLIC: _("The whole world: the site, the calendars that people subscribed to, searches."),
    }[visibility]


def _first_ready(request: HttpRequest, event: Event) -> str:
    viewer = door.viewer(request)
    ready = [one for one in Visibility if not obstacles(event, one, viewer)]
    return (ready or [Visibility.WORKSPACE])[0]


def _told_words(event: Event) -> str:
    if event.visibility == Visibility.PUBLIC:
        return _("It is public now, in every language, and in the calendars.")
    return _("It is announced.")


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Another time or place. Those who were told of the old one are told of the new one."""
    access, found = to_own_event(request, event)
    require_that(may_cancel(access, found), _("Editors and coordinators move this event."))
    if not found.is_told:
        return redirect("events:change", found.uuid)
    form = MoveForm(
        conflicts_views.sent(request), event=found, initial=initial_of_move(found, request.GET.get("at", ""))
    )
    in_the_way = None
    if request.method == "POST" and form.is_valid():
        in_the_way = conflicts_views.to_show(request, access, form.times, form.cleaned_data, found)
    if in_the_way is None and request.method == "POST" and form.is_valid():
        try:
            move_event(access=access, event=found, times=form.times, place=form.place, texts=form.words)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Moved. Everyone who was told of it is told of this."))
            return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": title_of(found),
        "form": form,
        "found": in_the_way,
    }
    if in_the_way is not None and not form.errors:
        return render(request, "events/desk/move.html", context, status=409)
    return form_page(request, "events/desk/move.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, event: UUID) -> HttpResponse:
    """Cancel for good: asked once more, since it cannot be taken back."""
    access, found = to_own_event(request, event)
    require_that(may_cancel(access, found), _("Editors and coordinators cancel this event."))
    if request.method == "POST":
        cancel_event(access=access, event=found)
        messages.success(request, _("Cancelled. Its page and the calendars say so."))
        return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": title_of(found),
        "invited": found.invitations.filter(withdrawn_at=None).count(),
    }
    return render(request, "events/desk/cancel.html", context)
