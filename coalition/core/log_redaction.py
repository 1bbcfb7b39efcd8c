"""Secrets that stand in addresses do not stand in logs.

The address of a private calendar, also of somebody of an outlet, an answer to an invitation, an invitation to
the coalition, a guest link, a one-time link, the page of a helpline's operators, the end of mails to the
press and what a stranger confirms by mail are opened with a token in the path. Whoever reads a log must not
be able to open them. Of quiet pages (`coalition.core.quiet_paths`) no log says that anybody was there.

Codes on paper and in links are no secrets. They are masked too, so that no log says at which moment somebody
came by which code: openings are counted by day alone.
"""

import logging
import re

from coalition.core.quiet_paths import is_quiet

MASK = "***"
# What stands before a token; docs/running.md and docs/security.md tell a proxy to keep its log from these.
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
    "/membership/confirm/",  # after the language
    "/open-letter/link/",  # the same
    "/support/link/",  # the same
    "/news-by-mail/",  # the same
    "/shifts/",  # the same
    "/questions/ask/",  # the same
    "/questions/stage/",  # the same
    "/q/",  # printed and referral codes
    "/Q/",  # the same, as QR codes hold them
    "/from/",  # a referral code in the address of an appeal
)
_TOKENS = re.compile(rf"({'|'.join(map(re.escape, TOKEN_PATHS))})[^/?#\s\"']+")


def mask_tokens(words: str) -> str:
    """The words with every token in an address replaced; the ending of a file stays."""
    return _TOKENS.sub(lambda found: found[1] + MASK + (".ics" if found[0].endswith(".ics") else ""), words)


class MaskTokens(logging.Filter):
    """Masks message and arguments, one by one: uvicorn's access log formats the arguments itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = mask_tokens(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(mask_tokens(one) if isinstance(one, str) else one for one in record.args)
        return True


class LeaveOutQuietPages(logging.Filter):
    """Lets no record below ERROR pass that has the address of a quiet page among its arguments.

    So an access log has no line for them, nor has any log for what is not found there. An error is logged:
    somebody has to correct it, and its record holds the path and nobody's address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR or not isinstance(record.args, tuple):
            return True
        return not any(isinstance(one, str) and is_quiet(one) for one in record.args)
