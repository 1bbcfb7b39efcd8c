"""What a phone at the door sends, read strictly."""

import datetime
import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.press.registration.check_in.actions import Tick


def phone_of(words: str) -> UUID:
    """The random number by which a phone is known to us. Raises Refused."""
    try:
        return UUID(words)
    except ValueError as error:
        raise _unreadable() from error


def since_of(words: str) -> int:
    """The number up to which the phone knows everything; 0: it knows nothing."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def ticks_of(body: bytes, moment: datetime.datetime) -> list[Tick]:
    """The ticks of a request that arrived at `moment`. Raises Refused for what cannot be read.

    How long ago something was pressed is what the phone's clock tells best: it may stand wrong, and what it
    shows when it sends is subtracted.
    """
    try:
        sent: dict[str, Any] = json.loads(body)
        clock = float(sent["clock"])
        return [_tick(one, clock, moment) for one in sent["ticks"]]
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable() from error


def _tick(one: dict[str, Any], clock: float, moment: datetime.datetime) -> Tick:
    age = datetime.timedelta(milliseconds=clock - float(one["at"]))
    back = one.get("takes_back")
    return Tick(
        mark=UUID(one["mark"]),
        guest=str(one.get("guest", "")),
        at=moment - age,
        takes_back=UUID(back) if back else None,
    )


def _unreadable() -> Refused:
    return Refused(_("This page sent something that cannot be read. Load it anew."))
