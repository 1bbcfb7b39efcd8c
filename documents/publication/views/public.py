"""The public approval sheets: the list, one as a page, one as JSON that verifies from outside."""

import hashlib
import json
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.jobs.moments import with_place
from documents.canonical.compare import compare
from documents.canonical.compare_html import render_comparison
from documents.canonical.html import render_html
from documents.canonical.serialise import short_hash
from documents.drafts.enums import DecisionKind, PublicationState, Way
from documents.open_letters.queries import open_letter_of
from documents.publication import hooks
from documents.publication.certificate import (
    awaiting_words,
    correction_words,
    earlier_words,
    marks_of,
    missing_words,
    names_of,
    sheet_of,
)
from documents.publication.models.publication import Publication, PublicationName, PublicationText
from documents.publication.presenters import beside, checks, kazakh_first
from documents.publication.queries.publications import WithAll, publications_with_all, under_what_corrects
from documents.publication.verification.responses import retry_later, taken_off_page, taken_off_row

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
            "taken_off": taken_off_row(publication) is not None,
            "hash": short_hash(publication.hash),
            "correction": correction_words(publication),
            "replaced": getattr(publication, "replaced_by", None) is not None,
        }
        for publication in page.object_list
    ]
    context = {
        **hooks.frame_of(request),
        "rows": rows,
        "page": page,
        "languages": _switch("sheets"),
    }
    return _public(render(request, "documents/publications/public_list.html", context))


@require_safe
def sheet(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Who stands under a text, how, and for which hash. A withdrawn one answers 410 with its note, one
    that is off the site while it is checked 503."""
    found: WithAll = get_object_or_404(publications_with_all(), uuid=publication)
    if (held := taken_off_row(found)) is not None:
        around = {**hooks.frame_of(request), "languages": _switch("sheet", found.uuid)}
        return taken_off_page(request, held.since, around)
    named, others = names_of(found)
    shown = found.state == PublicationState.PUBLIC
    later = under_what_corrects(found) if getattr(found, "replaced_by", None) else None
    context = {
        **hooks.frame_of(request),
        "publication": found,
        "title": _title(found),
        "is_public": shown,
        **beside(found, shown=shown),
        "texts": [_text(found, text, shown=shown) for text in kazakh_first(found)],
        "named": [
            {"mark": mark, "name": mark.name, "when": _how(name, later)}
            for mark, name in zip(marks_of(found), named, strict=True)
        ],
        "published": with_place(found.published_at) if found.published_at else "",
        "withheld": len(others),
        **_counts([*named, *others]),
        "hash": found.hash,
        "short": short_hash(found.hash),
        "counted": checks(found),
        "missing": missing_words(found),
        "awaiting": awaiting_words(found),
        "correction": correction_words(found),
        "earlier_only": earlier_words(found.earlier_only),
        "changed": _changed(found) if shown else [],
        "replaced_by": getattr(found, "replaced_by", None),
        "letter": open_letter_of(found),
        "json_url": reverse("documents_public:sheet_json", args=[found.uuid]),
        "languages": _switch("sheet", found.uuid),
    }
    status = 200 if shown else GONE
    return _public(render(request, "documents/publications/sheet.html", context, status=status))


def _changed(publication: Publication) -> list[dict[str, object]]:
    """What a correction changed, in each language that the text had before, while both are public."""
    before = publication.replaces
    if before is None or before.state != PublicationState.PUBLIC:
        return []
    former = {text.language: text.document for text in before.texts.select_related("version")}
    found: list[dict[str, object]] = []
    for text in kazakh_first(publication):
        if text.language in former:
            compared = compare(former[text.language], text.document)
            found.append(
                {
                    "code": text.language,
                    "name": Language(text.language).label,
                    "same": compared.same,
                    "words": render_comparison(compared, context=1),
                }
            )
    return found


def _how(name: PublicationName, later: frozenset[int] | None) -> str:
    """When the organisation approved, by which way, and for which languages it relies on others; whether it
    approved too what corrects these words, if something does."""
    day = formats.date_format(timezone.localtime(name.approved_at), "DATE_FORMAT")
    relies = [
        Language(one["language"]).label for one in name.decisions if one["decision"] == DecisionKind.RELIES
    ]
    told = [day, name.get_way_display()]
    if relies:
        told.append(_("relies on an attested translation: %(languages)s") % {"languages": ", ".join(relies)})
    if later is not None:
        told.append(
            _("Stands under the corrected text too")
            if name.organisation_id in later
            else _("Stands under these earlier words only")
        )
    return " · ".join(told)


def _counts(names: list[PublicationName]) -> dict[str, int]:
    """How many approved; how many did not object after notice, which is never shown as an approval."""
    silent = sum(name.way == Way.NO_OBJECTION for name in names)
    return {"count": len(names) - silent, "silent": silent}


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
        "page": hooks.address_of(publication, version.language) if shown else None,
    }


def _title(publication: Publication) -> str:
    """The title in the reader's language or the next best; none for what was withdrawn."""
    if publication.state != PublicationState.PUBLIC or taken_off_row(publication) is not None:
        return ""
    titles = {text.language: json.loads(text.version.canonical)["title"] for text in publication.texts.all()}
    order = [get_language() or Language.KK, *Language.values]
    return next((titles[code] for code in order if code in titles), "")


@require_safe
def sheet_json(request: HttpRequest, publication: UUID) -> HttpResponse:
    """The sheet for programs, readable from any site; its ETag is the hash of what is sent."""
    found = get_object_or_404(publications_with_all(), uuid=publication)
    if taken_off_row(found) is not None:
        held = JsonResponse(
            {"taken_off": str(_("This text is off the site while it is checked."))}, status=503
        )
        held["Access-Control-Allow-Origin"] = "*"
        return retry_later(held)
    body = json.dumps(sheet_of(found), ensure_ascii=False, sort_keys=True, indent=1).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    status = 200 if found.state == PublicationState.PUBLIC else GONE
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    _public(response)
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
