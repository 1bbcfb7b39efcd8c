"""What the public sees of helplines: one page, and leaflets. No line has a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalition.accounts.models import REGIONS
from coalition.campaigns.helplines.leaflet import (
    ALL,
    leaflet_entries,
    leaflet_languages,
    leaflet_pdf,
    nearest_region,
)
from coalition.campaigns.helplines.presenters import help_filter, helpline_views, reader_language
from coalition.campaigns.helplines.queries import public_helplines
from coalition.core.clock import now
from coalition.http.quiet import quiet_page


@require_safe
@quiet_page
def help_page(request: HttpRequest) -> HttpResponse:
    """Every line that can be relied on, open ones first; `?region=` and `?language=` narrow it."""
    moment = now()
    entries = public_helplines(at=moment)
    asked = help_filter(
        entries, region=request.GET.get("region", ""), language=request.GET.get("language", "")
    )
    lines = helpline_views(public_helplines(asked.region, asked.language, among=entries), moment)
    region = nearest_region(entries, asked.region)
    context = {
        "open_lines": [one for one in lines if one.state.is_open],
        "closed_lines": [one for one in lines if not one.state.is_open],
        "filter": asked,
        "has_lines": bool(entries),
        "leaflet": region.lower() or ALL if leaflet_entries(entries, region, moment) else "",
    }
    return render(request, "campaigns/helplines/public.html", context)


@require_safe
@quiet_page
def leaflet(request: HttpRequest, region: str) -> HttpResponse:
    """The leaflet of a region as PDF in two languages; 404 in words where nothing would stand on it."""
    code = "" if region == ALL else region.upper()
    moment = now()
    entries = leaflet_entries(public_helplines(at=moment), code, moment)
    if (code and code not in REGIONS) or not entries:
        return render(request, "campaigns/helplines/no_leaflet.html", status=404)
    pdf = leaflet_pdf(entries, region=code, languages=leaflet_languages(reader_language()))
    # The name tells nothing to who looks through the downloads.
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="information.pdf"'},
    )
