"""What no transaction rolls back, such as a file, is undone by hand when the work for it fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def undo_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Call `undo` if the work inside does not come to its end, whatever stops it, and let that go on."""
    try:
        yield
    except BaseException:  # also a process that is told to stop would leave the file behind
        undo()
        raise
