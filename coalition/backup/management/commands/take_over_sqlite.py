"""`manage.py take_over_sqlite FILE`: copy the small size's rows into the large size's database."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from coalition.backup.archive import MAIN_ALIAS
from coalition.backup.errors import BackupFailed
from coalition.backup.transfer import import_sqlite_file
from coalition.personal_data.store import ALIAS, has_own_database


class Command(BaseCommand):
    """Exit 0: every row is copied. Exit 1: the reason is printed, and whether anything changed."""

    help = "Copy a SQLite file into the fresh PostgreSQL of DATABASE_URL; stop server and workers before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--contacts", action="store_true", help="into the contacts' database")

    def handle(self, *args: Any, file: Path, contacts: bool, **options: Any) -> None:
        if contacts and not has_own_database():
            raise CommandError("CONTACTS_DATABASE_URL is not set: there is no second database.")
        try:
            counts = import_sqlite_file(file, ALIAS if contacts else MAIN_ALIAS)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{sum(counts.values())} rows of {len(counts)} tables are there. The file is as it was."
        )
        if contacts:
            return
        try:
            call_command("wagtail_update_index", verbosity=0)
        except Error as error:
            raise CommandError(
                f"Every row is there, Wagtail's index is not: run `manage.py wagtail_update_index`. {error}"
            ) from error
