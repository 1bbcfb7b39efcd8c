"""`manage.py take_bounce`: process a bounced mail that the mail server sends to standard input."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from coalition.mail.bounces import LARGEST, process_bounce


class Command(BaseCommand):
    help = "Read one mail from standard input; if it says that a mail of ours did not arrive, note that."

    def handle(self, *args: Any, **options: Any) -> None:
        # Always report success: the mail server must not bounce it again.
        noted = process_bounce(sys.stdin.buffer.read(LARGEST))
        self.stdout.write("Noted." if noted else "This is no report about a mail of ours.")
