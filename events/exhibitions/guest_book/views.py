"""Guest book views in the member area: mode, entries, moderation, PDFs."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.mail.links import absolute_url
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import get_own_event_or_404, may_change
from events.core.printed_codes import code_for
from events.core.public_pages import language_switch, public_page
from events.core.queries import text_in
from events.exhibitions.guest_book.actions import (
    CODE_KIND,
    ONLY_PLANNERS,
    decide_guest_entry,
    guest_book_closed_reason,
    guest_entry_token,
    has_way_to_help,
    look_after,
    set_guest_book,
    withdraw_entry,
    write_entry,
)
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.forms import BookForm, GuestEntryForm, fresh_mark, initial_book
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.pdf import guest_book_pdf, guest_code_pdf
from events.exhibitions.guest_book.presenters import (
    cut_hint,
    entry_rows,
    guest_book_closed_message,
    guest_book_support,
    public_entry_rows,
    state_tabs,
)
from events.exhibitions.guest_book.queries import (
    entries_of,
    entry_numbers,
    entry_of,
    entry_of_token,
    guest_book_of,
    public_entries,
    public_guest_book,
)

ON_A_PAGE = 20
DONE = {
    EntryState.TAKEN: gettext_lazy("Taken in."),
    EntryState.NOT_TAKEN: gettext_lazy("Not taken in."),
    EntryState.HELP: gettext_lazy("Marked: this person may need help."),
    EntryState.WAITING: gettext_lazy("It waits again."),
}


def get_guest_book_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, GuestBook | None]:
    """Return an exhibition and its guest book, for people who may change the event."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(may_change(access, event), ONLY_PLANNERS)
    if event.kind != EventKind.EXHIBITION:
        raise Http404
    return access, event, guest_book_of(event)


