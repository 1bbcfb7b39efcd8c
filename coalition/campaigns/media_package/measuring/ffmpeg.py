"""Run ffmpeg on a stored file, in the sandbox.

The program is that of the package imageio-ffmpeg. It gets the file as its standard input and may open nothing
else: the demuxer follows from the type of the file, so a playlist under another name is not read as one, and
the only protocol it may use is `fd`, an open file.
"""

import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from io import UnsupportedOperation
from typing import IO, Any, Final

from coalition.sandbox.run import run_on_file
from documents.files.public_copy import StoredBytes

DEMUXERS: Final[Mapping[str, str]] = {
    "video/mp4": "mov",
    "video/webm": "matroska",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
}
_THREADS: Final = "2"  # memory grows with each, and the server has other work
# Of addresses: encoding 1080 lines uses 1.3 GB of them, and 0.45 GB of memory.
_MEMORY_BYTES: Final = 3 * 1024**3
_CHUNK: Final = 1024**2  # bytes
_QUIET: Final = ("-hide_banner", "-nostdin", "-nostats")


@functools.cache
def find_ffmpeg() -> str:
    """Return the path of the program, "" on a machine without it."""
    try:
        import imageio_ffmpeg  # optional: some machines have no wheel with the binary

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError, OSError):
        return ""


def run_ffmpeg(
    source: IO[bytes],
    content_type: str,
    arguments: Sequence[str],
    *,
    seconds: int,
    before: Sequence[str] = (),
    target: IO[bytes] | None = None,
    most: int = 16 * 1024**2,
    in_progress: Callable[[], object] = lambda: None,
) -> str:
    """Run the program on an open file and return its messages.

    `before`: options of the input; `arguments`: what follows it, with the output. `seconds` of CPU. `most`,
    `target`, `in_progress` and the errors: see `run_on_file`. Raises KeyError for a type not in `DEMUXERS`.
    """
    given = [
        "-threads",
        _THREADS,
        "-protocol_whitelist",
        "fd",
        "-f",
        DEMUXERS[content_type],
        *before,
        "-i",
        "fd:",
    ]
    return run_on_file(
        [find_ffmpeg(), *_QUIET, *given, "-threads", _THREADS, *arguments],
        source,
        target=target,
        seconds=seconds,
        memory=_MEMORY_BYTES,
        most=most,
        in_progress=in_progress,
    )


@contextmanager
def opened_file(stored: StoredBytes) -> Iterator[IO[bytes]]:
    """Open the bytes as a file of the operating system; objects of S3 are copied to a temporary file."""
    with stored.file.storage.open(str(stored.file.name), "rb") as opened, ExitStack() as stack:
        found: IO[Any] = opened
        if not _has_descriptor(opened):
            found = stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(opened, found, _CHUNK)
            found.flush()
        yield found


def _has_descriptor(opened: IO[Any]) -> bool:
    try:
        opened.fileno()
    except UnsupportedOperation:
        return False
    return True
