"""The page of a table on a volunteer's phone. Whoever has the link can use it; it sets no cookie.

A visitor without a session has no rights that a foreign page could abuse; posts from other sites are refused
all the same (`is_from_own_page`).
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from coalition.applicants.views import is_from_own_page, private_response
from coalition.campaigns.in_person.actions.codes import make_code
from coalition.campaigns.in_person.actions.opening import LINK_ENDED, open_table
from coalition.campaigns.in_person.actions.taps import TapReport, record_taps
from coalition.campaigns.in_person.models import Table, TableDevice
from coalition.campaigns.in_person.phone_presenters import (
    PERMISSION_HIDDEN,
    code_json,
    code_state,
    page_languages,
    phone_context,
    table_json,
)
from coalition.campaigns.in_person.queries import table_of_token
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from documents.files.public_copy import may_be_public
from documents.files.views import send_in_public

MOST_TAP_POSTS: Final = 6000  # an hour, by one link from one network
MOST_CODES: Final = 1500  # the same, of new codes
UNREADABLE: Final = gettext_lazy("This page sent something that cannot be read. Load it anew.")
# Tells other sites nothing. "no-referrer" would too, but then browsers that do not know Sec-Fetch-Site send
# forms with `Origin: null`, which is refused.
REFERRER_POLICY: Final = "same-origin"

type TableView = Callable[..., HttpResponseBase]


def by_link(view: TableView) -> TableView:
    """Call the view with the table of the token; answer 410 for a link that opens nothing."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        table = table_of_token(token)
        if table is None:
            return _private(_gone(request, token))
        if request.method == "POST" and not is_from_own_page(request):
            words = _("This did not come from our own page. Press the button once more.")
            return _private(_refusal(request, table, token, words, status=403))
        return _private(view(request, table, token))

    return guarded


def _private[R: HttpResponseBase](response: R) -> R:
    private_response(response)
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


@require_safe
@by_link
def page(request: HttpRequest, table: Table, token: str) -> HttpResponse:
    """What a volunteer reads before opening the table, and the counter once it is open."""
    return _page(request, table, token)


@require_POST
@by_link
def open_by_link(request: HttpRequest, table: Table, token: str) -> HttpResponse:
    """Open the table."""
    try:
        open_table(table=table)
    except Refused as refusal:
        return _refusal(request, table, token, refusal.message, status=409)
    return redirect("table", token)


@require_POST
@by_link
def taps(request: HttpRequest, table: Table, token: str) -> HttpResponse:
    """Store what a phone counted: JSON of the script, or a button of the page without script."""
    if is_rate_limited(request, f"table:{table.uuid}:taps", MOST_TAP_POSTS):
        return _refusal(request, table, token, TooManyRequests().message, status=429)
    try:
        report = _parse_report(request)
        known = record_taps(table=table, report=report)
    except Refused as refusal:
        return _refusal(request, table, token, refusal.message, status=422)
    if not _is_script(request):
        return redirect(f"{reverse('table', args=[token])}?device={report.device}")
    answer = {"sequence": known.sequence, "own": known.taps, **table_json(table)}
    return JsonResponse(answer)


@require_POST
@by_link
def codes(request: HttpRequest, table: Table, token: str) -> HttpResponse:
    """Make the next single-use code."""
    if is_rate_limited(request, f"table:{table.uuid}:codes", MOST_CODES):
        return _refusal(request, table, token, TooManyRequests().message, status=429)
    try:
        made = code_json(make_code(table=table))
    except Refused as refusal:
        return _refusal(request, table, token, refusal.message, status=409)
    return JsonResponse(made) if _is_script(request) else _page(request, table, token, code=made)


@require_safe
@by_link
def state(request: HttpRequest, table: Table, token: str) -> HttpResponse:
    """Return how the table stands, and what became of the code on the screen (`?code=`)."""
    shown = request.GET.get("code", "")[:40]
    return JsonResponse({**table_json(table), "code": code_state(table, shown) if shown else ""})


@require_safe
@by_link
def permission(request: HttpRequest, table: Table, token: str) -> HttpResponseBase:
    """Send the owner's permission, without metadata."""
    file = table.permission_file
    if file is None:
        return _gone(request, token)
    if not may_be_public(file):
        return _refusal(request, table, token, str(PERMISSION_HIDDEN), status=410)
    return send_in_public(request, file, name=f"permission.{file.name.rpartition('.')[2]}")


@require_safe
@by_link
def worker(request: HttpRequest, table: Table, token: str) -> HttpResponse:
    """Return the service worker script that opens the page without a connection."""
    context = {"cache": f"coalition-table-{table.uuid}", "page": reverse("table", args=[token])}
    template = "campaigns/in_person/phone_worker.js"
    return render(request, template, context, content_type="text/javascript")


def _page(
    request: HttpRequest,
    table: Table,
    token: str,
    *,
    refusal: str = "",
    code: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    own = _own_count(request, table)
    context = {
        **phone_context(table, token),
        **own,
        "languages": page_languages(token, own["device"] if own["sequence"] > 1 else None),
        "refusal": refusal,
        "code": code,
    }
    return render(request, "campaigns/in_person/phone.html", context, status=status)


def _own_count(request: HttpRequest, table: Table) -> dict[str, Any]:
    """What this phone counted, for the page without script: its UUID is in the address."""
    try:
        device = UUID(request.GET.get("device", "") or request.POST.get("device", ""))
    except ValueError:
        return {"device": uuid4(), "sequence": 1, "own": 0}
    known = TableDevice.objects.filter(table=table, device=device).first()
    if known is None:
        return {"device": device, "sequence": 1, "own": 0}
    return {"device": device, "sequence": known.sequence + 1, "own": known.taps}


def _parse_report(request: HttpRequest) -> TapReport:
    """Raises Refused for what cannot be read."""
    try:
        if _is_script(request):
            sent: dict[str, Any] = json.loads(request.body)
            if not all(type(sent[name]) is int for name in ("sequence", "taps")):
                raise TypeError
            return TapReport(UUID(sent["device"]), sent["sequence"], sent["taps"])
        taps = int(request.POST.get("taps", "")) + int(request.POST.get("press", ""))
        return TapReport(
            UUID(request.POST.get("device", "")), int(request.POST.get("sequence", "")), max(0, taps)
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise Refused(UNREADABLE) from error


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _refusal(request: HttpRequest, table: Table, token: str, words: str, *, status: int) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"why": words}, status=status)
    return _page(request, table, token, refusal=words, status=status)


def _gone(request: HttpRequest, token: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"why": str(LINK_ENDED)}, status=410)
    context = {"languages": page_languages(token)}
    return render(request, "campaigns/in_person/phone_gone.html", context, status=410)
