"""What everybody sees of postcards: one page a design, and receipts of deliveries."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.campaigns.postcards.public_presenters import (
    PAGE_SECONDS,
    language_switch,
    postcards_view,
    receipt_of,
)
from coalition.campaigns.postcards.queries import public_designs
from coalition.core.errors import Refused
from coalition.http.responses import limit_proxy_age
from coalition.mail.outbox import absolute_url
from documents import hooks
from documents.files.views import send_in_public


@require_safe
def postcards(request: HttpRequest, slug: str) -> HttpResponse:
    """How many cards were printed, handed out, counted and delivered, and how that is known."""
    design = get_object_or_404(public_designs(), slug=slug)
    language = (get_language() or "").partition("-")[0]
    context = {
        **hooks.site_frame_context(request),
        "light": True,
        "languages": language_switch(slug, language),
        "cards": postcards_view(design, language),
        "canonical": absolute_url(reverse("postcards", args=[slug])),
    }
    answer = render(request, "campaigns/postcards/public.html", context)
    limit_proxy_age(answer, PAGE_SECONDS)
    return answer


@require_safe
def receipt(request: HttpRequest, slug: str, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """The scanned receipt of a delivery, without metadata. 404 unless the page is public and shows it."""
    design = get_object_or_404(public_designs(), slug=slug)
    found = receipt_of(design, str(file))
    if found is None:
        raise Http404
    ending = found.name.rpartition(".")[2]
    try:
        return send_in_public(request, found, name=f"receipt-{slug}.{ending}")
    except Refused as refusal:
        raise Http404 from refusal