@member_required
@never_cache
@require_safe
def book(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the entries by state; before the book is opened, offer to open it."""
    access, found, kept = get_guest_book_or_404(request, event)
    if kept is None:
        return redirect("events:guest_book_terms", found.uuid)
    state = _parse_state(request.GET.get("state", ""))
    page = Paginator(entries_of(kept, state), ON_A_PAGE).get_page(request.GET.get("page"))
    address = reverse("events:guest_book", args=[event])
    context = planning_context(access, found) | {
        "book": kept,
        "is_off": kept.mode == BookMode.OFF,
        "closed": guest_book_closed_message(guest_book_closed_reason(kept)),
        "tabs": state_tabs(address, entry_numbers(kept), state),
        "state": state,
        "rows": entry_rows(kept, page, access.user),
        "page": page,
        "query": f"state={state.value}&",
        "cut_hint": cut_hint(),
    }
    return render(request, "events/guest_book/list.html", context)


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_book_terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set the book's mode and the person who looks after visitors."""
    access, found, kept = get_guest_book_or_404(request, event)
    bound = request.POST if request.method == "POST" else None
    form = BookForm(bound, event=found, viewer=get_viewer(request), initial=initial_book(kept))
    if form.is_bound and form.is_valid():
        try:
            set_guest_book(access=access, event=found, mode=form.mode_sent, person=form.person_sent)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Set."))
            return redirect("events:guest_book", found.uuid)
    context = planning_context(access, found) | {
        "form": form,
        "book": kept,
        "has_help": has_way_to_help(found),
    }
    return form_page(request, "events/guest_book/terms.html", context)


@member_required
@require_POST
def update_guest_entry(request: HttpRequest, event: UUID, entry: UUID) -> HttpResponse:
    """Decide on an entry; the next page offers an undo."""
    access, _found, row = _get_entry_or_404(request, event, entry)
    seen, state = _parse_state(request.POST.get("seen", "")), _parse_state(request.POST.get("state", ""))
    back = f"{reverse('events:guest_book', args=[event])}?state={seen.value}"
    try:
        decide_guest_entry(
            access=access, entry=row, state=state, seen=seen, shown=request.POST.get("shown", "")
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{back}#entry-{entry}")
    if EntryState.WAITING in state.next_states:
        url = reverse("events:guest_entry_again", args=[event, entry, state.value])
        visits.offer_undo(request, text=str(DONE[state]), url=url)
    return redirect(back)


@member_required
@require_POST
def undo_entry_decision(request: HttpRequest, event: UUID, entry: UUID, state: str) -> HttpResponse:
    """Undo a decision: the entry is pending again."""
    access, _found, row = _get_entry_or_404(request, event, entry)
    with flash_result(request, str(DONE[EntryState.WAITING])):
        decide_guest_entry(access=access, entry=row, state=EntryState.WAITING, seen=_parse_state(state))
    return redirect("events:guest_book", event)


@member_required
@require_POST
def mark_entry_cared_for(request: HttpRequest, event: UUID, entry: UUID) -> HttpResponse:
    """Record that somebody looks after the author."""
    access, _found, row = _get_entry_or_404(request, event, entry)
    with flash_result(request, _("Noted: you look after it.")):
        look_after(access=access, entry=row)
    return redirect(f"{reverse('events:guest_book', args=[event])}?state={EntryState.HELP.value}")


@member_required
@never_cache
@require_safe
def download_guest_book(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the PDF of accepted entries, for the archive."""
    _access, found, kept = get_guest_book_or_404(request, event)
    if kept is None:
        return redirect("events:guest_book_terms", found.uuid)
    rows = list(entries_of(kept, EntryState.TAKEN).order_by("written_at", "id"))
    return pdf_response(
        guest_book_pdf(event=found, entries=rows, language=get_language() or ""), "guest-book.pdf"
    )


@member_required
@never_cache
@require_safe
def download_code_sheet(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the poster with the code that leads to the form."""
    _access, found, kept = get_guest_book_or_404(request, event)
    if kept is None:
        return redirect("events:guest_book_terms", found.uuid)
    return pdf_response(
        guest_code_pdf(event=found, code=code_for(CODE_KIND, found.uuid)), "guest-book-code.pdf"
    )


def _get_entry_or_404(request: HttpRequest, event: UUID, entry: UUID) -> tuple[Access, Event, GuestEntry]:
    access, found, kept = get_guest_book_or_404(request, event)
    row = entry_of(kept, entry) if kept is not None else None
    if row is None:
        raise Http404
    return access, found, row


def _parse_state(words: str) -> EntryState:
    return EntryState(words) if words in EntryState.values else EntryState.WAITING


# --- public ---
# Public guest book views: accepted entries, the form, and a visitor's own page.


MOST_FROM_ONE_PLACE = 40  # per hour: a school class shares the network address of the hall


@require_safe
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """List the accepted entries with consent to publication, newest first."""
    book, language = _get_public_book_or_404(slug), get_language() or Language.KK
    page = Paginator(public_entries(book), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": book.event,
        "title": text_in(book.event, language).title,
        "rows": public_entry_rows(page),
        "page": page,
        "query": "",
        "closed": guest_book_closed_message(guest_book_closed_reason(book)),
        "beside": guest_book_support(book.event, language),
    }
    return public_page(request, "guest_book", context, name="guest_book", slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_guest_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Render the form; keep the input whatever the error."""
    book = _get_public_book_or_404(slug)
    why = guest_book_closed_reason(book)
    language = get_language() or Language.KK
    if request.method != "POST":
        form = GuestEntryForm(initial={"language": language, "mark": fresh_mark()})
        return _write_form_response(request, book, form, why=why)
    form = GuestEntryForm(request.POST)
    if is_rate_limited(request, "guest-book", MOST_FROM_ONE_PLACE):
        return _write_form_response(request, book, form, why="too_often", status=429)
    if form.is_valid() and not why:
        try:
            entry = write_entry(book=book, writing=form.writing)
        except TooManyRequests:
            return _write_form_response(request, book, form, why="too_often", status=429)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(f"{reverse('own_guest_entry', args=[guest_entry_token(entry)])}?sent=1")
    return _write_form_response(request, book, form, why=why, status=409 if why else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def own_guest_entry(request: HttpRequest, token: str) -> HttpResponse:
    """Render the visitor's own page: state of the entry, and the button that deletes it. Raises
    Http404."""
    found = entry_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        return private_response(_own_entry_response(request, found, token), language=found.language)


def _own_entry_response(request: HttpRequest, entry: GuestEntry, token: str) -> HttpResponse:
    if request.method == "POST":
        withdraw_entry(entry=entry)
        return render(request, "events/guest_book/own.html", {"deleted": True})
    event = entry.book.event
    on_site = event.is_public and entry.book.mode != BookMode.OFF
    is_shown = on_site and entry.state == EntryState.TAKEN and entry.may_show
    context = {
        "entry": entry,
        "title": text_in(event, entry.language).title if event.is_public else "",
        "public_url": reverse("guest_book", args=[event.slug]) if is_shown else "",
        "waits": entry.state == EntryState.WAITING,
        "address": absolute_url(reverse("own_guest_entry", args=[token])) if request.GET.get("sent") else "",
        "beside": guest_book_support(event, entry.language),
    }
    return render(request, "events/guest_book/own.html", context)


def _get_public_book_or_404(slug: str) -> GuestBook:
    found = public_guest_book(slug)
    if found is None:
        raise Http404
    return found


def _write_form_response(
    request: HttpRequest, book: GuestBook, form: GuestEntryForm, *, why: str, status: int = 200
) -> HttpResponse:
    event, language = book.event, get_language() or Language.KK
    context = {
        **hooks.site_frame_context(request),
        "languages": language_switch(request, "guest_book_write", event.slug or ""),
        "event": event,
        "title": text_in(event, language).title,
        "form": form,
        "closed": guest_book_closed_message(why) if why != "too_often" else "",
        "too_often": why == "too_often",
        "beside": guest_book_support(event, language),
    }
    return render(request, "events/guest_book/write.html", context, status=status)
