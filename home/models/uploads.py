"""Files in forms of the newsroom: those that were chosen just now, and those that are kept already."""

from typing import Any


def is_new(file: Any) -> bool:
    """Whether a model's file field holds a file that the storage does not have yet."""
    return bool(file) and not file._committed  # noqa: SLF001  Django says it nowhere else
