"""Pages with a token in the URL: no referrer, no caching, no indexing."""

from django.http.response import HttpResponseBase

# "no-referrer" would hide the URL too, but then browsers send the form with `Origin: null`, which
# the CSRF check refuses.
REFERRER_POLICY = "strict-origin"


def private_response[R: HttpResponseBase](response: R, *, language: str = "") -> R:
    """Set the headers of such a page. `language`: that of the page, if it is the mail's."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex"
    if language:
        response["Content-Language"] = language
    return response
