"""Labels and the catalogue of an exhibition on paper, and where their printed codes lead."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.accounts.reading_language import VARIES_BY, reading_language
from coalition.http.responses import pdf_response
from coalition.workspaces import access
from documents.publication import hooks
from events.core.link_previews import is_opened_by_a_person
from events.core.printed_codes import destination_of, find_code, note_opening
from events.exhibitions.works.pdf import LABEL_SIZES, catalogue_pdf, labels_pdf
from events.exhibitions.works.queries import exhibition_of, works_of
from events.exhibitions.works.views.desk import to_exhibition


@access.members_only
@never_cache
@require_safe
def labels(request: HttpRequest, event: UUID, size: str) -> HttpResponse:
    """Labels for the wall, small or in large print, in three languages each."""
    _access, found = to_exhibition(request, event)
    rows = works_of(found)
    if size not in LABEL_SIZES or not rows:
        raise Http404
    return pdf_response(labels_pdf(event=found, works=rows, size=size), f"labels-{size}.pdf")


@access.members_only
@never_cache
@require_safe
def catalogue(request: HttpRequest, event: UUID, language: str) -> HttpResponse:
    """The catalogue in one language: works that may be shown, pictures that may be reproduced."""
    _access, found = to_exhibition(request, event)
    exhibition = exhibition_of(found)
    rows = [one for one in works_of(found) if one.show_agreed]
    if language not in Language.values or exhibition is None or not rows:
        raise Http404
    content = catalogue_pdf(event=found, exhibition=exhibition, works=rows, language=language)
    return pdf_response(content, f"catalogue-{language}.pdf")


@never_cache
@require_safe
def printed_code(request: HttpRequest, code: str) -> HttpResponse:
    """From a code on paper to its page, in the reader's language.

    Without a page it says so, with 410, whether a thing is gone, not public or the code was never printed:
    the three are not told apart. (404 would not reach the reader: Django answers it at an address without a
    language with a redirect to one.) Nothing here is kept by browsers: what is gone can come back, and the
    redirect is not for good, since the address behind paper may change.

    Capital letters in the path lead here too (`/Q/…`): QR codes of capitals are smaller.
    """
    language = reading_language(request)
    found = find_code(code[:40])
    leads = destination_of(found, language)
    answer: HttpResponse
    if leads.address:
        if found is not None and is_opened_by_a_person(request):
            note_opening(found)
        answer = HttpResponseRedirect(leads.address)
    else:
        with override(language):
            context = {
                **hooks.frame_of(request),
                "way_on": leads.way_on,
            }
            answer = render(request, "events/public/code.html", context, status=410)
    patch_vary_headers(answer, VARIES_BY)
    return answer
