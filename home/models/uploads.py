"""Files in the newsroom's forms: new uploads and stored ones."""

from typing import Any


def is_new(file: Any) -> bool:
    """Whether a model's file field contains a file that is not stored yet."""
    return bool(file) and not file._committed  # noqa: SLF001  Django says it nowhere else
