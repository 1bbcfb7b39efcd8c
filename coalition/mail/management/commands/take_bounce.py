"""`manage.py take_bounce`: the mail server hands over a mail that came back, on standard input."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from coalition.mail.bounces import LARGEST, process_bounce


class Command(BaseCommand):
    help = "Read one mail from standard input; if it says that a mail of ours did not arrive, note that."

    def handle(self, *args: Any, **options: Any) -> None:
        # Whatever it is, the mail server is told that it was taken: it must not send it back once more.
        noted = process_bounce(sys.stdin.buffer.read(LARGEST))
        self.stdout.write("Noted." if noted else "This is no report about a mail of ours.")
