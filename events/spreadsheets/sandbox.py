"""Reading a spreadsheet in a process of its own, with limits: what it does to the reader, it does there."""

import json
import sys
from typing import Final

from coalition.sandbox.run import Failed, Stopped, run_apart
from events.spreadsheets.reader import LARGEST, NotTaken, Rows

SECONDS: Final = 15  # of computing; 3,000 rows take one
MEMORY: Final = 1024**3


def read_apart(content: bytes) -> Rows:
    """The rows of a spreadsheet, heads first. Raises NotTaken."""
    if len(content) > LARGEST:
        raise NotTaken("too_large")
    command = [sys.executable, "-m", "events.spreadsheets.worker"]
    try:
        said = json.loads(run_apart(command, content, seconds=SECONDS, memory=MEMORY, most=32 * 1024**2))
    except Stopped as error:
        raise NotTaken("took_too_long") from error
    except Failed as error:
        raise NotTaken("broken") from error
    if "not_taken" in said:
        raise NotTaken(said["not_taken"])
    rows: Rows = said["rows"]
    return rows
