"""Strict parsing of requests from check-in phones."""

import datetime
import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.press.registration.check_in.actions import Tick


def parse_phone(words: str) -> UUID:
    """Parse the phone's random UUID. Raises Refused."""
    try:
        return UUID(words)
    except ValueError as error:
        raise _unreadable_error() from error


def parse_since(words: str) -> int:
    """Parse the sequence number up to which the phone is current; 0: it has nothing."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def parse_ticks(body: bytes, moment: datetime.datetime) -> list[Tick]:
    """Parse the ticks of a request received at `moment`. Raises Refused if malformed.

    Uses the elapsed time since each tick, by subtracting the phone's time of sending, because the
    phone's clock may be wrong.
    """
    try:
        sent: dict[str, Any] = json.loads(body)
        clock = float(sent["clock"])
        return [_parse_tick(one, clock, moment) for one in sent["ticks"]]
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable_error() from error


def _parse_tick(one: dict[str, Any], clock: float, moment: datetime.datetime) -> Tick:
    age = datetime.timedelta(milliseconds=clock - float(one["at"]))
    back = one.get("takes_back")
    return Tick(
        mark=UUID(one["mark"]),
        guest=str(one.get("guest", "")),
        at=moment - age,
        takes_back=UUID(back) if back else None,
    )


def _unreadable_error() -> Refused:
    return Refused(_("This page sent something that cannot be read. Load it anew."))
