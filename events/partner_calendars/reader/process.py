"""Reading of a calendar in a separate, killable process that does not slow down requests."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings

from events.partner_calendars.reader.read import ReadOptions

# Wall-clock limit. The process has its own CPU limit of some seconds; a busy machine needs longer.
LONGEST: Final = 40.0

type ReaderMessage = dict[str, Any]


def read_calendar_in_process(content: bytes, options: ReadOptions) -> Iterator[ReaderMessage]:
    """Yield the output of the reading line by line: `total`, then each `group`, then the `problem`.

    Always ends with a `problem`, which is empty on success. `cut`: it was stopped before the end, so
    events it did not name may still be in the calendar.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "events.partner_calendars.reader.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    stop = threading.Timer(LONGEST, child.kill)
    stop.start()
    ended = False
    with child:  # closes its pipes
        try:
            _write_input(child, content, options)
            assert child.stdout is not None  # noqa: S101  a pipe was asked for
            for line in child.stdout:
                said: ReaderMessage = json.loads(line)
                ended = "problem" in said
                yield said
        finally:
            stop.cancel()
            child.kill()
    if not ended:
        yield {"problem": {"code": "took_too_long"}, "cut": True}


def _write_input(child: subprocess.Popen[bytes], content: bytes, options: ReadOptions) -> None:
    head = dataclasses.asdict(options)
    head["first"], head["last"] = options.first.isoformat(), options.last.isoformat()
    assert child.stdin is not None  # noqa: S101  a pipe was asked for
    with contextlib.suppress(BrokenPipeError):  # it ended already: its output gives the reason, if any
        child.stdin.write(json.dumps(head).encode() + b"\n" + content)
        child.stdin.close()
