"""Anonymous requests to the public site, through every layer of the application."""

import json
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory
from django.utils.translation import override


class SiteReader:
    """Responses of the public site. Each address is requested once.

    Django's handler is called directly. Its test client would disconnect `close_old_connections`
    for the whole process at each request, and a worker has other threads; the signals of a request
    are not sent, so that the caller's connection stays open.
    """

    def __init__(self) -> None:
        address = urlsplit(settings.SITE_URL)
        self._asks: dict[str, Any] = {
            "SERVER_NAME": address.hostname or "localhost",
            "secure": address.scheme == "https",
        }
        self._requests = RequestFactory()
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._answers: dict[str, Any] = {}

    def get(self, path: str, language: str) -> Any:
        """Return the response at `path` (an `HttpResponse`). The active language is preserved."""
        if path not in self._answers:
            with override(language):
                self._answers[path] = self._handler.get_response(self._requests.get(path, **self._asks))
        return self._answers[path]

    def page(self, path: str, language: str) -> BeautifulSoup:
        """Return the HTML at `path`."""
        return html_of(self.get(path, language).content)

    def json(self, path: str, language: str) -> Any:
        """Return the JSON at `path`; None if it is invalid."""
        try:
            return json.loads(self.get(path, language).content)
        except ValueError:
            return None

    def xml(self, path: str, language: str) -> Any:
        """Return the root element at `path`; None if it is not XML."""
        try:
            return ElementTree.fromstring(self.get(path, language).content)
        except ElementTree.ParseError:
            return None


def html_of(content: str | bytes) -> BeautifulSoup:
    """Parse HTML."""
    return BeautifulSoup(content, "html.parser")


def text_of(element: Any) -> str:
    """Return the text of an element with single spaces; empty for None."""
    return single_spaced(element.get_text(" ")) if element is not None else ""


def single_spaced(words: str) -> str:
    """Return the text with single spaces, stripped."""
    return " ".join(words.split())
