"""The works of a public exhibition: the catalogue, one work, its picture."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from events.core.pages import jpeg_response
from events.core.public_pages import public_page
from events.core.queries import text_in
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.presenters.public import beside, shown, shown_works, work_data
from events.exhibitions.works.queries import picture_is_public, public_exhibition, public_works


@require_safe
def works(request: HttpRequest, slug: str) -> HttpResponse:
    """All works that may be shown, in the order of hanging."""
    exhibition, language = _exhibition(slug), get_language() or Language.KK
    rows = shown_works(exhibition, language)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, language).title,
        "works": rows,
        "beside": beside(exhibition, language),
    }
    return public_page(request, "works", context, name="public_works", slug=slug)


@require_safe
def work(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One work, with the ones before and after it."""
    exhibition, language = _exhibition(slug), get_language() or Language.KK
    rows = public_works(exhibition)
    place = next((place for place, one in enumerate(rows) if one.number == number), None)
    if place is None:
        raise Http404
    one = shown(rows[place], language)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, language).title,
        "work": one,
        "before": shown(rows[place - 1], language) if place else None,
        "after": shown(rows[place + 1], language) if place + 1 < len(rows) else None,
        "beside": beside(exhibition, language),
        "work_data": work_data(rows[place], one),
    }
    return public_page(request, "work", context, name="public_work", slug=slug, number=number)


@require_safe
def picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The picture of a work, asked for its right at every access; kept by nobody beyond its last day."""
    exhibition = _exhibition(slug)
    found = next((one for one in public_works(exhibition) if one.number == number), None)
    today = timezone.localdate(timezone=exhibition.event.zone_info)
    if found is None or not picture_is_public(found, today):
        raise Http404
    answer = jpeg_response(str(found.drawn.name))
    patch_cache_control(answer, public=True, max_age=_seconds_kept(found, today))
    return answer


def _seconds_kept(work: Work, today: datetime.date) -> int:
    """An hour, and not at all on the last day of the right."""
    return 0 if work.reproduction_until == today else 3600


def _exhibition(slug: str) -> Exhibition:
    found = public_exhibition(slug)
    if found is None:
        raise Http404
    return found
