"""The works of an exhibition at the desk: the list, one work, what is beside them, what is on the site."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import event_context, jpeg_response
from events.core.permissions import may_change, to_own_event
from events.exhibitions.works.actions import works as acts
from events.exhibitions.works.actions.exhibition import close_catalogue, open_catalogue, set_around
from events.exhibitions.works.forms import AroundForm, WorkForm, initial_around, initial_work
from events.exhibitions.works.models import Work
from events.exhibitions.works.presenters.desk import work_rows
from events.exhibitions.works.queries import exhibition_of, work_of, works_of


def to_exhibition(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """An exhibition, for who may change it: lenders, values and makers who are not named are theirs."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), _("Editors and coordinators keep the works of an exhibition."))
    if event.kind != EventKind.EXHIBITION:
        raise Http404
    return access, event


def to_work(request: HttpRequest, event: UUID, work: UUID) -> tuple[Access, Event, Work]:
    """A work that hangs there."""
    access, found = to_exhibition(request, event)
    row = work_of(found, work)
    if row is None:
        raise Http404
    return access, found, row


@door.members_only
@never_cache
@require_safe
def works(request: HttpRequest, event: UUID) -> HttpResponse:
    """The works in the order of hanging, with what each one lacks."""
    access, found = to_exhibition(request, event)
    return _draw(request, access, found)


def _draw(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    exhibition = exhibition_of(event)
    is_open = exhibition is not None and exhibition.opened_at is not None
    context = event_context(access, event) | {
        "rows": work_rows(event, works_of(event)),
        "exhibition": exhibition,
        "is_open": is_open,
        "public_url": reverse("public_works", args=[event.slug]) if is_open and event.is_public else "",
        "may_change": not event.cancelled_at,
    }
    return render(request, "events/works/list.html", context)


@door.members_only
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one work: `up` or `down` by one place (a button), or `item` before `before` (dragged)."""
    access, found = to_exhibition(request, event)
    moved = ""
    with telling(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                acts.step_work(access=access, event=found, uuid=_uuid(moved), down=name == "down")
        if "item" in request.POST:
            moved, before = request.POST["item"], request.POST.get("before", "")
            target = _uuid(before) if before else None
            acts.move_work(access=access, event=found, uuid=_uuid(moved), before=target)
    if request.headers.get("HX-Request"):
        return _draw(request, access, found)
    return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{moved}")


@door.members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add a work at the end."""
    access, found = to_exhibition(request, event)
    sent = request.POST if request.method == "POST" else None
    form = WorkForm(sent, access=access, initial=initial_work(None))
    if form.is_bound and form.is_valid():
        try:
            work = acts.add_work(access=access, event=found, about=form.about)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The work is in the exhibition."))
            if "another" in request.POST:
                return redirect("events:work_add", found.uuid)
            return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work.uuid}")
    return form_page(request, "events/works/work.html", event_context(access, found) | {"form": form})


@door.members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Change a work. What somebody else wrote meanwhile is shown beside what was typed."""
    access, found, row = to_work(request, event, work)
    sent = request.POST if request.method == "POST" else None
    form = WorkForm(sent, access=access, work=row, initial=initial_work(row))
    theirs: Work | None = None
    if form.is_bound and form.is_valid():
        try:
            acts.change_work(access=access, event=found, uuid=work, about=form.about, seen=_seen(request))
        except acts.StaleWork as stale:
            form.add_error(None, stale.message)
            theirs = row = stale.work
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work}")
    context = event_context(access, found) | {"form": form, "work": row, "theirs": theirs}
    return form_page(request, "events/works/work.html", context)


@door.members_only
@require_POST
def remove(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Take a work out, with an undo."""
    access, found = to_exhibition(request, event)
    with telling(request):
        acts.take_out(access=access, event=found, uuid=work)
        back = reverse("events:work_back", args=[found.uuid, work])
        undo.offer(request, text=_("The work is taken out."), url=back)
    return redirect("events:works", found.uuid)


@door.members_only
@require_POST
def restore(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Bring a work back to its place."""
    access, found = to_exhibition(request, event)
    with telling(request, _("The work is back in its place.")):
        acts.bring_back(access=access, event=found, uuid=work)
    return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work}")


@door.members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def around(request: HttpRequest, event: UUID) -> HttpResponse:
    """The quiet corner and the way to help."""
    access, found = to_exhibition(request, event)
    sent = request.POST if request.method == "POST" else None
    form = AroundForm(sent, initial=initial_around(exhibition_of(found)))
    if form.is_bound and form.is_valid():
        try:
            set_around(access=access, event=found, around=form.around)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:works", found.uuid)
    return form_page(request, "events/works/around.html", event_context(access, found) | {"form": form})


@door.members_only
@require_POST
def catalogue(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open the catalogue on the site (`open` is "1"), or close it."""
    access, found = to_exhibition(request, event)
    if request.POST.get("open") == "1":
        with telling(request, _("The works are on the site as soon as the exhibition is public.")):
            open_catalogue(access=access, event=found)
    else:
        with telling(request, _("The works are off the site.")):
            close_catalogue(access=access, event=found)
    return redirect("events:works", found.uuid)


@door.members_only
@never_cache
@require_safe
def picture(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """The picture of a work, whatever may be done with it, for who prepares the exhibition."""
    _access, _found, row = to_work(request, event, work)
    return jpeg_response(str(row.drawn.name) if row.drawn else "")


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error


def _seen(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1
