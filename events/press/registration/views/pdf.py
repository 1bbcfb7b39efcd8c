"""Journalists on paper as PDF: the list to tick off, and badges."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.http.responses import pdf_response
from coalition.workspaces import access
from events.core.models import Event
from events.core.permissions import title_of
from events.press.registration.models import PressGuest
from events.press.registration.pdf import badges_pdf, guest_list_pdf
from events.press.registration.presenters import guest_rows
from events.press.registration.queries import confirmed_guests
from events.press.registration.views.desk import to_press


@access.members_only
@never_cache
@require_safe
def guest_list(request: HttpRequest, event: UUID) -> HttpResponse:
    """The confirmed by outlet and name, with boxes, in the reader's language."""
    found, guests = _confirmed(request, event)
    rows = guest_rows(found, guests)
    content = guest_list_pdf(title=title_of(found), event=found, rows=rows, language=get_language() or "")
    return pdf_response(content, "press-list.pdf")


@access.members_only
@never_cache
@require_safe
def badges(request: HttpRequest, event: UUID) -> HttpResponse:
    """Eight on a sheet, in the reader's language."""
    found, guests = _confirmed(request, event)
    content = badges_pdf(title=title_of(found), event=found, guests=guests, language=get_language() or "")
    return pdf_response(content, "press-badges.pdf")


def _confirmed(request: HttpRequest, event: UUID) -> tuple[Event, list[PressGuest]]:
    _access, found, registration = to_press(request, event)
    if registration is None:
        raise Http404
    return found, confirmed_guests(registration)
