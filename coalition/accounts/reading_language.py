"""Reading language of a visitor at a URL without a language prefix."""

from django.http import HttpRequest
from django.utils.translation import get_language_from_request

# For the Vary header of the response.
VARIES_BY = ("Accept-Language", "Cookie")


def reading_language(request: HttpRequest) -> str:
    """Return the person's language, else the browser's, else Kazakh."""
    user = request.user
    return user.language if user.is_authenticated else get_language_from_request(request)
