"""The works of an exhibition at the desk: the list, one work, what is beside them, what is on the site."""

import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.reading_language import VARIES_BY, reading_language
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.workspaces import undo
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.enums import EventKind
from events.core.link_previews import is_opened_by_a_person
from events.core.models import Event
from events.core.pages import event_context, jpeg_response
from events.core.permissions import may_change, to_own_event
from events.core.printed_codes import destination_of, find_code, note_opening
from events.core.public_pages import public_page
from events.core.queries import text_in
from events.exhibitions.works import actions
from events.exhibitions.works.actions import close_catalogue, open_catalogue, set_around
from events.exhibitions.works.forms import AroundForm, WorkForm, initial_around, initial_work
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.pdf import LABEL_SIZES, catalogue_pdf, labels_pdf
from events.exhibitions.works.presenters import beside, shown, shown_works, work_data, work_rows
from events.exhibitions.works.queries import (
    exhibition_of,
    picture_is_public,
    public_exhibition,
    public_works,
    work_of,
    works_of,
)


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


@member_required
@never_cache
@require_safe
def edit_works(request: HttpRequest, event: UUID) -> HttpResponse:
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


@member_required
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one work: `up` or `down` by one place (a button), or `item` before `before` (dragged)."""
    access, found = to_exhibition(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_work(access=access, event=found, uuid=_uuid(moved), down=name == "down")
        if "item" in request.POST:
            moved, before = request.POST["item"], request.POST.get("before", "")
            target = _uuid(before) if before else None
            actions.move_work(access=access, event=found, uuid=_uuid(moved), before=target)
    if request.headers.get("HX-Request"):
        return _draw(request, access, found)
    return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{moved}")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add a work at the end."""
    access, found = to_exhibition(request, event)
    sent = request.POST if request.method == "POST" else None
    form = WorkForm(sent, access=access, initial=initial_work(None))
    if form.is_bound and form.is_valid():
        try:
            work = actions.add_work(access=access, event=found, about=form.about)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The work is in the exhibition."))
            if "another" in request.POST:
                return redirect("events:work_add", found.uuid)
            return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work.uuid}")
    return form_page(request, "events/works/work.html", event_context(access, found) | {"form": form})


@member_required
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
            actions.change_work(access=access, event=found, uuid=work, about=form.about, seen=_seen(request))
        except actions.StaleWork as stale:
            form.add_error(None, stale.message)
            theirs = row = stale.work
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work}")
    context = event_context(access, found) | {"form": form, "work": row, "theirs": theirs}
    return form_page(request, "events/works/work.html", context)


@member_required
@require_POST
def remove(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Take a work out, with an undo."""
    access, found = to_exhibition(request, event)
    with flash_result(request):
        actions.take_out(access=access, event=found, uuid=work)
        back = reverse("events:work_back", args=[found.uuid, work])
        undo.offer_undo(request, text=_("The work is taken out."), url=back)
    return redirect("events:works", found.uuid)


@member_required
@require_POST
def restore(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Bring a work back to its place."""
    access, found = to_exhibition(request, event)
    with flash_result(request, _("The work is back in its place.")):
        actions.bring_back(access=access, event=found, uuid=work)
    return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work}")


@member_required
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


