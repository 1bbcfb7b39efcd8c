"""Approved words for the editor: what may be taken over into a text, and taking it over."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coalition.core.errors import Refused
from coalition.workspaces import access as door
from documents.approval.actions.insert_approved import put_in_approved
from documents.approval.queries.approved_texts import approved_words
from documents.canonical.text import render_text
from documents.drafts.access import to_text
from documents.drafts.models import Version
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.history.actions import document_of
from documents.publication.queries.publications import sheet_address_of

MOST_LOOKED_AT, MOST_SHOWN, PREVIEW = 300, 40, 240  # versions, versions, letters


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def approved(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """`{"versions": [{id, title, words, who, url}]}`, the newest first; `?q=`: words of the title,
    `?version=`: this one alone. A POST puts `version` in before the block at `place`, with `suggests` as a
    suggestion."""
    access, text = to_text(request, draft, language)
    if request.method == "POST":
        version, place = request.POST.get("version", ""), request.POST.get("place", "")
        try:
            put_in_approved(
                access=access,
                text=text,
                version=UUID(version),
                place=int(place[:6]),
                suggests="suggests" in request.POST,
            )
        except ValueError:
            return HttpResponse(status=400)
        except Refused as refusal:
            return JsonResponse({"why": refusal.message}, status=422)
        return HttpResponse(status=204)
    rows = approved_words(request.user, text.draft, text.language)
    if "version" in request.GET:
        wanted = _uuid(request.GET["version"])
        rows = rows.filter(uuid=wanted) if wanted is not None else rows.none()
    else:
        require_that(may_edit_text(access, text.draft) or may_suggest_in(access, text.draft))
    return JsonResponse({"versions": _shown(list(rows[:MOST_LOOKED_AT]), request.GET.get("q", ""))})


def _shown(versions: list[Version], query: str) -> list[dict[str, Any]]:
    """SQLite knows no capital letters beyond ASCII, so titles are looked through here."""
    wanted = query[:100].casefold().split()
    found: list[dict[str, Any]] = []
    for version in versions:
        title = document_of(version)["title"]
        if all(word in title.casefold() for word in wanted):
            found.append(_one(version, title))
        if len(found) == MOST_SHOWN:
            break
    return found


def _one(version: Any, title: str) -> dict[str, Any]:
    words = " ".join(render_text(document_of(version), width=None, with_title=False).split())
    who = ngettext(
        "Approved by %(count)d organisation", "Approved by %(count)d organisations", version.approved_by
    )
    return {
        "id": str(version.uuid),
        "title": title,
        "words": words if len(words) <= PREVIEW else words[:PREVIEW].rsplit(" ", 1)[0] + "…",
        "who": who % {"count": version.approved_by},
        "url": version.get_absolute_url() if version.readable else sheet_address_of(version.publication_uuid),
    }


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
