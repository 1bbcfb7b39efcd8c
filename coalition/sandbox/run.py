"""Running a program in a sandbox: bytes in, bytes out, with limits on memory, CPU and time.

`run_sandboxed` sends bytes and returns bytes; `run_on_file` lets the program read a file of any size itself.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Final

from coalition.core.errors import undo_on_failure

LIMITS_SCRIPT: Final = Path(__file__).with_name("limits.py")
ROOT: Final = Path(__file__).parents[2]
_STDERR_TAIL_CHARS: Final = 2_000  # characters of a failed program's stderr
_PROGRESS_SECONDS: Final = 30.0


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
    with _start(
        command, seconds, memory, 0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        try:
            with undo_on_failure(child.kill):
                answer, errors = child.communicate(given, timeout=seconds * 4)
        except subprocess.TimeoutExpired:
            raise SandboxStopped("too long by the wall") from None
    _check_outcome(child.returncode, errors)
    if len(answer) > most:
        raise SandboxStopped("too much output")
    return answer


def run_on_file(
    command: Sequence[str],
    source: IO[bytes],
    *,
    target: IO[bytes] | None = None,
    seconds: int,
    memory: int = 1536 * 1024**2,
    most: int = 16 * 1024**2,
    in_progress: Callable[[], object] = lambda: None,
) -> str:
    """Run the program on a file of any size: `source` is its standard input and may be sought in. Return what
    it wrote to its error output.

    Both files are files of the operating system (with `fileno`). `target`: takes the standard output, and is
    at its start afterwards; without it the standard output is dropped. `most`: the largest file in bytes that
    the program may write, of either output. `in_progress` is called every half minute. Other limits and the
    errors are those of `run_sandboxed`.
    """
    source.seek(0)
    with tempfile.TemporaryFile() as errors:
        out: int | IO[bytes] = subprocess.DEVNULL if target is None else target
        with (
            _start(command, seconds, memory, most, stdin=source, stdout=out, stderr=errors) as child,
            undo_on_failure(child.kill),
        ):
            _wait(child, seconds * 4, in_progress)
        errors.seek(0)
        said = errors.read(most)
    _check_outcome(child.returncode, said)
    if target is not None:
        target.seek(0)
    return said.decode("utf-8", "replace")


def _start(
    command: Sequence[str], seconds: int, memory: int, file_size: int, **streams: Any
) -> subprocess.Popen[bytes]:
    limits = [str(LIMITS_SCRIPT), str(memory), str(seconds), str(file_size)]
    return subprocess.Popen(  # noqa: S603  the command is ours; what people give goes to its input
        [sys.executable, "-I", "-S", *limits, *command],
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        **streams,
    )


def _wait(child: subprocess.Popen[bytes], seconds: float, in_progress: Callable[[], object]) -> None:
    """Wait for the end of the program. Raises Stopped after `seconds`."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            child.wait(timeout=min(left, _PROGRESS_SECONDS))
        except subprocess.TimeoutExpired:
            in_progress()
        else:
            return
    raise SandboxStopped("too long by the wall")


def _check_outcome(code: int, errors: bytes) -> None:
    said = errors[-_STDERR_TAIL_CHARS:].decode("utf-8", "replace")
    if code < 0 or "out of memory" in said or "MemoryError" in said:
        raise SandboxStopped(said)
    if code:
        raise SandboxFailed(said)