@member_required
@require_POST
def choose_catalogue(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open the catalogue on the site (`open` is "1"), or close it."""
    access, found = to_exhibition(request, event)
    if request.POST.get("open") == "1":
        with flash_result(request, _("The works are on the site as soon as the exhibition is public.")):
            open_catalogue(access=access, event=found)
    else:
        with flash_result(request, _("The works are off the site.")):
            close_catalogue(access=access, event=found)
    return redirect("events:works", found.uuid)


@member_required
@never_cache
@require_safe
def member_picture(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
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


# --- pdf ---
# Labels and the catalogue of an exhibition on paper, and where their printed codes lead.


@member_required
@never_cache
@require_safe
def labels(request: HttpRequest, event: UUID, size: str) -> HttpResponse:
    """Labels for the wall, small or in large print, in three languages each."""
    _access, found = to_exhibition(request, event)
    rows = works_of(found)
    if size not in LABEL_SIZES or not rows:
        raise Http404
    return pdf_response(labels_pdf(event=found, works=rows, size=size), f"labels-{size}.pdf")


@member_required
@never_cache
@require_safe
def print_catalogue(request: HttpRequest, event: UUID, language: str) -> HttpResponse:
    """The catalogue in one language: works that may be shown, pictures that may be reproduced."""
    _access, found = to_exhibition(request, event)
    exhibition = exhibition_of(found)
    rows = [one for one in works_of(found) if one.show_agreed]
    if language not in Language.values or exhibition is None or not rows:
        raise Http404
    content = catalogue_pdf(event=found, exhibition=exhibition, works=rows, language=language)
    return pdf_response(content, f"catalogue-{language}.pdf")


@never_cache
@require_safe
def printed_code(request: HttpRequest, code: str) -> HttpResponse:
    """From a code on paper to its page, in the reader's language.

    Without a page it says so, with 410, whether a thing is gone, not public or the code was never printed:
    the three are not told apart. (404 would not reach the reader: Django answers it at an address without a
    language with a redirect to one.) Nothing here is kept by browsers: what is gone can come back, and the
    redirect is not for good, since the address behind paper may change.

    Capital letters in the path lead here too (`/Q/…`): QR codes of capitals are smaller.
    """
    language = reading_language(request)
    found = find_code(code[:40])
    leads = destination_of(found, language)
    answer: HttpResponse
    if leads.address:
        if found is not None and is_opened_by_a_person(request):
            note_opening(found)
        answer = HttpResponseRedirect(leads.address)
    else:
        with override(language):
            context = {
                **hooks.frame_of(request),
                "way_on": leads.way_on,
            }
            answer = render(request, "events/public/code.html", context, status=410)
    patch_vary_headers(answer, VARIES_BY)
    return answer


# --- public ---
# The works of a public exhibition: the catalogue, one work, its picture.


@require_safe
def works_in_public(request: HttpRequest, slug: str) -> HttpResponse:
    """All works that may be shown, in the order of hanging."""
    exhibition, language = _exhibition(slug), get_language() or Language.KK
    rows = shown_works(exhibition, language)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, language).title,
        "works": rows,
        "beside": beside(exhibition, language),
    }
    return public_page(request, "works", context, name="public_works", slug=slug)


@require_safe
def work(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One work, with the ones before and after it."""
    exhibition, language = _exhibition(slug), get_language() or Language.KK
    rows = public_works(exhibition)
    place = next((place for place, one in enumerate(rows) if one.number == number), None)
    if place is None:
        raise Http404
    one = shown(rows[place], language)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, language).title,
        "work": one,
        "before": shown(rows[place - 1], language) if place else None,
        "after": shown(rows[place + 1], language) if place + 1 < len(rows) else None,
        "beside": beside(exhibition, language),
        "work_data": work_data(rows[place], one),
    }
    return public_page(request, "work", context, name="public_work", slug=slug, number=number)


@require_safe
def public_picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The picture of a work, asked for its right at every access; kept by nobody beyond its last day."""
    exhibition = _exhibition(slug)
    found = next((one for one in public_works(exhibition) if one.number == number), None)
    today = timezone.localdate(timezone=exhibition.event.zone_info)
    if found is None or not picture_is_public(found, today):
        raise Http404
    answer = jpeg_response(str(found.drawn.name))
    patch_cache_control(answer, public=True, max_age=_seconds_kept(found, today))
    return answer


def _seconds_kept(work: Work, today: datetime.date) -> int:
    """An hour, and not at all on the last day of the right."""
    return 0 if work.reproduction_until == today else 3600


def _exhibition(slug: str) -> Exhibition:
    found = public_exhibition(slug)
    if found is None:
        raise Http404
    return found
