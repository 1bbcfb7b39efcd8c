"""Redaction of tokens in URLs from logs; paths that are never logged.

`deploy/nginx.conf` excludes the same paths; a test compares the two.

Private calendars (also those of outlets), answers to invitations, invitations to the coalition,
guest links, one-time links, the helpline operators' page, unsubscribe links of press mails, and
confirmations by anonymous people have a token in the path. A reader of a log must not be able to
open them. Quiet pages (`coalition.core.log_redaction`) are not logged at all.

Codes on paper and in links are no secrets. They are masked too, so that no log records when
somebody used which code: openings are counted by day alone.
"""

import datetime
import json
import logging
import re
from typing import Final

SECTIONS: Final = ("help",)  # below `/<language>/`
# With or without the language: without it a visitor is redirected to the URL with one. Also with
# repeated slashes and path parameters (`;`, which uvicorn writes as %3B): these are not served, but
# a log line would reveal the same.
_QUIET: Final = re.compile(
    rf"(?:/+[a-z]{{2,3}}(?:-[a-z]+)?)?/+(?:{'|'.join(SECTIONS)})(?=[/?#;]|%3b|$)", re.IGNORECASE
)


def is_quiet(path: str) -> bool:
    """Return whether the path, with or without a query, is in such a section."""
    return _QUIET.match(path) is not None


MASK = "***"
# Path prefixes of tokens; docs/running.md and docs/security.md tell operators to exclude them in
# proxies.
TOKEN_PATHS = (
    "/calendar/private/",
    "/calendar/press/",
    "/calendar/answers/",
    "/accounts/invitation/",
    "/accounts/confirm-email/",
    "/accounts/password/reset/key/",
    "/guest/",
    "/once/",
    "/objection/",
    "/quotation/",
    "/embargo/",
    "/press-mail/",
    "/press-registration/",
    "/speaking/",
    "/speaker/",
    "/briefing/",
    "/event-kit/",
    "/coverage/",
    "/my-shifts/",
    "/school-visit/",
    "/counting/",
    "/my-words/",
    "/operator/",
    "/material/",  # after the language prefix: takers of material whose licence ended
    "/membership/confirm/",  # after the language prefix
    "/open-letter/link/",  # the same
    "/support/link/",  # the same
    "/films/request/",  # the same
    "/media/address/",  # the same
    "/media-answer/",
    "/media-package/",
    "/grant/",  # figures for a donor
    "/news-by-mail/",  # the same
    "/shifts/",  # the same
    "/questions/ask/",  # the same
    "/questions/stage/",  # the same
    "/q/",  # printed and referral codes
    "/Q/",  # the same, as encoded in QR codes
    "/from/",  # a referral code in the URL of an appeal
    "/table/",  # after the language prefix
    "/at/",  # a single-use code of a table, alone or in the URL of an appeal
    "/AT/",  # the same, as encoded in QR codes
)
_TOKENS = re.compile(rf"({'|'.join(map(re.escape, TOKEN_PATHS))})[^/?#\s\"']+")


def mask_tokens(words: str) -> str:
    """Return the text with every token in a URL masked; a file extension stays."""
    return _TOKENS.sub(lambda found: found[1] + MASK + (".ics" if found[0].endswith(".ics") else ""), words)


class MaskTokens(logging.Filter):
    """Masks message and arguments separately: uvicorn's access log formats the arguments itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = mask_tokens(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(mask_tokens(one) if isinstance(one, str) else one for one in record.args)
        return True


class LeaveOutQuietPages(logging.Filter):
    """Drops records below ERROR whose arguments contain the URL of a quiet page.

    So neither an access log nor any other log has a line for them, not even for 404s. Errors are
    logged, since somebody has to fix them; the record contains the path and no address of a person.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR or not isinstance(record.args, tuple):
            return True
        return not any(isinstance(one, str) and is_quiet(one) for one in record.args)


class JsonLine(logging.Formatter):
    """Time, level, logger, message, and an error with its traceback. Nothing else of the record: Django
    attaches the whole request."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask_tokens(record.getMessage()),
        }
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            line["status"] = status
        if record.exc_info:
            line["error"] = mask_tokens(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
