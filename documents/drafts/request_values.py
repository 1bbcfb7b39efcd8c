"""Reading what pages send, where anything may come: nothing here raises."""

import json
from typing import Any
from uuid import UUID


def uuid_sent(words: str) -> UUID | None:
    """The UUID, or None for anything else."""
    try:
        return UUID(words)
    except ValueError:
        return None


def list_sent(words: str) -> list[Any] | None:
    """The JSON list, or None for anything else."""
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
