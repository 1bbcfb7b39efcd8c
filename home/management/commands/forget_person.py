"""`manage.py forget_person ADDRESS`: erase a person at their request."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.data_export.write import StillNeeded, forget_person, report_lines


class Command(BaseCommand):
    """Exit 0: done, or nothing was found. Exit 1: somebody must replace the person first."""

    help = "Delete what is kept of the person with this address; --dry-run tells what, and changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--dry-run", action="store_true", help="only tell what goes and what stays")
        parser.add_argument("--yes", action="store_true", help="do not ask before")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        try:
            plan = forget_person(address, dry=True)
            if not plan.gone and not plan.nameless:
                self.stdout.write("Nothing is kept under this address.")
                return
            for line in report_lines(plan):
                self.stdout.write(line)
            if options["dry_run"]:
                self.stdout.write("Nothing was changed.")
                return
            if not options["yes"]:
                self._ask(address)
            forget_person(address)
        except StillNeeded as error:
            raise CommandError(
                " ".join(error.args) + " Give somebody else that place first; nothing was changed."
            ) from error
        self.stdout.write("The person is forgotten. Forget them again after restoring an older backup.")

    def _ask(self, address: str) -> None:
        try:
            typed = input("It cannot be taken back. Type the address to go on: ")
        except EOFError:
            typed = ""
        if typed.strip().casefold() != address.strip().casefold():
            raise CommandError("Nothing was changed.")
