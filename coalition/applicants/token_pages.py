"""Pages whose address is the key: no other page learns it, nobody keeps it, no search engine finds it."""

from django.http.response import HttpResponseBase

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
