"""Reading the public site as anybody does: without an account, through every layer of the application."""

import json
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.conf import settings
from django.test import Client
from django.utils.translation import override


class SiteReader:
    """Answers of the public site. Each address is asked once."""

    def __init__(self) -> None:
        address = urlsplit(settings.SITE_URL)
        self._asks: dict[str, Any] = {
            "SERVER_NAME": address.hostname or "localhost",
            "secure": address.scheme == "https",
        }
        self._client = Client(raise_request_exception=False)
        self._answers: dict[str, Any] = {}

    def get(self, path: str, language: str) -> Any:
        """Return the answer at `path` (an `HttpResponse`). The active language stays as it was."""
        if path not in self._answers:
            with override(language):
                self._answers[path] = self._client.get(path, **self._asks)
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
    return " ".join(element.get_text(" ").split()) if element is not None else ""
