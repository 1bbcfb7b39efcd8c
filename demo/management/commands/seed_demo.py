"""`manage.py seed_demo`: make the demo coalition, or take it away again with `--remove`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.large.counts import is_large
from demo.large.seeding import sow_large
from demo.seed.remove import StillNeeded, remove
from demo.seed.seeding import NotHere, is_sown, sow


class Command(BaseCommand):
    help = "Make the demo coalition (idempotent); --remove takes all demo data away and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="Take all demo data away.")
        parser.add_argument("--size", choices=["small", "large"], default="small", help="How much of it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            try:
                remove()
            except StillNeeded as error:
                raise CommandError(str(error)) from error
            self.stdout.write("The demo data is gone.")
            return
        try:
            self._sow(large=options["size"] == "large")
        except NotHere as error:
            raise CommandError("Demo accounts are not made here: DEMO is off.") from error

    def _sow(self, *, large: bool) -> None:
        if large and is_large():
            self.stdout.write("The large demo coalition is there already.")
        elif large:
            sow_large(tell=self._tell)
            self.stdout.write("The large demo coalition is there.")
        elif is_sown():
            self.stdout.write("The demo coalition is there already.")
        else:
            sow()
            self.stdout.write("The demo coalition is there.")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
