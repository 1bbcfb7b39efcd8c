"""Running a program in a sandbox: bytes in, bytes out, with limits on memory, CPU and time."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from coalition.core.errors import undo_on_failure

LIMITS_SCRIPT: Final = Path(__file__).with_name("limits.py")
ROOT: Final = Path(__file__).parents[2]
_STDERR_TAIL_CHARS: Final = 2_000  # characters of a failed program's stderr


class SandboxFailed(Exception):
    """The program failed. `said`: the end of its error output, for the log."""

    def __init__(self, said: str = "") -> None:
        self.said = said
        super().__init__(said)


class SandboxStopped(SandboxFailed):
    """The program exceeded its limit of time, CPU or memory."""


def run_sandboxed(
    command: Sequence[str],
    given: bytes,
    *,
    seconds: int,
    memory: int = 1536 * 1024**2,
    most: int = 256 * 1024**2,
) -> bytes:
    """Run the program and return its standard output.

    `seconds` of CPU, and four times as many of wall time; `memory` and `most` (of output) in bytes.
    The program gets no environment of ours and, where the kernel allows it, no network. Raises
    Stopped at a limit and Failed for every other failure.
    """
    limited = [sys.executable, "-I", "-S", str(LIMITS_SCRIPT), str(memory), str(seconds), *command]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603  the command is ours; what people give goes to its input
        limited,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
    ) as child:
        try:
            with undo_on_failure(child.kill):
                answer, errors = child.communicate(given, timeout=seconds * 4)
        except subprocess.TimeoutExpired:
            raise SandboxStopped("too long by the wall") from None
    said = errors[-_STDERR_TAIL_CHARS:].decode("utf-8", "replace")
    if child.returncode < 0 or "out of memory" in said or "MemoryError" in said:
        raise SandboxStopped(said)
    if child.returncode:
        raise SandboxFailed(said)
    if len(answer) > most:
        raise SandboxStopped("too much output")
    return answer
