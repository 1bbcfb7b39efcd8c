"""Reading a file in a process of its own: it may be stopped, and takes no memory from those who write."""

import json
import logging
import sys
from typing import Final

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_sandboxed
from documents.files.archive import NotTaken
from documents.interchange.reader.file import FileRead

SECONDS: Final = 60  # of computing; 300 pages take some two
MEMORY: Final = 2 * 1024**3

logger = logging.getLogger(__name__)


def read_apart(content: bytes) -> FileRead:
    """What the file says. Raises NotTaken with the reason; where the reader failed is logged, without words
    of the file."""
    command = [sys.executable, "-m", "documents.interchange.reader.worker"]
    try:
        said = json.loads(run_sandboxed(command, content, seconds=SECONDS, memory=MEMORY))
    except SandboxStopped as error:
        raise NotTaken("took_too_long") from error
    except SandboxFailed as error:
        logger.warning("the reader of Word files did not run: %s", error.said)
        raise NotTaken("broken") from error
    if "not_taken" in said:
        if said["trace"]:
            logger.warning("a file could not be read (%s):\n%s", said["not_taken"], said["trace"])
        raise NotTaken(said["not_taken"])
    return FileRead.from_json(said)
