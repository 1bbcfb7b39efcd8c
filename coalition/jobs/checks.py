"""Whether this machine's clock agrees with the one that decides. Said whenever a database may be asked:
`manage.py migrate`, `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from coalition.core.clock import clock_skew_seconds

TOLERANCE_SECONDS = 5.0  # seconds: an authenticator app's code holds for thirty


def register_clock_check() -> None:
    """Let it be asked (from `AppConfig.ready()`)."""
    checks.register(checks.Tags.database)(check_clock_skew)


def check_clock_skew(databases: Sequence[str] | None = None, **_given: Any) -> list[checks.CheckMessage]:
    """A warning where the clocks differ by more than `TOLERANCE`."""
    if not databases or "default" not in databases:
        return []
    try:
        seconds = clock_skew_seconds()
    except DatabaseError:  # that it is away is told by whoever needs it
        return []
    if abs(seconds) <= TOLERANCE_SECONDS:
        return []
    where = "ahead of" if seconds > 0 else "behind"
    return [
        checks.Warning(
            f"The clock of this machine is {abs(seconds):.0f} s {where} the database's. Deadlines and "
            "embargoes follow the database's; authenticator apps and sessions follow this machine's. "
            "Set it by NTP.",
            id="coalition.W012",
        )
    ]
