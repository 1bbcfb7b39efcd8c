"""Guest book views: mode, entries, moderation and PDFs for members, pages for visitors."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy as _
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language, User
from coalition.accounts.naming import Viewer
from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import ApplyView, OwnPageView
from coalition.core.localized_text import typed_field
from coalition.core.throttling import hash_token
from coalition.http.responses import flash_result, pdf_response
from coalition.mail.outbox import absolute_url
from coalition.workspaces import visits
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from events.core.enums import EventKind
from events.core.generic_views import EventFormView, event_action, event_loader, event_page
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import code_for
from events.core.public_pages import EventSubjectMixin, planning_context, public_page
from events.core.queries import text_in
from events.core.summary import OMISSION_MARK
from events.exhibitions.guest_book import actions as guest_book_actions
from events.exhibitions.guest_book.models import BookMode, EntryState, GuestBook, GuestEntry
from events.exhibitions.guest_book.presenters import (
    entry_rows,
    guest_book_closed_message,
    guest_book_pdf,
    guest_code_pdf,
    state_tabs,
)
from events.exhibitions.guest_book.queries import (
    entries_of,
    entry_numbers,
    planners_of,
    public_entries,
    public_guest_books,
)


class BookForm(forms.ModelForm[GuestBook]):
    """The book's mode, and the person who looks after visitors: one of the event's organisers."""

    class Meta:
        model = GuestBook
        fields = ("mode", "person")
        widgets = {"mode": forms.RadioSelect}

    def __init__(self, *args: Any, event: Event, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = list(planners_of(event))
        names: dict[str, Any] = {"": _("Choose a person")}
        for seat in seats:
            names.setdefault(str(seat.person.uuid), person_name(viewer, seat.person, seat.organisation))
        person = typed_field(self.fields, "person", forms.ModelChoiceField)
        person.to_field_name, person.required = "uuid", True
        person.queryset = User.objects.filter(pk__in=[seat.person_id for seat in seats])
        person.choices = list(names.items())
        self.initial["person"] = self.instance.person


class GuestEntryForm(forms.ModelForm[GuestEntry]):
    """A visitor's entry. `mark`: a new idempotency key."""

    class Meta:
        model = GuestEntry
        fields = ("mark", "text", "language", "name", "town", "may_show", "may_name")
        widgets = {
            "mark": forms.HiddenInput,
            "text": forms.Textarea(attrs={"rows": 6, "maxlength": guest_book_actions.MAX_ENTRY_LENGTH}),
            "name": forms.TextInput,
            "town": forms.TextInput,
        }

    def clean_text(self) -> str:
        text = guest_book_actions.clean_entry_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write something first."))
        if len(text) > guest_book_actions.MAX_ENTRY_LENGTH:
            raise forms.ValidationError(_("An entry has at most 600 characters."))
        return text


ON_A_PAGE = 20
DONE = {
    EntryState.TAKEN: _("Taken in."),
    EntryState.NOT_TAKEN: _("Not taken in."),
    EntryState.HELP: _("Marked: this person may need help."),
    EntryState.WAITING: _("It waits again."),
}

load_exhibition = event_loader(may_change, guest_book_actions.ONLY_PLANNERS, EventKind.EXHIBITION)


