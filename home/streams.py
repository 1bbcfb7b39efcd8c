"""Traversal of a page's StreamFields at any nesting."""

from collections.abc import Iterator
from typing import Any, Final

from wagtail.blocks import StreamValue

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
