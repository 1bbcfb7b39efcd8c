"""`manage.py seal_anew`: re-encrypt everything before an older key is removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.retention import reencrypt


class Command(BaseCommand):
    """Exit 0: everything is encrypted with the first keys. Exit 1: some values fit no key."""

    help = "Seal with the first of NAMES_KEY and TOTP_KEY what an older one sealed; --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        done = reencrypt(dry=dry)
        for label, count in sorted(done.anew.items()):
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(
            f"{done.anew.total()} values {'would be' if dry else 'were'} sealed with the first keys."
        )
        if done.lost:
            lost = ", ".join(f"{label}: {count}" for label, count in sorted(done.lost.items()))
            raise CommandError(
                f"No key opens {lost} (values). Find theirs, and leave the older keys where they are."
            )
        if not dry:
            self.stdout.write("Run this again a day later: the older keys may go once it counts 0.")
