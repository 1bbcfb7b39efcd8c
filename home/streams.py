"""Walking through the streams of a page, whatever is nested in whatever."""

from collections.abc import Iterator
from typing import Any, Final

from wagtail.blocks import StreamValue

STREAMS: Final = ("sections", "body")  # fields of pages in which a fact or a helpline can stand


def facts_of_stream(stream: Any) -> Iterator[str]:
    """The UUIDs of the facts in a stream, in their order, those inside of sections too."""
    for block in stream or ():
        if block.block_type == "fact" and block.value:
            yield block.value
        elif block.block_type == "numbers" and isinstance(block.value["figures"], StreamValue):
            yield from facts_of_stream(block.value["figures"])


def helplines_of_stream(stream: Any) -> Iterator[str]:
    """The UUIDs of the helplines in a stream, in their order."""
    for block in stream or ():
        if block.block_type == "helpline" and block.value:
            yield block.value
