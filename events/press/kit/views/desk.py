"""The kit at the desk: how it opens, what stands in it, its order, its link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, to_own_event
from events.press.kit.actions import items, settings
from events.press.kit.enums import KitKind, KitPhase
from events.press.kit.forms import ItemForm, KitTermsForm, initial_terms
from events.press.kit.models import EventKit
from events.press.kit.opening import stands_on_page
from events.press.kit.presenters.desk import held_count, link_of, parts_of
from events.press.kit.queries.kit import kit_of, opened_count


def to_kit(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, EventKit | None]:
    """The event and its kit, for those who prepare it: what is in it is not told before it opens."""
    access, event = to_own_event(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event see its kit."))
    return access, event, kit_of(event)


def to_change(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, EventKit | None]:
    """The same for who may change it."""
    access, event, kit = to_kit(request, uuid)
    require_that(may_change(access, event), settings.ONLY_PLANNERS)
    return access, event, kit


@door.members_only
@never_cache
@require_safe
def kit(request: HttpRequest, event: UUID) -> HttpResponse:
    """What stands in it; before it is begun, how to begin it."""
    access, found, row = to_kit(request, event)
    context = planning_context(access, found)
    if row is None:
        return render(request, "events/kit/none.html", context)
    parts = parts_of(access, row)
    opened, confirmed = opened_count(row)
    afterwards = row.afterwards_at
    context |= {
        "kit": row,
        "parts": parts,
        "held": held_count(parts),
        "opened": opened,
        "confirmed": confirmed,
        "link": link_of(row) if context["may_change"] else "",
        "page": reverse("public_kit", args=[found.slug]) if stands_on_page(row) else "",
        "can_open": found.starts_at <= now() and (afterwards is None or afterwards > now()),
    }
    return render(request, "events/kit/desk.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Begin it, or change how it opens."""
    access, found, row = to_change(request, event)
    initial = initial_terms(found, row)
    form = KitTermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            settings.set_kit(access=access, event=found, terms=form.terms(found))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:kit", found.uuid)
    return form_page(
        request, "events/kit/terms.html", planning_context(access, found) | {"form": form, "kit": row}
    )


@door.members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, event: UUID, phase: str, kind: str) -> HttpResponse:
    """Put a thing of one kind into one part of it."""
    access, found, row = to_change(request, event)
    if kind not in KitKind.values or phase not in KitKind(kind).phases:
        raise Http404
    if row is None:
        return redirect("events:kit", found.uuid)
    sort, when = KitKind(kind), KitPhase(phase)
    sent = request.POST if request.method == "POST" else None
    form = ItemForm(sent, access=access, kit=row, kind=sort, phase=when)
    if form.is_bound and form.is_valid():
        try:
            item = items.add_item(access=access, event=found, content=form.content)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("It is in the kit."))
            return redirect(f"{reverse('events:kit', args=[found.uuid])}#item-{item.uuid}")
    more = {"form": form, "kind": sort, "phase": when}
    return form_page(request, "events/kit/add.html", planning_context(access, found) | more)


@door.members_only
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one thing `up` or `down` by one place."""
    access, found, _row = to_change(request, event)
    moved = ""
    with telling(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                items.step_item(access=access, event=found, uuid=_uuid(moved), down=name == "down")
    return redirect(f"{reverse('events:kit', args=[found.uuid])}#item-{moved}")


@door.members_only
@require_POST
def remove(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Take a thing out, with an undo."""
    access, found, _row = to_change(request, event)
    with telling(request):
        items.take_out(access=access, event=found, uuid=item)
        back = reverse("events:kit_item_back", args=[found.uuid, item])
        undo.offer(request, text=_("It is taken out of the kit."), url=back)
    return redirect("events:kit", found.uuid)


@door.members_only
@require_POST
def restore(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Bring a thing back to its place."""
    access, found, _row = to_change(request, event)
    with telling(request, _("It is back in its place.")):
        items.bring_back(access=access, event=found, uuid=item)
    return redirect("events:kit", found.uuid)


@door.members_only
@require_POST
def afterwards(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open what is for afterwards."""
    access, found, _row = to_change(request, event)
    with telling(request, _("It is open. Everybody confirmed gets a mail.")):
        settings.open_afterwards(access=access, event=found)
    return redirect("events:kit", found.uuid)


@door.members_only
@require_POST
def new_link(request: HttpRequest, event: UUID) -> HttpResponse:
    """Make the link anew."""
    access, found, _row = to_change(request, event)
    with telling(request, _("There is a new link. The one of before opens nothing any more.")):
        settings.new_link(access=access, event=found)
    return redirect("events:kit", found.uuid)


def _uuid(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError as error:
        raise Http404 from error
