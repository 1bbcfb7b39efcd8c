"""Mail that comes back: a report of delivery (RFC 3464) is read, and the mail that it is about is told.

The report holds the heads of the mail, with the Message-ID that only its reader and the servers on its way
have seen: nobody can say of another one's mail that it did not arrive.
"""

import datetime
import re
from email import message_from_bytes, policy
from email.message import Message
from typing import Final

from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import mark_bounced, message_mark

LARGEST: Final = 1024 * 1024  # bytes
LOOKBACK: Final = datetime.timedelta(days=14)  # mail servers give up after five days at most
_STATUS: Final = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")
_MARK: Final = re.compile(r"<([0-9a-f]{40})@")


def process_bounce(raw: bytes) -> bool:
    """Note that a mail of ours did not arrive. False for what is no such report, is about a mail of nobody's,
    or says that it is still being tried. Twice is once."""
    report = message_from_bytes(raw[:LARGEST], policy=policy.default)
    code, mark = _failure_status(report), _find_message_mark(report)
    if not code or not mark:
        return False
    sent = OutboxMail.objects.filter(state=OutboxMail.State.SENT, sent_at__gt=now() - LOOKBACK)
    keys = sent.values_list("key", flat=True).iterator()
    key = next((one for one in keys if message_mark(one) == mark), None)
    if key is None:
        return False
    mark_bounced(OutboxMail.objects.get(key=key), code)
    return True


def _failure_status(report: Message) -> str:
    """The status that says that it failed for good, "" if none does."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for heads in _status_blocks(part):
            found = _STATUS.search(str(heads.get("Status", "")))
            if found and str(heads.get("Action", "")).strip().lower() == "failed":
                return found[0]
    return ""


def _status_blocks(part: Message) -> list[Message]:
    blocks = part.get_payload()
    return [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []


def _find_message_mark(report: Message) -> str:
    """What stands in the Message-ID of the mail that came back: whole, or its heads alone."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            told = " ".join(str(one.get("Message-ID", "")) for one in _status_blocks(part))
        elif kind == "text/rfc822-headers":
            given = part.get_payload(decode=True)
            told = given.decode(errors="replace") if isinstance(given, bytes) else ""
        else:
            continue
        found = _MARK.search(told)
        if found:
            return found[1]
    return ""
