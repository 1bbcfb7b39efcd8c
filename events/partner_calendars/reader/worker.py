"""The process that reads a calendar: limits first, then lines of JSON, one a group of events.

Called as `python -m events.partner_calendars.reader.worker`; options and bytes come by standard input. Knows
no database.
"""

import contextlib
import datetime
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

from events.partner_calendars.reader.read import Options, ReadEvent, Reading
from events.partner_calendars.reader.rejected import SetAside

MOST_MEMORY: Final = 1024 * 1024 * 1024
SECONDS_EACH: Final = 0.7  # of computing, for one event
SECONDS: Final = 8.0  # of computing, for all; what comes then is set aside
SECONDS_AT_MOST: Final = 10  # then the kernel ends this process


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_AT_MOST, SECONDS_AT_MOST))
    os.nice(5)  # whoever looks at a page goes first
    signal.signal(signal.SIGVTALRM, _stop)
    options = json.loads(sys.stdin.buffer.readline())
    for name in ("first", "last"):
        options[name] = datetime.datetime.fromisoformat(options[name])
    try:
        reading = Reading(
            sys.stdin.buffer.read(),
            Options(**options),
            each=_limit,
            is_over=lambda: time.process_time() > SECONDS,
        )
        _say({"total": reading.total})
        for group in reading.groups():
            _say({"group": [_plain(event) for event in group]})
        _say({"problem": reading.problem})
    except SetAside as reason:
        _say({"problem": reason.as_json(), "not_read": True})
    except (MemoryError, RecursionError):
        _say({"problem": {"code": "took_too_long"}, "not_read": True})


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_EACH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SetAside("took_too_long")


def _plain(event: ReadEvent) -> dict[str, Any]:
    """As JSON knows it; `dataclasses.asdict` would copy every moment first."""
    times = [(time.starts_at.isoformat(), time.ends_at.isoformat(), time.all_day) for time in event.times]
    return {**vars(event), "words": vars(event.words), "times": times}


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
