"""`manage.py seed_demo`: seed the demo coalition, or delete it with `--remove`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.large.counts import is_large
from demo.large.seeding import seed_large_demo
from demo.seed.remove import DemoDataInUse, remove
from demo.seed.seeding import DemoNotAllowed, is_seeded, seed_small_demo


class Command(BaseCommand):
    help = "Make the demo coalition (idempotent); --remove takes all demo data away and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="Take all demo data away.")
        parser.add_argument("--size", choices=["small", "large"], default="small", help="How much of it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            try:
                remove()
            except DemoDataInUse as error:
                raise CommandError(str(error)) from error
            self.stdout.write("The demo data is gone.")
            return
        try:
            self._seed(large=options["size"] == "large")
        except DemoNotAllowed as error:
            raise CommandError("Demo accounts are not made here: DEMO is off.") from error

    def _seed(self, *, large: bool) -> None:
        if large and is_large():
            self.stdout.write("The large demo coalition is there already.")
        elif large:
            seed_large_demo(tell=self._tell)
            self.stdout.write("The large demo coalition is there.")
        elif is_seeded():
            self.stdout.write("The demo coalition is there already.")
        else:
            seed_small_demo()
            self.stdout.write("The demo coalition is there.")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
