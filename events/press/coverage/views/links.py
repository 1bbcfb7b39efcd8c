"""Links by which outlets and partners note coverage: made and ended at the desk; their own page."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import too_often
from coalition.http.responses import form_page, telling
from coalition.mail.links import absolute
from coalition.workspaces import access as door
from events.press.access import at_desk, desk
from events.press.coverage.actions import links as acts
from events.press.coverage.forms import LinkForm, SeenForm
from events.press.coverage.models import CoverageLink
from events.press.coverage.queries import coverage_links, link_of_token

TAB = "press_coverage"


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The links of one's organisation; make another one."""
    access = at_desk(request, workspace)
    form = LinkForm(request.POST or None, initial={"language": door.person(request).language})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            acts.make_coverage_link(access=access, label=given["label"], language=Language(given["language"]))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made. Copy it and send it yourself."))
            return redirect("events:press_coverage_links", access.workspace.uuid)
    rows = [
        {
            "link": one,
            "open": acts.is_open(one),
            "address": absolute(reverse("coverage_link", args=[acts.token_of(one)])),
        }
        for one in coverage_links(access)
    ]
    context = desk(access, TAB, form=form, rows=rows)
    return form_page(request, "events/coverage/links.html", context)


@door.members_only
@require_POST
def end(request: HttpRequest, workspace: UUID, link: UUID) -> HttpResponse:
    """Nothing more comes by it."""
    access = at_desk(request, workspace)
    found = get_object_or_404(coverage_links(access), uuid=link)
    with telling(request, _("The link has ended. What came by it stays.")):
        acts.end_coverage_link(access=access, link=found)
    return redirect("events:press_coverage_links", access.workspace.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind the link. What was typed stays when it is refused. Raises Http404 for nobody's link."""
    found = link_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        response = _note(request, found)
    return private_response(response, language=found.language)


def _note(request: HttpRequest, link: CoverageLink) -> HttpResponse:
    sent = request.method == "POST"
    form = SeenForm(request.POST if sent else None)
    context = {"organisation": display_name_for(PUBLIC, link.organisation), "form": form}
    if not acts.is_open(link):
        return render(request, "events/coverage/note.html", {"ended": True}, status=410)
    if sent and too_often(request, "coverage"):
        return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
    if sent and form.is_valid():
        try:
            acts.send_coverage(link=link, seen=form.seen)
        except acts.TooMany:
            return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
        except acts.Ended:
            return render(request, "events/coverage/note.html", {"ended": True}, status=410)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            done = {**context, "form": SeenForm(), "done": True}
            return render(request, "events/coverage/note.html", done)
    return form_page(request, "events/coverage/note.html", context)
