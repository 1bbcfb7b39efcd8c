"""Reading the public site as anybody does: without an account, through every layer of the application."""

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
    """Answers of the public site. Each address is asked once.

    Django's handler is called as it is. Its test client would disconnect `close_old_connections` for the
    whole process at each request, and a worker has other threads; the signals of a request are not sent, so
    that the connection of whoever reads stays open.
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
        """Return the answer at `path` (an `HttpResponse`). The active language stays as it was."""
        if path not in self._answers:
            with override(language):
                self._answers[path] = self._handler.get_response(self._requests.get(path, **self._asks))
        return self._answers[path]

    def page(self, path: str, language: str) -> BeautifulSoup:
        """Return the HTML at `path`."""
        return html_of(self.get(path, language).content)

    def json(self, path: str, language: str) -> Any:
        """Return the JSON at `path`; None where it is none."""
        try:
            return json.loads(self.get(path, language).content)
        except ValueError:
            return None

    def xml(self, path: str, language: str) -> Any:
        """Return the root element at `path`; None where it is no XML."""
        try:
            return ElementTree.fromstring(self.get(path, language).content)
        except ElementTree.ParseError:
            return None


def html_of(content: str | bytes) -> BeautifulSoup:
    """Return HTML as elements."""
    return BeautifulSoup(content, "html.parser")


def text_of(element: Any) -> str:
    """The words of an element with single spaces; empty for none."""
    return single_spaced(element.get_text(" ")) if element is not None else ""


def single_spaced(words: str) -> str:
    """Return words with single spaces between them and none around."""
    return " ".join(words.split())
