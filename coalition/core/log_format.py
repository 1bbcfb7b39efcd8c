"""One line of JSON for each record of the log, for those who gather logs (LOG_FORMAT=json)."""

import datetime
import json
import logging

from coalition.core.log_redaction import mask_tokens


class JsonLine(logging.Formatter):
    """Time, level, logger, words, and an error with where it came from. Nothing else that a record carries:
    Django puts the whole request there."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        told: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask_tokens(record.getMessage()),
        }
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            told["status"] = status
        if record.exc_info:
            told["error"] = mask_tokens(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)
