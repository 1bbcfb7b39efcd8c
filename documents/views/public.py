"""The public approval sheets: the list, one as a page, one as JSON that verifies from outside."""

import hashlib
import json
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from coalition.partners.enums import Language
from documents import presenters
from documents.canonical.html import render_html
from documents.canonical.serialise import short_hash
from documents.enums import PublicationState
from documents.models import Publication, PublicationName, PublicationText
from documents.moments import with_place
from documents.queries.publications import publications_with_all
from documents.sheet import marks_of, names_of, sheet_of

ON_A_PAGE = 30
GONE = 410


def _public(response: HttpResponse) -> HttpResponse:
    """Caches may keep it but ask again each time: a name can be withheld at any moment."""
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _switch(name: str, *arguments: UUID) -> list[dict[str, object]]:
    """The same page in the three languages, for the switch."""
    found: list[dict[str, object]] = []
    for code, label in Language.choices:
        with override(code):
            url = reverse(f"documents_public:{name}", args=arguments)
        found.append({"code": code, "name": label, "url": url, "current": code == get_language()})
    return found


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Everything that was made public, newest first, with its place in the chain."""
    page = Paginator(publications_with_all(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "publication": publication,
            "title": _title(publication),
            "is_public": publication.state == PublicationState.PUBLIC,
            "hash": short_hash(publication.hash),
        }
        for publication in page.object_list
    ]
    context = {
        **presenters.frame_of(request),
        "rows": rows,
        "page": page,
        "languages": _switch("sheets"),
    }
    return _public(render(request, "documents/publications/public_list.html", context))


@require_safe
def sheet(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Who stands under a text, how, and for which hash. A withdrawn one answers 410 with its note."""
    found = get_object_or_404(publications_with_all(), uuid=publication)
    named, others = names_of(found)
    shown = found.state == PublicationState.PUBLIC
    context = {
        **presenters.frame_of(request),
        "publication": found,
        "title": _title(found),
        "is_public": shown,
        "texts": [_text(found, text, shown=shown) for text in found.texts.all()],
        "named": [
            {"mark": mark, "name": mark.name, "when": _day(name)}
            for mark, name in zip(marks_of(found), named, strict=True)
        ],
        "published": with_place(found.published_at) if found.published_at else "",
        "withheld": len(others),
        "count": len(named) + len(others),
        "hash": found.hash,
        "short": short_hash(found.hash),
        "replaced_by": getattr(found, "replaced_by", None),
        "json_url": reverse("documents_public:sheet_json", args=[found.uuid]),
        "languages": _switch("sheet", found.uuid),
    }
    status = 200 if shown else GONE
    return _public(render(request, "documents/publications/sheet.html", context, status=status))


def _day(name: PublicationName) -> str:
    return formats.date_format(timezone.localtime(name.approved_at), "DATE_FORMAT")


def _text(publication: Publication, text: PublicationText, *, shown: bool) -> dict[str, object]:
    version = text.version
    document = json.loads(version.canonical)
    return {
        "code": version.language,
        "name": Language(version.language).label,
        "number": version.number,
        "hash": version.hash,
        "short": short_hash(version.hash),
        "title": document["title"] if shown else "",
        "lead": document["lead"] if shown else "",
        "words": render_html(document, heading_shift=1, id_prefix=f"{version.language}-") if shown else "",
        "page": presenters.address_of(publication, version.language) if shown else None,
    }


def _title(publication: Publication) -> str:
    """The title in the reader's language or the next best; none for what was withdrawn."""
    if publication.state != PublicationState.PUBLIC:
        return ""
    titles = {text.language: json.loads(text.version.canonical)["title"] for text in publication.texts.all()}
    order = [get_language() or Language.KK, *Language.values]
    return next((titles[code] for code in order if code in titles), "")


@require_safe
def sheet_json(request: HttpRequest, publication: UUID) -> HttpResponse:
    """The sheet for programs, readable from any site; its ETag is the hash of what is sent."""
    found = get_object_or_404(publications_with_all(), uuid=publication)
    body = json.dumps(sheet_of(found), ensure_ascii=False, sort_keys=True, indent=1).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    status = 200 if found.state == PublicationState.PUBLIC else GONE
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    _public(response)
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
