"""Worker process that reads a calendar: sets limits, then prints JSON lines, one per group of events.

Called as `python -m events.partner_calendars.reader.worker`; options and bytes come by standard input. No
database access.
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

from events.partner_calendars.reader.parser import SetAside
from events.partner_calendars.reader.read import CalendarReading, ReadEvent, ReadOptions

MOST_MEMORY: Final = 1024 * 1024 * 1024
SECONDS_EACH: Final = 0.7  # CPU time, for one event
SECONDS: Final = 8.0  # CPU time, for all; later events are set aside
SECONDS_AT_MOST: Final = 10  # then the kernel kills this process


def run_calendar_worker() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_AT_MOST, SECONDS_AT_MOST))
    os.nice(5)  # page requests take precedence
    signal.signal(signal.SIGVTALRM, _stop)
    options = json.loads(sys.stdin.buffer.readline())
    for name in ("first", "last"):
        options[name] = datetime.datetime.fromisoformat(options[name])
    try:
        reading = CalendarReading(
            sys.stdin.buffer.read(),
            ReadOptions(**options),
            each=_limit,
            is_over=lambda: time.process_time() > SECONDS,
        )
        _write_message({"total": reading.total})
        for group in reading.groups():
            _write_message({"group": [_event_to_json(event) for event in group]})
        _write_message({"problem": reading.problem})
    except SetAside as reason:
        _write_message({"problem": reason.as_json(), "not_read": True})
    except (MemoryError, RecursionError):
        _write_message({"problem": {"code": "took_too_long"}, "not_read": True})


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_EACH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SetAside("took_too_long")


def _event_to_json(event: ReadEvent) -> dict[str, Any]:
    """Return a JSON-serialisable dict; `dataclasses.asdict` would copy every moment first."""
    times = [(time.starts_at.isoformat(), time.ends_at.isoformat(), time.all_day) for time in event.times]
    return {**vars(event), "words": vars(event.words), "times": times}


def _write_message(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run_calendar_worker()
