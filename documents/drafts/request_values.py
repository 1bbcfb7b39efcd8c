"""Parsing of untrusted request values; never raises."""

import json
from typing import Any
from uuid import UUID


def parse_uuid(words: str) -> UUID | None:
    """Return the UUID, or None for anything else."""
    try:
        return UUID(words)
    except ValueError:
        return None


def parse_json_list(words: str) -> list[Any] | None:
    """Return the JSON list, or None for anything else."""
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
