"""A person's own calendar addresses. Each is shown once, in the answer to the press that made it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.views.access import get_person
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from events.core.models import PrivateFeed
from events.feeds.actions import create_feed, revoke_feed, rotate_feed
from events.feeds.calendar_links import webcal, whole
from events.feeds.forms import FeedForm
from events.feeds.queries import feeds_of

PAGE = "events/desk/feeds.html"


@member_required
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The addresses in use, and the form for another."""
    return render(request, PAGE, _context(request, FeedForm(person=get_person(request))))


@member_required
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    person = get_person(request)
    form = FeedForm(request.POST, person=person)
    if form.is_valid():
        try:
            feed, token = create_feed(person=person, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _shown(request, feed, token)
    return form_page(request, PAGE, _context(request, form))


@member_required
@require_POST
def rotate(request: HttpRequest, feed: UUID) -> HttpResponse:
    """Another address for the same feed."""
    person = get_person(request)
    row = get_object_or_404(feeds_of(person), uuid=feed)
    return _shown(request, *rotate_feed(person=person, feed=row))


@member_required
@require_POST
def revoke(request: HttpRequest, feed: UUID) -> HttpResponse:
    person = get_person(request)
    row = get_object_or_404(feeds_of(person), uuid=feed)
    revoke_feed(person=person, feed=row)
    messages.success(request, _("Ended. Programs that ask at this address find nothing any more."))
    return redirect("events:feeds")


def _shown(request: HttpRequest, feed: PrivateFeed, token: str) -> HttpResponse:
    """The page with the address: the only time that it is told."""
    path = reverse("calendar_private", args=[token])
    context = _context(request, FeedForm(person=get_person(request)))
    return render(request, PAGE, context | {"made": feed, "address": whole(path), "webcal": webcal(path)})


def _context(request: HttpRequest, form: FeedForm) -> dict[str, object]:
    return {"form": form, "feeds": feeds_of(get_person(request))}
