"""Spreadsheets read by a process of their own, with limits (`coalition.sandbox`)."""

import json
import sys
from typing import Final

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_sandboxed
from events.spreadsheets.reader import MAX_FILE_BYTES, NumberedRows, Rows, SpreadsheetRejected

SANDBOX_SECONDS: Final = 15  # CPU time; 3,000 rows take one
SANDBOX_MEMORY_BYTES: Final = 1024**3


def read_rows_in_sandbox(content: bytes) -> Rows:
    """Return the rows of a spreadsheet as `read_rows` does. Raises SpreadsheetRejected."""
    return [[cell.strip() for cell in row] for row in read_numbered_rows_in_sandbox(content).rows]


def read_numbered_rows_in_sandbox(content: bytes) -> NumberedRows:
    """Return the rows of a spreadsheet as `read_numbered_rows` does. Raises SpreadsheetRejected."""
    if len(content) > MAX_FILE_BYTES:
        raise SpreadsheetRejected("too_large")
    command = [sys.executable, "-m", "events.spreadsheets.worker"]
    try:
        answer = json.loads(
            run_sandboxed(
                command, content, seconds=SANDBOX_SECONDS, memory=SANDBOX_MEMORY_BYTES, most=32 * 1024**2
            )
        )
    except SandboxStopped as error:
        raise SpreadsheetRejected("took_too_long") from error
    except SandboxFailed as error:
        raise SpreadsheetRejected("broken") from error
    if "not_taken" in answer:
        raise SpreadsheetRejected(answer["not_taken"])
    return NumberedRows(**answer)
