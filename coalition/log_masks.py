"""Secrets that stand in addresses do not stand in logs.

A private calendar's address, an answer to an invitation and an invitation to the coalition are opened with
a token in the path. Whoever reads a log must not be able to open them.
"""

import logging
import re

MASK = "***"
_TOKENS = re.compile(r"(/calendar/(?:private|answers)/|/accounts/invitation/)[^/?#\s\"']+")


def masked(words: str) -> str:
    """The words with every token in an address replaced; the ending of a file stays."""
    return _TOKENS.sub(lambda found: found[1] + MASK + (".ics" if found[0].endswith(".ics") else ""), words)


class MaskTokens(logging.Filter):
    """Masks message and arguments, one by one: uvicorn's access log formats the arguments itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(masked(one) if isinstance(one, str) else one for one in record.args)
        return True
