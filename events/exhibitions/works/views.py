"""Views of works in the member area: list, one work, information beside them, publication."""

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
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import event_context, is_human_visit, jpeg_response
from events.core.permissions import get_own_event_or_404, may_change
from events.core.printed_codes import find_code, record_code_opening, resolve_printed_code
from events.core.public_pages import public_page
from events.core.queries import text_in
from events.exhibitions.works import actions
from events.exhibitions.works.actions import close_catalogue, open_catalogue, set_quiet_corner
from events.exhibitions.works.forms import QuietCornerForm, WorkForm, initial_quiet_corner, initial_work
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.pdf import LABEL_SIZES, catalogue_pdf, labels_pdf
from events.exhibitions.works.presenters import (
    build_public_work,
    build_public_works,
    exhibition_support,
    work_data,
    work_rows,
)
from events.exhibitions.works.queries import (
    exhibition_of,
    picture_is_public,
    public_exhibition,
    public_works,
    work_of,
    works_of,
)


def get_exhibition_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return an exhibition, for people who may change it: only they may read lenders, values and
    unnamed makers."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(may_change(access, event), _("Editors and coordinators keep the works of an exhibition."))
    if event.kind != EventKind.EXHIBITION:
        raise Http404
    return access, event


def get_work_or_404(request: HttpRequest, event: UUID, work: UUID) -> tuple[Access, Event, Work]:
    """Return an active work, with access and event."""
    access, found = get_exhibition_or_404(request, event)
    row = work_of(found, work)
    if row is None:
        raise Http404
    return access, found, row