@event_page(load_exhibition)
def list_entries(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """List the entries by state; before the book is opened, offer to open it."""
    book: GuestBook | None = getattr(event, "guest_book", None)
    if book is None:
        return redirect("events:guest_book_terms", event.uuid)
    state = _parse_state(request.GET.get("state", ""))
    page = Paginator(entries_of(book, state), ON_A_PAGE).get_page(request.GET.get("page"))
    address = reverse("events:guest_book", args=[event.uuid])
    context = planning_context(access, event) | {
        "book": book,
        "is_off": book.mode == BookMode.OFF,
        "closed": guest_book_closed_message(guest_book_actions.guest_book_closed_reason(book)),
        "tabs": state_tabs(address, entry_numbers(book), state),
        "state": state,
        "rows": entry_rows(book, page, access.user),
        "page": page,
        "query": f"state={state.value}&",
        "cut": OMISSION_MARK,
    }
    return render(request, "events/guest_book/list.html", context)


class GuestBookTermsView(EventFormView):
    """Set the book's mode and the person who looks after visitors."""

    form_class = BookForm
    template_name = "events/guest_book/terms.html"
    refusal, event_kind = guest_book_actions.ONLY_PLANNERS, EventKind.EXHIBITION
    success_name = "events:guest_book"
    success_message = _("Set.")

    def get_instance(self) -> GuestBook | None:
        return getattr(self.event, "guest_book", None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"event": self.event, "viewer": get_viewer(self.request)}

    def save(self, form: BookForm) -> None:
        guest_book_actions.set_guest_book(access=self.access, event=self.event, **form.cleaned_data)


@event_action("events:guest_book")
def update_guest_entry(request: HttpRequest, access: Access, event: Event, entry: UUID) -> HttpResponse:
    """Decide on an entry; the next page offers an undo."""
    row = get_object_or_404(GuestEntry, book__event=event, uuid=entry)
    seen, state = _parse_state(request.POST.get("seen", "")), _parse_state(request.POST.get("state", ""))
    with flash_result(request):
        guest_book_actions.decide_guest_entry(
            access=access, entry=row, state=state, seen=seen, shown=request.POST.get("shown", "")
        )
        if EntryState.WAITING in state.next_states:
            url = reverse("events:guest_entry_undo", args=[event.uuid, entry, state.value])
            visits.offer_undo(request, text=str(DONE[state]), url=url)
    return redirect(f"{reverse('events:guest_book', args=[event.uuid])}?state={seen.value}")


@event_action("events:guest_book", success=DONE[EntryState.WAITING])
def undo_entry_decision(request: HttpRequest, access: Access, event: Event, entry: UUID, state: str) -> None:
    """Undo a decision: the entry is pending again."""
    row = get_object_or_404(GuestEntry, book__event=event, uuid=entry)
    guest_book_actions.decide_guest_entry(
        access=access, entry=row, state=EntryState.WAITING, seen=_parse_state(state)
    )


@event_action("events:guest_book", success=_("Noted: you look after it."))
def mark_entry_cared_for(request: HttpRequest, access: Access, event: Event, entry: UUID) -> HttpResponse:
    """Record that somebody looks after the author."""
    guest_book_actions.look_after(
        access=access, entry=get_object_or_404(GuestEntry, book__event=event, uuid=entry)
    )
    return redirect(f"{reverse('events:guest_book', args=[event.uuid])}?state={EntryState.HELP.value}")


@event_page(load_exhibition)
def download_guest_book(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Return the PDF of accepted entries, for the archive."""
    rows = GuestEntry.objects.filter(book__event=event, state=EntryState.TAKEN).order_by("written_at", "id")
    content = guest_book_pdf(event=event, entries=list(rows), language=get_language() or "")
    return pdf_response(content, "guest-book.pdf")


@event_page(load_exhibition)
def download_code_sheet(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Return the poster with the code that leads to the form."""
    if not hasattr(event, "guest_book"):
        raise Http404
    content = guest_code_pdf(event=event, code=code_for(guest_book_actions.CODE_KIND, event.uuid))
    return pdf_response(content, "guest-book-code.pdf")


def _parse_state(words: str) -> EntryState:
    return EntryState(words) if words in EntryState.values else EntryState.WAITING


@require_safe
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """List the accepted entries with consent to publication, newest first."""
    book, language = get_object_or_404(public_guest_books(), event__slug=slug), get_language() or Language.KK
    context = {
        "event": book.event,
        "title": text_in(book.event, language).title,
        "page": Paginator(public_entries(book), ON_A_PAGE).get_page(request.GET.get("page")),
        "query": "",
        "closed": guest_book_closed_message(guest_book_actions.guest_book_closed_reason(book)),
    }
    return public_page(request, "guest_book", context)


class GuestEntryFormView(EventSubjectMixin, ApplyView):
    """Write into the book: no address is asked for, so the next page shows the link to the own page."""

    template_name = "events/guest_book/write.html"
    form_class = GuestEntryForm
    throttle = "guest-book"
    most_from_one_place = 40  # a school class shares the network address of the hall
    subject: GuestBook
    entry: GuestEntry

    def get_subject(self) -> GuestBook:
        return get_object_or_404(public_guest_books(), event__slug=self.kwargs["slug"])

    def closed_reason(self) -> str:
        return guest_book_actions.guest_book_closed_reason(self.subject)

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"language": get_language(), "mark": uuid4()}}

    def apply(self, form: GuestEntryForm) -> None:
        self.entry = guest_book_actions.write_entry(book=self.subject, **form.cleaned_data)

    def success_url(self) -> str:
        return f"{reverse('own_guest_entry', args=[guest_book_actions.guest_entry_token(self.entry)])}?sent=1"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {
            "closed": guest_book_closed_message(context["closed"]),
        }


class OwnGuestEntryView(OwnPageView):
    """The visitor's own page: state of the entry, and the button that deletes it."""

    template_name = "events/guest_book/own.html"
    actions = {"withdraw": "withdraw"}

    @cached_property
    def applicant(self) -> GuestEntry:
        """Return the entry of the link. Raises Http404."""
        rows = GuestEntry.objects.select_related("book__event__exhibition", "book__event__workspace")
        return get_object_or_404(rows, token_hash=hash_token(self.kwargs["token"]))

    def withdraw(self) -> HttpResponse:
        guest_book_actions.withdraw_entry(entry=self.applicant)
        return self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        entry, event = self.applicant, self.applicant.book.event
        on_site = event.is_public and entry.book.mode != BookMode.OFF
        is_shown = on_site and entry.state == EntryState.TAKEN and entry.may_show
        return super().get_context_data(**context) | {
            "entry": entry,
            "exhibition": getattr(event, "exhibition", None),
            "title": text_in(event, entry.language).title if event.is_public else "",
            "public_url": reverse("guest_book", args=[event.slug]) if is_shown else "",
            "waits": entry.state == EntryState.WAITING,
            "address": absolute_url(self.request.path) if self.request.GET.get("sent") else "",
        }
