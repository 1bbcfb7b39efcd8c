"""What the proxy in front asks: the number under which it keeps public pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from home.frontend_cache.watching import number


@require_safe
def pages_version(request: HttpRequest) -> HttpResponse:
    """A number that tells nothing but that something changed; 404 where no proxy keeps pages."""
    if not settings.PAGES_KEPT:
        raise Http404
    return HttpResponse(status=204, headers={"X-Pages-Version": str(number())})
