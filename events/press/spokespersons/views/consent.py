"""Whether one may be named as spokesperson: on a page of one's own, or by the link in the mail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import PUBLIC, display_mark_for, display_name_for
from coalition.applicants.token_pages import private_response
from coalition.http.responses import telling
from coalition.workspaces import access
from events.press.spokespersons.actions.consent import agree_to_be_named, erase_speaker, take_name_back
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.presenters import hours_in_words
from events.press.spokespersons.queries import speaker_of_token, speaking_of


@access.members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """For whom the person is to speak, and whether they may be named there."""
    viewer = access.viewer(request)
    rows = [
        {"row": row, "mark": display_mark_for(viewer, row.organisation), "hours": hours_in_words(row)}
        for row in speaking_of(request.user)
    ]
    return render(request, "events/spokespersons/mine.html", {"nav_current": "profile", "rows": rows})


@access.members_only
@require_POST
def answer(request: HttpRequest, spokesperson: UUID) -> HttpResponse:
    """Agree, take it back, or do not speak at all."""
    row = get_object_or_404(speaking_of(request.user), uuid=spokesperson)
    with telling(request):
        done = _act(request, row)
        if done:
            messages.success(request, done)
    return redirect("events:speaking")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for somebody without an account: the GET shows, the POST acts. Raises Http404 for nobody's
    link."""
    row = speaker_of_token(token)
    if row is None:
        raise Http404
    language = row.writes_in
    with override(language):
        organisation, done = display_name_for(PUBLIC, row.organisation), ""
        if request.method == "POST":
            done = _act(request, row)
            row = speaker_of_token(token)
        context = {"row": row, "organisation": organisation, "done": done}
        response = render(request, "events/spokespersons/link.html", context)
    return private_response(response, language=language)


def _act(request: HttpRequest, row: Spokesperson) -> str:
    act = request.POST.get("act", "")
    if act == "agree":
        agree_to_be_named(spokesperson=row, with_phone="phone" in request.POST)
        return _("You may be named. You can take it back here at any time.")
    if act == "take_back":
        take_name_back(spokesperson=row)
        return _("You are not named any more.")
    if act == "erase":
        erase_speaker(spokesperson=row)
        return _("What was kept of you is deleted.")
    return ""
