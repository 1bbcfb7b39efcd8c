"""The process that reads a file: its bytes on standard input, JSON on standard output.

Called as `python -m documents.interchange.reader.worker`. It has no database access. The answer is
the file's content (`FileRead.as_json`), or `{"not_taken": code, "trace": where it failed}`.
"""

import json
import sys
import traceback
from typing import Any

from documents.files.types import UnreadableFile
from documents.interchange.reader.reasons import read_file


def read_result(content: bytes) -> dict[str, Any]:
    """Return the file's content, or the reason why it is not read.

    `trace` has no words of the file, and is empty if the file was refused for its content.
    """
    try:
        return read_file(content).as_json()
    except UnreadableFile as reason:
        return {"not_taken": reason.code, "trace": _trace(reason) if reason.__cause__ else ""}
    except RecursionError:
        return {"not_taken": "hostile", "trace": ""}
    except Exception as error:  # noqa: BLE001  whatever it is: the person is told, and the log where
        return {"not_taken": "broken", "trace": _trace(error)}


def _trace(error: BaseException) -> str:
    """Return the frames of an error and its causes without messages, which may quote the file."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        lines = [*traceback.format_tb(current.__traceback__), f"{type(current).__name__}\n", *lines]
        current = current.__cause__
    return "".join(lines)


if __name__ == "__main__":
    json.dump(read_result(sys.stdin.buffer.read()), sys.stdout)
