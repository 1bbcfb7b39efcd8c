"""The process that reads a file: its bytes by standard input, JSON by standard output.

Called as `python -m documents.interchange.reader.worker`. Knows no database. The answer is what the file
says (`FileRead.as_json`), or `{"not_taken": code, "trace": where it failed}`.
"""

import json
import sys
import traceback
from typing import Any

from documents.files.archive import NotTaken
from documents.interchange.reader.file import read_file


def main() -> None:
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


def answer(content: bytes) -> dict[str, Any]:
    """What the file says, or why it is not read. No words of the file are in `trace`, which is empty where a
    file was refused for what it is."""
    try:
        return read_file(content).as_json()
    except NotTaken as reason:
        return {"not_taken": reason.code, "trace": _trace(reason) if reason.__cause__ else ""}
    except RecursionError:
        return {"not_taken": "hostile", "trace": ""}
    except Exception as error:  # noqa: BLE001  whatever it is: the person is told, and the log where
        return {"not_taken": "broken", "trace": _trace(error)}


def _trace(error: BaseException) -> str:
    """The frames of an error and of its causes, without their messages: those may hold words of the file."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        lines = [*traceback.format_tb(current.__traceback__), f"{type(current).__name__}\n", *lines]
        current = current.__cause__
    return "".join(lines)


if __name__ == "__main__":
    main()
