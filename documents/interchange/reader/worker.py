"""The process that reads a file: its bytes by standard input, JSON by standard output.

Called as `python -m documents.interchange.reader.worker`. Knows no database. The answer is what the file
says (`FileRead.as_json`), or `{"not_taken": code}`.
"""

import json
import sys

from documents.interchange.reader.file import read_file
from documents.interchange.reader.unpack import NotTaken


def main() -> None:
    try:
        answer = read_file(sys.stdin.buffer.read()).as_json()
    except NotTaken as reason:
        answer = {"not_taken": reason.code}
    except RecursionError:
        answer = {"not_taken": "hostile"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
