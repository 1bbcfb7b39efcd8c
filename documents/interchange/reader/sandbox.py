"""Reading of a file in a separate process, which can be stopped and does not use the server's memory."""

import json
import logging
import sys
from typing import Final

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_sandboxed
from documents.files.types import UnreadableFile
from documents.interchange.reader.reasons import FileRead

READING_TIMEOUT_SECONDS: Final = 60  # of CPU time; 300 pages take some two
READING_MEMORY_BYTES: Final = 2 * 1024**3
logger = logging.getLogger(__name__)


def read_in_sandbox(content: bytes) -> FileRead:
    """Return the content of the file.

    Raises UnreadableFile with the reason; the place of a reader failure is logged, without words of the file.
    """
    command = [sys.executable, "-m", "documents.interchange.reader.worker"]
    try:
        answer = json.loads(
            run_sandboxed(command, content, seconds=READING_TIMEOUT_SECONDS, memory=READING_MEMORY_BYTES)
        )
    except SandboxStopped as error:
        raise UnreadableFile("took_too_long") from error
    except SandboxFailed as error:
        logger.warning("the reader of Word files did not run: %s", error.said)
        raise UnreadableFile("broken") from error
    if "not_taken" in answer:
        if answer["trace"]:
            logger.warning("a file could not be read (%s):\n%s", answer["not_taken"], answer["trace"])
        raise UnreadableFile(answer["not_taken"])
    return FileRead.from_json(answer)
