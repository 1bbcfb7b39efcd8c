"""The guest book at the desk: how far it is open, what visitors wrote, what becomes of it, paper."""

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
from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.mail.links import absolute_url
from coalition.workspaces import undo
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, to_own_event
from events.core.printed_codes import code_for
from events.core.public_pages import language_switch, public_page
from events.core.queries import text_in
from events.exhibitions.guest_book.actions import (
    CODE_KIND,
    ONLY_PLANNERS,
    decide,
    has_way_to_help,
    look_after,
    set_guest_book,
    token_of,
    why_closed,
    withdraw_entry,
    write_entry,
)
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.forms import BookForm, EntryForm, fresh_mark, initial_book
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.pdf import guest_book_pdf, guest_code_pdf
from events.exhibitions.guest_book.presenters import (
    beside_book,
    closed_words,
    cut_hint,
    entry_rows,
    public_rows,
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


def to_book(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, GuestBook | None]:
    """An exhibition and its guest book, for who may change it."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), ONLY_PLANNERS)
    if event.kind != EventKind.EXHIBITION:
        raise Http404
    return access, event, guest_book_of(event)


@member_required
@never_cache
@require_safe
def book(request: HttpRequest, event: UUID) -> HttpResponse:
    """What visitors wrote, by state; before it is opened, how to open it."""
    access, found, kept = to_book(request, event)
    if kept is None:
        return redirect("events:guest_book_terms", found.uuid)
    state = _state(request.GET.get("state", ""))
    page = Paginator(entries_of(kept, state), ON_A_PAGE).get_page(request.GET.get("page"))
    address = reverse("events:guest_book", args=[event])
    context = planning_context(access, found) | {
        "book": kept,
        "is_off": kept.mode == BookMode.OFF,
        "closed": closed_words(why_closed(kept)),
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
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open the book, close it, turn it off, name who looks after visitors."""
    access, found, kept = to_book(request, event)
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
def entry(request: HttpRequest, event: UUID, entry: UUID) -> HttpResponse:
    """Say what becomes of an entry; the next page offers the way back."""
    access, _found, row = _to_entry(request, event, entry)
    seen, state = _state(request.POST.get("seen", "")), _state(request.POST.get("state", ""))
    back = f"{reverse('events:guest_book', args=[event])}?state={seen.value}"
    try:
        decide(access=access, entry=row, state=state, seen=seen, shown=request.POST.get("shown", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{back}#entry-{entry}")
    if EntryState.WAITING in state.next_states:
        url = reverse("events:guest_entry_again", args=[event, entry, state.value])
        undo.offer_undo(request, text=str(DONE[state]), url=url)
    return redirect(back)


@member_required
@require_POST
def again(request: HttpRequest, event: UUID, entry: UUID, state: str) -> HttpResponse:
    """Undo: it waits again."""
    access, _found, row = _to_entry(request, event, entry)
    with flash_result(request, str(DONE[EntryState.WAITING])):
        decide(access=access, entry=row, state=EntryState.WAITING, seen=_state(state))
    return redirect("events:guest_book", event)


@member_required
@require_POST
def cared(request: HttpRequest, event: UUID, entry: UUID) -> HttpResponse:
    """Somebody looks after the writer."""
    access, _found, row = _to_entry(request, event, entry)
    with flash_result(request, _("Noted: you look after it.")):
        look_after(access=access, entry=row)
    return redirect(f"{reverse('events:guest_book', args=[event])}?state={EntryState.HELP.value}")


@member_required
@never_cache
@require_safe
def pdf(request: HttpRequest, event: UUID) -> HttpResponse:
    """What was taken in, for the archive."""
    _access, found, kept = to_book(request, event)
    if kept is None:
        return redirect("events:guest_book_terms", found.uuid)
    rows = list(entries_of(kept, EntryState.TAKEN).order_by("written_at", "id"))
    return pdf_response(
        guest_book_pdf(event=found, entries=rows, language=get_language() or ""), "guest-book.pdf"
    )


@member_required
@never_cache
@require_safe
def code_pdf(request: HttpRequest, event: UUID) -> HttpResponse:
    """A sheet for the wall, with the code that leads to the form."""
    _access, found, kept = to_book(request, event)
    if kept is None:
        return redirect("events:guest_book_terms", found.uuid)
    return pdf_response(
        guest_code_pdf(event=found, code=code_for(CODE_KIND, found.uuid)), "guest-book-code.pdf"
    )


def _to_entry(request: HttpRequest, event: UUID, entry: UUID) -> tuple[Access, Event, GuestEntry]:
    access, found, kept = to_book(request, event)
    row = entry_of(kept, entry) if kept is not None else None
    if row is None:
        raise Http404
    return access, found, row


def _state(words: str) -> EntryState:
    return EntryState(words) if words in EntryState.values else EntryState.WAITING


# --- public ---
# The guest book in public: what was taken in, the form, and a visitor's own page.


MOST_FROM_ONE_PLACE = 40  # an hour: a class of pupils shares the network of the hall


@require_safe
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """What was taken in and may be shown, the newest first."""
    book, language = _book(slug), get_language() or Language.KK
    page = Paginator(public_entries(book), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": book.event,
        "title": text_in(book.event, language).title,
        "rows": public_rows(page),
        "page": page,
        "query": "",
        "closed": closed_words(why_closed(book)),
        "beside": beside_book(book.event, language),
    }
    return public_page(request, "guest_book", context, name="guest_book", slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. What was typed stays, whatever is in the way."""
    book = _book(slug)
    why = why_closed(book)
    language = get_language() or Language.KK
    if request.method != "POST":
        form = EntryForm(initial={"language": language, "mark": fresh_mark()})
        return _page(request, book, form, why=why)
    form = EntryForm(request.POST)
    if is_rate_limited(request, "guest-book", MOST_FROM_ONE_PLACE):
        return _page(request, book, form, why="too_often", status=429)
    if form.is_valid() and not why:
        try:
            entry = write_entry(book=book, writing=form.writing)
        except TooManyRequests:
            return _page(request, book, form, why="too_often", status=429)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(f"{reverse('own_guest_entry', args=[token_of(entry)])}?sent=1")
    return _page(request, book, form, why=why, status=409 if why else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """One visitor's page: where their words stand, and the press that deletes them. Raises Http404."""
    found = entry_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        return private_response(_own(request, found, token), language=found.language)


def _own(request: HttpRequest, entry: GuestEntry, token: str) -> HttpResponse:
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
        "beside": beside_book(event, entry.language),
    }
    return render(request, "events/guest_book/own.html", context)


def _book(slug: str) -> GuestBook:
    found = public_guest_book(slug)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, book: GuestBook, form: EntryForm, *, why: str, status: int = 200
) -> HttpResponse:
    event, language = book.event, get_language() or Language.KK
    context = {
        **hooks.frame_of(request),
        "languages": language_switch(request, "guest_book_write", event.slug or ""),
        "event": event,
        "title": text_in(event, language).title,
        "form": form,
        "closed": closed_words(why) if why != "too_often" else "",
        "too_often": why == "too_often",
        "beside": beside_book(event, language),
    }
    return render(request, "events/guest_book/write.html", context, status=status)
