"""What is demanded and what became of it, for everybody: only where the appeal's words are public."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override
from django.views.decorators.http import require_safe

from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import newest_version_at, off_site_row, shows_title
from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.asks.presenters import host_of, status_badge
from coalition.campaigns.asks.queries import PublicAsk, public_asks, public_step
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import content_languages
from coalition.http.responses import same_for_everyone
from coalition.mail.outbox import absolute_url
from documents import hooks
from documents.files.public_copy import may_be_public
from documents.files.views import send_in_public
from documents.publication.verification.findings import offline_page


@require_safe
def asks(request: HttpRequest, slug: str) -> HttpResponse:
    """The asks of an appeal, clause by clause, with their steps and evidence."""
    version = _version(slug)
    frame = {**hooks.site_frame_context(request), "light": True, "languages": _languages(request, slug)}
    row = off_site_row(version)
    if row is not None:
        return offline_page(request, row.since, frame)
    found = public_asks(version.appeal)
    if not found or not shows_title(version, localdate(now())):
        raise Http404
    context = {
        **frame,
        "appeal": version.appeal,
        "title": title_of(version.publication),
        "canonical": absolute_url(reverse("public_asks", args=[slug])),
        "asks": [_shown(one, slug) for one in found],
    }
    return same_for_everyone(render(request, "campaigns/asks/public.html", context))


@require_safe
def evidence(request: HttpRequest, slug: str, step: UUID) -> HttpResponse | StreamingHttpResponse:
    """The file of a step, without metadata. 404 unless the ask and its copy are public."""
    version = _version(slug)
    if off_site_row(version) is not None or not shows_title(version, localdate(now())):
        raise Http404
    found = public_step(version.appeal, step)
    file = found.evidence_file if found is not None else None
    if file is None or not may_be_public(file):
        raise Http404
    ending = file.name.rpartition(".")[2]
    try:
        return send_in_public(request, file, name=f"evidence-{slug}.{ending}")
    except Refused as refusal:
        raise Http404 from refusal


def _version(slug: str) -> AppealVersion:
    found = newest_version_at(slug)
    if found is None:
        raise Http404
    return found


def _shown(one: PublicAsk, slug: str) -> dict[str, object]:
    """What the page shows of an ask."""
    return {
        "ask": one.ask,
        "badge": status_badge(one.last.step.status),
        "table_url": reverse("documents_public:sheet", args=[one.table.uuid]) if one.table else "",
        "steps": [
            {
                "step": part.step,
                "badge": status_badge(part.step.status),
                "host": host_of(part.step.evidence_url),
                "file_url": reverse("public_ask_evidence", args=[slug, part.step.uuid])
                if part.has_file
                else "",
            }
            for part in reversed(one.steps)
        ],
    }


def _languages(request: HttpRequest, slug: str) -> list[dict[str, object]]:
    """The same page in each language."""
    found: list[dict[str, object]] = []
    for code, name in content_languages():
        with override(code):
            url = reverse("public_asks", args=[slug])
        found.append({"code": code, "name": name, "url": url, "current": url == request.path})
    return found
