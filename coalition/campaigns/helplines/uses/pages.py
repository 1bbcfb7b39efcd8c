"""Pages of the public site that show a line: named by the layer above."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coalition.campaigns.helplines.models import Helpline


@dataclass(frozen=True)
class PageWithLine:
    """A public page, and in which language it is."""

    title: str
    url: str
    language: str


type PagesOf = Callable[[Helpline], Iterable[PageWithLine]]

_pages: list[PagesOf] = []


def register_pages(pages_of: PagesOf) -> None:
    """Say how the pages that show a line are found (from `AppConfig.ready()`)."""
    _pages[:] = [pages_of]


def pages_showing(helpline: Helpline) -> list[PageWithLine]:
    """Return the public pages that show the line, of which everyone may know."""
    return [page for pages_of in _pages for page in pages_of(helpline)]
