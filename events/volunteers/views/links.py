"""Links by which people without an account sign up: made, seen with their uses, taken back."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.mail.links import absolute
from coalition.workspaces import access as door
from events.core.models.event import Event
from events.core.pages import planning_context
from events.press.registration.presenters import moment_words
from events.volunteers.actions.links import make_link, open_to_guests, take_back, token_of
from events.volunteers.forms.shifts import LinkForm
from events.volunteers.models import ShiftLink
from events.volunteers.queries import links_of, shift_plan_of
from events.volunteers.views.desk import to_planning


@dataclass(frozen=True)
class LinkRow:
    """One link. `address`: the whole one, to be passed on; "" once it does not open any more."""

    link: ShiftLink
    address: str
    until: str
    ended: bool
    last: str


@door.members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, event: UUID) -> HttpResponse:
    """Every link with its uses, and a form for another one."""
    access, found = to_planning(request, event)
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"until": _until(found)})
    if form.is_bound and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            make_link(access=access, event=found, until=form.ends(found), name=name)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made. Copy it and pass it on."))
            return redirect("events:shift_links", found.uuid)
    context = planning_context(access, found) | {
        "form": form,
        "rows": [_row(found, link) for link in links_of(found)],
        "for_guests": open_to_guests(found),
        "around": shift_plan_of(found),
    }
    return form_page(request, "events/shifts/links.html", context)


@door.members_only
@require_POST
def end(request: HttpRequest, event: UUID, link: UUID) -> HttpResponse:
    """Take a link back."""
    access, found = to_planning(request, event)
    row = get_object_or_404(ShiftLink, event=found, uuid=link)
    with telling(request, _("The link opens no more. Who signed up by it stays.")):
        take_back(access=access, link=row)
    return redirect("events:shift_links", found.uuid)


def _row(event: Event, link: ShiftLink) -> LinkRow:
    ended = link.taken_back_at is not None or link.until <= now()
    path = reverse("shift_sign_up", args=[token_of(link)])
    last: datetime.datetime | None = getattr(link, "last_use", None)
    return LinkRow(
        link=link,
        address="" if ended else absolute(path),
        until=moment_words(event, link.until),
        ended=ended,
        last=moment_words(event, last) if last is not None else "",
    )


def _until(event: Event) -> datetime.date:
    """The event's last day, or a month from now for what has no end."""
    today = now().astimezone(event.zone_info).date()
    last = event.lasts_until
    ends = last.astimezone(event.zone_info).date() if last else today + datetime.timedelta(days=30)
    return max(today, ends)
