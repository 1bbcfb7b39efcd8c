"""In which language somebody reads, at an address that names none."""

from django.http import HttpRequest
from django.utils.translation import get_language_from_request

# What the answer hangs on, for whoever keeps it.
VARIES_BY = ("Accept-Language", "Cookie")


def reading_language(request: HttpRequest) -> str:
    """The person's own, else the browser's, else Kazakh."""
    user = request.user
    return user.language if user.is_authenticated else get_language_from_request(request)
