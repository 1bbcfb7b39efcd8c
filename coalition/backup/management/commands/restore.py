"""`manage.py restore FILE --identity KEY`: replace database and files with a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from coalition.backup.archive import MAIN_ALIAS, Manifest, read_identities
from coalition.backup.errors import BackupFailed
from coalition.backup.write import check_backup, restore_backup
from coalition.personal_data.store import ALIAS


class Command(BaseCommand):
    """Exit 0: everything is as in the backup. Exit 1: the reason and the changes made are printed."""

    help = "Put a backup in place of database and files; stop the server and workers before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="file with the secret key (age)")
        parser.add_argument("--check", action="store_true", help="only read it to its end and compare")
        parser.add_argument(
            "--replace", action="store_true", help="even if there are accounts in the database"
        )
        parser.add_argument(
            "--contacts", action="store_true", help="a backup of the contacts' database, into that one"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask before replacing")

    def handle(self, *args: Any, **options: Any) -> None:
        of = ALIAS if options["contacts"] else MAIN_ALIAS
        if of not in connections.settings:
            raise CommandError("CONTACTS_DATABASE_URL is not set: there is no second database.")
        try:
            identities = read_identities(options["identity"])
            if options["check"]:
                self._print_manifest(check_backup(options["file"], identities, of=of))
                self.stdout.write("Every hash is the one in its list; nothing was changed.")
                return
            if options["replace"] and not options["yes"]:
                self._confirm(of)
            manifest, differing, removed = restore_backup(
                options["file"], identities, replace=options["replace"], of=of
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self._print_manifest(manifest)
        for name in removed:
            self.stdout.write(f"{name} was not in the backup and is deleted.")
        if differing:
            lines = [f"{table}: {was} in the backup, {now} here" for table, (was, now) in differing.items()]
            raise CommandError("Restored, but rows differ:\n" + "\n".join(lines))
        self.stdout.write("Restored: every table has the rows that the backup counted, every file its hash.")
        self.stdout.write("Whoever was forgotten since has to be forgotten again (manage.py forget_person).")

    def _confirm(self, of: str) -> None:
        name = Path(str(connections[of].settings_dict["NAME"])).name
        beside = " and in both storages" if of == MAIN_ALIAS else ""
        self.stdout.write(f"All that is in this database{beside} will be gone.")
        try:
            typed = input(f"Type the name of the database ({name}) to go on: ")
        except EOFError:
            typed = ""
        if typed.strip() != name:
            raise CommandError("Nothing was changed.")

    def _print_manifest(self, manifest: Manifest) -> None:
        self.stdout.write(
            f"Backup of {manifest.made_at}, version {manifest.version}, {manifest.vendor}:"
            f" {manifest.rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} files."
        )
        for name in manifest.vanished:
            self.stdout.write(f"{name} went while the backup was made; it is not in it.")
