"""Pages whose address is the key: no other page learns it, nobody keeps it, no search engine finds it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from coalition.core.errors import Refused

# "no-referrer" would hide the address too, but then browsers send the form with `Origin: null`, which the
# check against forged requests refuses.
REFERRER_POLICY = "strict-origin"


def private_response[R: HttpResponseBase](response: R, *, language: str = "") -> R:
    """The answer with the heads of such a page. `language`: which the page speaks, if it is the mail's."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex"
    if language:
        response["Content-Language"] = language
    return response


def confirm_or_withdraw(
    request: HttpRequest,
    *,
    confirm: Callable[[], object],
    withdraw: Callable[[], object | None],
    template: str,
    back: str,
) -> HttpResponse | str:
    """What one press on somebody's own page does: the answer to it, or in words why it was refused; "" where
    nothing was pressed. `withdraw` gives None if nothing of the person is left, which `template` then says;
    else the browser goes `back`, an address."""
    if request.method != "POST":
        return ""
    try:
        if request.POST.get("act") != "withdraw":
            confirm()
        elif withdraw() is None:
            return render(request, template, {"deleted": True})
    except Refused as refusal:
        return str(refusal.message)
    return redirect(back)
