"""Paths and StreamFields of public pages."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from django.urls import get_script_prefix, reverse
from django.utils.translation import override
from wagtail.blocks import StreamValue
from wagtail.models import Page


def page_path(page: Page) -> str:
    """Return a page's path on the site: the first page of its language is the root of all others."""
    return page_path_at(page.locale.language_code, page.url_path)


def page_path_at(language: str, url_path: str) -> str:
    """Return the path of a page given by its language and its `url_path` in the tree."""
    return _path(language, url_path.split("/", 2)[2], get_script_prefix())


@lru_cache(4096)
def _path(language: str, below_home: str, _prefix: str) -> str:
    """`_prefix`: the path prefix of the whole site, which Django adds."""
    with override(language):
        return reverse("wagtail_serve", args=[below_home])


STREAMS: Final = ("sections", "body")  # fields of pages that can contain a fact or a helpline


def facts_of_stream(stream: Any) -> Iterator[str]:
    """Yield the UUIDs of the facts in a stream, in order, including nested ones."""
    for block in stream or ():
        if block.block_type == "fact" and block.value:
            yield block.value
        elif block.block_type == "numbers" and isinstance(block.value["figures"], StreamValue):
            yield from facts_of_stream(block.value["figures"])


def helplines_of_stream(stream: Any) -> Iterator[str]:
    """Yield the UUIDs of the helplines in a stream, in order."""
    for block in stream or ():
        if block.block_type == "helpline" and block.value:
            yield block.value
