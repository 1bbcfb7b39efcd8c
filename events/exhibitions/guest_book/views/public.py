"""The guest book in public: what was taken in, the form, and a visitor's own page."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooMany, too_often
from coalition.mail.links import absolute
from documents.publication import hooks
from events.core.public_pages import language_switch, public_page
from events.core.queries.texts import text_in
from events.exhibitions.guest_book.actions.entries import token_of, withdraw_entry, write_entry
from events.exhibitions.guest_book.actions.settings import why_closed
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.forms import EntryForm, fresh_mark
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.presenters import beside_book, closed_words, public_rows
from events.exhibitions.guest_book.queries import entry_of_token, public_entries, public_guest_book

ON_A_PAGE = 20
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
    if too_often(request, "guest-book", MOST_FROM_ONE_PLACE):
        return _page(request, book, form, why="too_often", status=429)
    if form.is_valid() and not why:
        try:
            entry = write_entry(book=book, writing=form.writing)
        except TooMany:
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
        "address": absolute(reverse("own_guest_entry", args=[token])) if request.GET.get("sent") else "",
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
