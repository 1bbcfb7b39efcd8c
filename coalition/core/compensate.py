"""Compensating actions for what no transaction rolls back, such as files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def undo_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Call `undo` if the block raises anything, and re-raise."""
    try:
        yield
    except BaseException:  # also a process being stopped would leave the file behind
        undo()
        raise
