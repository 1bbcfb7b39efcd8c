"""Press registration at the desk: its terms, who asked, answers by hand, the door, the list on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.enums import EventState
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import may_change, to_own_event
from events.press.registration.actions import answer as registration_answer
from events.press.registration.actions.settings import open_to_press, stop, why_closed
from events.press.registration.enums import PressState
from events.press.registration.forms import TermsForm, WantedForm, initial_terms
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.presenters import (
    came_words,
    closed_words,
    count_words,
    guest_rows,
    moment_words,
)
from events.press.registration.queries import confirmed_guests, press_guests, registration_of, state_counts


def to_press(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, PressRegistration | None]:
    """The event and how it takes the press, for who may change the event: names of journalists are theirs."""
    access, event = to_own_event(request, uuid)
    words = _("Editors and coordinators see which journalists come.")
    require_that(may_change(access, event), words)
    return access, event, registration_of(event)


@door.members_only
@never_cache
@require_safe
def guests(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who asked, with filters and counts; before it is opened, how to open it."""
    access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    return _list(request, access, found, registration, "events/press_guests/list.html")


@door.members_only
@never_cache
@require_safe
def at_the_door(request: HttpRequest, event: UUID) -> HttpResponse:
    """For a phone: find by name, outlet or code; one press says who is here."""
    access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    return _list(request, access, found, registration, "events/press_guests/door.html")


@door.members_only
@never_cache
@require_safe
def paper(request: HttpRequest, event: UUID) -> HttpResponse:
    """The confirmed, by outlet and name, to print and tick off."""
    access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    more = {"rows": guest_rows(found, confirmed_guests(registration))}
    return render(request, "events/press_guests/paper.html", _context(access, found, registration) | more)


def _list(
    request: HttpRequest, access: Access, event: Event, registration: PressRegistration, template: str
) -> HttpResponse:
    form = WantedForm(request.GET)
    form.is_valid()
    counts = state_counts(registration)
    context = _context(access, event, registration) | {
        "form": form,
        "wanted": form.wanted,
        "rows": guest_rows(event, press_guests(registration, form.wanted)),
        "counts": count_words(counts),
        "confirmed": counts[PressState.CONFIRMED.value],
        "here": counts["here"],
        "here_url": request.get_full_path(),
    }
    return render(request, template, context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open it, open it again, change its numbers."""
    access, found, registration = to_press(request, event)
    initial = initial_terms(found, registration)
    form = TermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            open_to_press(access=access, event=found, terms=form.terms(found))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Press registration is open."))
            return redirect("events:press_guests", found.uuid)
    context = _context(access, found, registration) | {"form": form}
    return form_page(request, "events/press_guests/terms.html", context)


@door.members_only
@require_POST
def close(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take no more."""
    access, found, _registration = to_press(request, event)
    with telling(request, _("Press registration is closed. Who is registered stays.")):
        stop(access=access, event=found)
    return redirect("events:press_guests", found.uuid)


@door.members_only
@require_POST
def answer(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Confirmed, waiting list or no place, by hand."""
    access, found, row = _to_guest(request, event, guest)
    given = request.POST.get("answer", "")
    if given in PressState.values:
        with telling(request, _("Answered. A mail says so.")):
            registration_answer.answer_by_hand(access=access, guest=row, answer=PressState(given))
    return redirect(_back(request, found))


@door.members_only
@require_POST
def here(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Somebody is here. Pressed again, it says since when."""
    access, found, row = _to_guest(request, event, guest)
    with telling(request):
        noted, fresh = registration_answer.check_in(access=access, guest=row)
        told = {"name": noted.name, "outlet": noted.outlet, "when": came_words(found, noted)}
        if fresh:
            messages.success(request, _("%(name)s (%(outlet)s) is here.") % told)
        else:
            messages.warning(request, _("%(name)s (%(outlet)s) was noted before. %(when)s.") % told)
    return redirect(_back(request, found))


@door.members_only
@require_POST
def not_here(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """It was somebody else."""
    access, found, row = _to_guest(request, event, guest)
    with telling(request, _("Taken back.")):
        registration_answer.undo_check_in(access=access, guest=row)
    return redirect(_back(request, found))


def _to_guest(request: HttpRequest, event: UUID, guest: UUID) -> tuple[Access, Event, PressGuest]:
    access, found, registration = to_press(request, event)
    rows = PressGuest.objects.exclude(state=PressState.UNCONFIRMED).filter(registration=registration)
    row = get_object_or_404(rows, uuid=guest)
    if registration is not None:
        row.registration = registration
    return access, found, row


def _back(request: HttpRequest, event: Event) -> str:
    """Where the button stood, with its filters."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("events:press_guests", args=[event.uuid])


def _context(access: Access, event: Event, registration: PressRegistration | None) -> dict[str, object]:
    why = why_closed(registration) if registration is not None else ""
    return {
        **event_context(access, event),
        "registration": registration,
        "closed": closed_words(registration, why) if registration is not None else "",
        "closes": moment_words(event, registration.closing) if registration is not None else "",
        "may_change": event.state != EventState.CANCELLED,
    }
