"""The process that reads a spreadsheet: its bytes by standard input, JSON by standard output.

Called as `python -m events.spreadsheets.worker`. Knows no database. The answer is `{"rows": [[cell, …], …]}`
or `{"not_taken": code}`.
"""

import json
import sys

from events.spreadsheets.reader import NotTaken, read_rows


def main() -> None:
    try:
        answer: dict[str, object] = {"rows": read_rows(sys.stdin.buffer.read())}
    except NotTaken as reason:
        answer = {"not_taken": reason.code}
    except RecursionError:
        answer = {"not_taken": "broken"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
