"""The identity of a suggestion: who suggests it, on whose behalf, when."""

import datetime
from dataclasses import dataclass
from typing import Final

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """`person` and `organisation` are UUIDs as text; empty where an id is not of our making."""

    person: str
    organisation: str
    at: datetime.datetime


def identity_of(suggestion: str) -> Identity:
    """What the id of a suggestion says."""
    parts = suggestion.split(".")
    if len(parts) != 4:
        return Identity("", "", _EPOCH)
    try:
        at = _EPOCH + datetime.timedelta(milliseconds=int(parts[2], 36))
    except (ValueError, OverflowError):
        at = _EPOCH
    return Identity(parts[0], parts[1], at)
