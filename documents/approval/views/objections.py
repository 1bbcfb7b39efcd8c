"""Objecting to a decision that was recorded by link or phone: by the link that was sent, or signed in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import telling
from coalition.workspaces import access
from documents.approval.actions.object_to_decision import object_by_link, object_to_decisions
from documents.approval.queries.one_time_links import decided_otherwise, objection_link_of
from documents.approval.queries.rounds import asked_of
from documents.drafts.token_pages import token_page
from documents.guests.actions import NoSuchLink


def _language_of(token: str) -> str | None:
    found = objection_link_of(token)
    return found.person.language if found else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """What was recorded, without a word of the text, and the one button."""
    link = objection_link_of(token)
    if link is None:
        raise NoSuchLink
    if request.method == "POST":
        try:
            object_by_link(token=token)
        except Refused as refusal:
            return render(
                request, "documents/ways/objection.html", {"link": link, "why": refusal.message}, status=422
            )
        return redirect("objection_done")
    approvals = list(decided_otherwise(link.round, link.organisation))
    context = {"link": link, "approvals": approvals, "first": approvals[0] if approvals else None}
    return render(request, "documents/ways/objection.html", context)


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """After the press."""
    return render(request, "documents/ways/objected.html")


@access.members_only
@require_POST
def object_signed_in(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """The same in the members' area, about everything that was decided otherwise for the organisation."""
    asked = get_object_or_404(asked_of(request.user), round__uuid=round_uuid, organisation__uuid=organisation)
    with telling(request, _("Taken off the record. The coordinators have been told.")):
        object_to_decisions(
            round_=asked.round, organisation=asked.organisation, person=access.person(request)
        )
    return redirect("documents:decide_for", round_uuid, organisation)
