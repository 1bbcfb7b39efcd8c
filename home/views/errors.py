"""Pages for what went wrong, in words."""

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coalition.core.infra_errors import AWAY, FULL, outage_of

TRY_AGAIN: Final = 15  # seconds: by then what was restarted answers again


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django tells no cause here, but calls from where it caught it."""
    outage = outage_of(sys.exception())
    if outage is None:
        return render(request, "500.html", status=500)
    response = render(request, {AWAY: "503.html", FULL: "507.html"}[outage], status=outage)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(TRY_AGAIN)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
