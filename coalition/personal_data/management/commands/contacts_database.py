"""`manage.py contacts_database`: move values about people outside into their own database, and back."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from coalition.personal_data import move
from coalition.personal_data.orphans import ForeignStore, drop_marked_orphans, sweep_orphans
from coalition.personal_data.store import ContactsAway, has_own_database


class Command(BaseCommand):
    """Exit 0: done, or nothing to do. Exit 1: the reason is printed; finished rows are consistent."""

    help = "Look at, move, take back, sweep, seal anew or give up what lies in the contacts' database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["look", "move", "back", "sweep", "seal-anew", "empty-lost"])
        parser.add_argument("--yes", action="store_true", help="do not ask before giving up lost values")
        parser.add_argument("--really", action="store_true", help="sweep although most values have no row")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if not has_own_database():
            raise CommandError("CONTACTS_DATABASE_URL is not set: there is no second database.")
        try:
            self._do(act, **options)
        except (ContactsAway, ForeignStore, move.MoveFailed) as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(f"A database does not answer: {error}") from error

    def _do(self, act: str, *, yes: bool, really: bool, **_options: Any) -> None:
        if act == "look":
            self._look()
        elif act == "move":
            self._print_counts(move.move_in(), "moved into the contacts' database")
        elif act == "back":
            self._print_counts(move.move_back(), "taken back into the main database")
            left = drop_marked_orphans()
            self.stdout.write(f"{left} values are left in the contacts' database.")
            if left:
                self.stdout.write(
                    "They stay there for an hour, for whoever found a row before. Run this again then, and"
                    " take CONTACTS_DATABASE_URL out once 0 are left."
                )
        elif act == "sweep":
            self.stdout.write(f"{sweep_orphans(really=really)} values that no row holds were deleted.")
        elif act == "seal-anew":
            self.stdout.write(f"{move.reseal_all_values()} values were sealed with the first key.")
        else:
            self._empty_lost(yes=yes)

    def _look(self) -> None:
        """Print the state of each field. Exit 1 if a key has no value, for nightly monitoring."""
        lost = 0
        for label, here, there, missing, loose in move.count_values_by_field():
            self.stdout.write(f"{label}: {there} there, {here} still here, {missing} lost, {loose} loose")
            lost += missing
        if lost:
            raise CommandError(f"{lost} values are in neither database.")
        self.stdout.write("Every key leads to its value.")

    def _empty_lost(self, *, yes: bool) -> None:
        if not yes:
            self.stdout.write("What is not in the contacts' database any more reads as empty for good then.")
            try:
                typed = input("Type empty to go on: ")
            except EOFError:
                typed = ""
            if typed.strip() != "empty":
                raise CommandError("Nothing was changed.")
        self._print_counts(move.empty_dangling_keys(), "emptied")

    def _print_counts(self, counts: Counter[str], what: str) -> None:
        for label, count in sorted(counts.items()):
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(f"{counts.total()} values {what}.")
