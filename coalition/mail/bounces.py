"""Bounce processing, and the console backend of development.

The report contains the headers of the mail, with the Message-ID that only its reader and the
servers on its way know: nobody can report another person's mail as undelivered.
"""

import datetime
import re
from email import message_from_bytes, policy
from email.message import Message
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends import console

from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import mark_bounced, message_mark

LARGEST: Final = 1024 * 1024  # bytes
LOOKBACK: Final = datetime.timedelta(days=14)  # mail servers give up after five days at most
_STATUS: Final = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")
_MARK: Final = re.compile(r"<([0-9a-f]{40})@")


def process_bounce(raw: bytes) -> bool:
    """Record that a mail of ours was not delivered. Idempotent. Returns False for anything but such a
    report, for an unknown mail, and for a report of further attempts."""
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
    """Return the status of a permanent failure, "" if there is none."""
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
    """Return our mark from the returned mail's Message-ID; the report has the mail or its headers."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            text = " ".join(str(one.get("Message-ID", "")) for one in _status_blocks(part))
        elif kind == "text/rfc822-headers":
            given = part.get_payload(decode=True)
            text = given.decode(errors="replace") if isinstance(given, bytes) else ""
        else:
            continue
        found = _MARK.search(text)
        if found:
            return found[1]
    return ""


class EmailBackend(console.EmailBackend):
    """Prints a decoded message instead of the encoded one with its broken links."""

    def write_message(self, message: EmailMessage) -> None:
        lines = [
            f"To: {', '.join(message.recipients())}",
            f"From: {message.from_email}",
            f"Subject: {message.subject}",
            *(f"Attached: {part.get_filename()}" for part in message.message().walk() if part.get_filename()),
            "",
            str(message.body),
            "-" * 79,
        ]
        self.stream.write("\n".join(lines) + "\n")
