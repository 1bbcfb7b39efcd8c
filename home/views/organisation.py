"""One publicly listed organisation."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.accounts.queries import public_organisations
from coalition.core.clock import now
from documents.files.views import send_logo
from documents.publication.queries import public_logo_of
from events.public.presenters import next_rows
from home.page_context import organisation_card
from home.public_page import frame_context
from home.queries import news_of, signatories_by_publication, site_languages


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Its page; an organisation whose name is withheld has none, as if it did not exist."""
    found = get_object_or_404(public_organisations(), slug=slug)
    language = get_language() or "kk"
    news = list(news_of(found, language))
    under = signatories_by_publication([page.publication for page in news if page.publication])
    here = {code: f"/{code}/partners/{slug}/" for code in site_languages()}
    context = {
        **frame_context(request, language=language, here=here),
        "organisation": found,
        "events": next_rows(language, now(), organisation=found),
        "card": organisation_card(found, language),
        "logo": public_logo_of(found),
        "news": [{"page": page, "under": under.get(page.publication_id)} for page in news],
    }
    return render(request, "home/organisation.html", context)


@require_safe
def logo(request: HttpRequest, slug: str, logo: UUID) -> HttpResponse:
    """The logo that the organisation permits at this moment; every other one is like one that never was."""
    row = public_logo_of(get_object_or_404(public_organisations(), slug=slug))
    if row is None or row.uuid != logo:
        raise Http404
    response = send_logo(request, row)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response