@member_required
@never_cache
@require_safe
def edit_works(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the works in hanging order, each with its gaps."""
    access, found = get_exhibition_or_404(request, event)
    return _works_response(request, access, found)


def _works_response(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
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
def move_work(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one work: `up` or `down` by one place (button), or `item` before `before` (dragged)."""
    access, found = get_exhibition_or_404(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_work(access=access, event=found, uuid=_parse_uuid(moved), down=name == "down")
        if "item" in request.POST:
            moved, before = request.POST["item"], request.POST.get("before", "")
            target = _parse_uuid(before) if before else None
            actions.move_work(access=access, event=found, uuid=_parse_uuid(moved), before=target)
    if request.headers.get("HX-Request"):
        return _works_response(request, access, found)
    return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{moved}")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_work(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add a work at the end."""
    access, found = get_exhibition_or_404(request, event)
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
def change_work(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Change a work. A concurrent change is displayed beside the input."""
    access, found, row = get_work_or_404(request, event, work)
    sent = request.POST if request.method == "POST" else None
    form = WorkForm(sent, access=access, work=row, initial=initial_work(row))
    theirs: Work | None = None
    if form.is_bound and form.is_valid():
        try:
            actions.change_work(
                access=access, event=found, uuid=work, about=form.about, seen=_submitted_revision(request)
            )
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
def remove_work(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Archive a work, with an undo."""
    access, found = get_exhibition_or_404(request, event)
    with flash_result(request):
        actions.remove_work(access=access, event=found, uuid=work)
        back = reverse("events:work_back", args=[found.uuid, work])
        visits.offer_undo(request, text=_("The work is taken out."), url=back)
    return redirect("events:works", found.uuid)


@member_required
@require_POST
def restore_work(request: HttpRequest, event: UUID, work: UUID) -> HttpResponse:
    """Restore a work to its place."""
    access, found = get_exhibition_or_404(request, event)
    with flash_result(request, _("The work is back in its place.")):
        actions.restore_work(access=access, event=found, uuid=work)
    return redirect(f"{reverse('events:works', args=[found.uuid])}#item-{work}")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_quiet_corner(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set the quiet corner and the way to get help."""
    access, found = get_exhibition_or_404(request, event)
    sent = request.POST if request.method == "POST" else None
    form = QuietCornerForm(sent, initial=initial_quiet_corner(exhibition_of(found)))
    if form.is_bound and form.is_valid():
        try:
            set_quiet_corner(access=access, event=found, around=form.around)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:works", found.uuid)
    return form_page(request, "events/works/around.html", event_context(access, found) | {"form": form})


@member_required
@require_POST
def choose_catalogue(request: HttpRequest, event: UUID) -> HttpResponse:
    """Publish the catalogue (`open` is "1") or unpublish it."""
    access, found = get_exhibition_or_404(request, event)
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
    """Return the picture of a work, whatever its permitted use, for members who prepare the
    exhibition."""
    _access, _found, row = get_work_or_404(request, event, work)
    return jpeg_response(str(row.drawn.name) if row.drawn else "")


def _parse_uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error


def _submitted_revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


# --- pdf ---
# Views for paper: labels, catalogue, and redirects of printed codes.


@member_required
@never_cache
@require_safe
def labels(request: HttpRequest, event: UUID, size: str) -> HttpResponse:
    """Return the labels, small or in large print, in three languages each."""
    _access, found = get_exhibition_or_404(request, event)
    rows = works_of(found)
    if size not in LABEL_SIZES or not rows:
        raise Http404
    return pdf_response(labels_pdf(event=found, works=rows, size=size), f"labels-{size}.pdf")


@member_required
@never_cache
@require_safe
def print_catalogue(request: HttpRequest, event: UUID, language: str) -> HttpResponse:
    """Return the catalogue in one language: works that may be shown, pictures that may be
    reproduced."""
    _access, found = get_exhibition_or_404(request, event)
    exhibition = exhibition_of(found)
    rows = [one for one in works_of(found) if one.show_agreed]
    if language not in Language.values or exhibition is None or not rows:
        raise Http404
    content = catalogue_pdf(event=found, exhibition=exhibition, works=rows, language=language)
    return pdf_response(content, f"catalogue-{language}.pdf")


@never_cache
@require_safe
def printed_code(request: HttpRequest, code: str) -> HttpResponse:
    """Redirect a printed code to its page, in the reader's language.

    Return 410 with a message if there is no page; removed, non-public and unknown codes get the
    same response. (Django would turn a 404 at a URL without a language prefix into a redirect.)
    Responses are not cached by browsers and the redirect is temporary, because a removed page can
    be restored and the target of a code may change.

    Upper-case paths (`/Q/…`) lead here too: QR codes of capitals are smaller.
    """
    language = reading_language(request)
    found = find_code(code[:40])
    leads = resolve_printed_code(found, language)
    answer: HttpResponse
    if leads.address:
        if found is not None and is_human_visit(request):
            record_code_opening(found)
        answer = HttpResponseRedirect(leads.address)
    else:
        with override(language):
            context = {
                **hooks.site_frame_context(request),
                "way_on": leads.way_on,
            }
            answer = render(request, "events/public/code.html", context, status=410)
    patch_vary_headers(answer, VARIES_BY)
    return answer


# --- public ---
# Views of a public exhibition: catalogue, one work, its picture.


@require_safe
def works_in_public(request: HttpRequest, slug: str) -> HttpResponse:
    """List all works that may be shown, in hanging order."""
    exhibition, language = _get_public_exhibition_or_404(slug), get_language() or Language.KK
    rows = build_public_works(exhibition, language)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, language).title,
        "works": rows,
        "beside": exhibition_support(exhibition, language),
    }
    return public_page(request, "works", context, name="public_works", slug=slug)


@require_safe
def public_work_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Display one work, with links to the previous and next one."""
    exhibition, language = _get_public_exhibition_or_404(slug), get_language() or Language.KK
    rows = public_works(exhibition)
    place = next((place for place, one in enumerate(rows) if one.number == number), None)
    if place is None:
        raise Http404
    one = build_public_work(rows[place], language)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, language).title,
        "work": one,
        "before": build_public_work(rows[place - 1], language) if place else None,
        "after": build_public_work(rows[place + 1], language) if place + 1 < len(rows) else None,
        "beside": exhibition_support(exhibition, language),
        "work_data": work_data(rows[place], one),
    }
    return public_page(request, "work", context, name="public_work", slug=slug, number=number)


@require_safe
def public_picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the picture of a work; check the right at each request, limit caching to its last
    day."""
    exhibition = _get_public_exhibition_or_404(slug)
    found = next((one for one in public_works(exhibition) if one.number == number), None)
    today = timezone.localdate(timezone=exhibition.event.zone_info)
    if found is None or not picture_is_public(found, today):
        raise Http404
    answer = jpeg_response(str(found.drawn.name))
    patch_cache_control(answer, public=True, max_age=_cache_seconds(found, today))
    return answer


def _cache_seconds(work: Work, today: datetime.date) -> int:
    """Return the cache lifetime: an hour, and 0 on the last day of the right."""
    return 0 if work.reproduction_until == today else 3600


def _get_public_exhibition_or_404(slug: str) -> Exhibition:
    found = public_exhibition(slug)
    if found is None:
        raise Http404
    return found
