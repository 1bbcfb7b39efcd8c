"""Pages for what went wrong, in words."""

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from coalition.core.infra_errors import AWAY, FULL, outage_status
from coalition.core.quiet_paths import SECTIONS, is_quiet
from coalition.http.quiet import make_quiet, prepare_quiet

TRY_AGAIN: Final = 15  # seconds: by then what was restarted answers again


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django tells no cause here, but calls from where it caught it."""
    outage = outage_status(sys.exception())
    if outage is None:
        return _error_page(request, 500)
    response = _error_page(request, {AWAY: 503, FULL: 507}[outage])
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(TRY_AGAIN)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def _error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of this error; on quiet pages a quiet one, without the site's name and mark."""
    if not is_quiet(request.path):
        return render(request, f"{status}.html", status=status)
    prepare_quiet(request)
    context = {"status": status, "start_url": f"/{get_language()}/{SECTIONS[0]}/"}
    return make_quiet(render(request, "error_quiet.html", context, status=status))
