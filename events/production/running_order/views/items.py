"""One item of a running order: added, changed, taken out, brought back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import may_change
from events.production.running_order import actions
from events.production.running_order.forms import ItemForm, initial_item
from events.production.running_order.models import RunningItem
from events.production.running_order.views.plan import to_preparing

PAGE = "events/running/item.html"


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add an item, at the end or after the one named by `after`."""
    access, found, _order = to_preparing(request, event)
    require_that(may_change(access, found), _("Editors and coordinators write the running order."))
    form = ItemForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.add_item(access=access, event=found, item=form.item, after=_after(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            if "another" in request.POST:
                messages.success(request, _("Added. Here is the next one."))
                return redirect(f"{reverse('events:running_add', args=[found.uuid])}?after={made.uuid}")
            return redirect(_place_of(found, made.uuid))
    return form_page(request, PAGE, _context(access, found, form, None))


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Change an item. What somebody else wrote meanwhile is shown beside what was typed."""
    access, found, order = to_preparing(request, event)
    require_that(may_change(access, found), _("Editors and coordinators write the running order."))
    row = order.items.filter(uuid=item, removed_at=None).first() if order is not None else None
    if row is None:
        raise Http404
    if request.method != "POST":
        return form_page(request, PAGE, _context(access, found, ItemForm(initial=initial_item(row)), row))
    form = ItemForm(request.POST)
    theirs: RunningItem | None = None
    if form.is_valid():
        try:
            actions.change_item(access=access, event=found, uuid=item, item=form.item, seen=_seen(request))
            return redirect(_place_of(found, item))
        except actions.Stale as stale:
            form.add_error(None, stale.message)
            theirs = row = stale.item
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return form_page(request, PAGE, _context(access, found, form, row) | {"theirs": theirs})


@door.members_only
@require_POST
def remove(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Take an item out, with an undo."""
    access, found, _order = to_preparing(request, event)
    with telling(request):
        actions.take_out(access=access, event=found, uuid=item)
        back = reverse("events:running_back", args=[found.uuid, item])
        undo.offer(request, text=_("The item is taken out."), url=back)
    return redirect("events:running_order", found.uuid)


@door.members_only
@require_POST
def restore(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Bring an item back to its place."""
    access, found, _order = to_preparing(request, event)
    with telling(request, _("The item is back in its place.")):
        actions.bring_back(access=access, event=found, uuid=item)
    return redirect(_place_of(found, item))


def _context(access: Access, event: Event, form: ItemForm, row: RunningItem | None) -> dict[str, object]:
    return {
        **event_context(access, event),
        "form": form,
        "item": row,
    }


def _place_of(event: Event, item: UUID) -> str:
    return f"{reverse('events:running_order', args=[event.uuid])}#item-{item}"


def _after(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _seen(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1
