"""Worker process that reads a spreadsheet: bytes by standard input, JSON by standard output.

Called as `python -m events.spreadsheets.worker`. No database access. The answer is
`{"rows": [[cell, …], …], "numbers": [number, …]}` or `{"not_taken": code}`.
"""

import json
import sys

from events.spreadsheets.reader import SpreadsheetRejected, read_numbered_rows


def run_spreadsheet_worker() -> None:
    try:
        answer: dict[str, object] = vars(read_numbered_rows(sys.stdin.buffer.read()))
    except SpreadsheetRejected as reason:
        answer = {"not_taken": reason.code}
    except RecursionError:
        answer = {"not_taken": "broken"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    run_spreadsheet_worker()
