"""Reading a calendar in a process of its own: it may be stopped, and takes no time from those who look."""

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

from events.partner_calendars.reader.read import Options

# By the wall. The process ends itself after some seconds of computing; a busy machine takes longer for them.
LONGEST: Final = 40.0

type Said = dict[str, Any]


def read_apart(content: bytes, options: Options) -> Iterator[Said]:
    """What the reading says, line by line: `total`, then a `group` each, then the `problem`.

    Always ends with a `problem`, which is empty if all is well. `cut`: it was stopped before the end,
    so what it did not name may still be in the calendar.
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
            _give(child, content, options)
            assert child.stdout is not None  # noqa: S101  a pipe was asked for
            for line in child.stdout:
                said: Said = json.loads(line)
                ended = "problem" in said
                yield said
        finally:
            stop.cancel()
            child.kill()
    if not ended:
        yield {"problem": {"code": "took_too_long"}, "cut": True}


def _give(child: subprocess.Popen[bytes], content: bytes, options: Options) -> None:
    head = dataclasses.asdict(options)
    head["first"], head["last"] = options.first.isoformat(), options.last.isoformat()
    assert child.stdin is not None  # noqa: S101  a pipe was asked for
    with contextlib.suppress(BrokenPipeError):  # it ended already: its output says why, or its silence
        child.stdin.write(json.dumps(head).encode() + b"\n" + content)
        child.stdin.close()
