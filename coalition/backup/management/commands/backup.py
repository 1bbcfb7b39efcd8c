"""`manage.py backup FOLDER`: database and files in one encrypted file, while the site runs. With
`--contacts` the contacts' database instead, which may have other recipients."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coalition.backup.archive import MAIN_ALIAS, parse_recipients
from coalition.backup.errors import BackupFailed
from coalition.backup.write import make_backup
from coalition.personal_data.store import ALIAS, has_own_database


class Command(BaseCommand):
    """Exit 0: the file is complete and on disk. Exit 1: no file is left; the reason is printed."""

    help = "Write database and files into one file that is encrypted (age). The site may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="age1… or the line of an SSH key; may be repeated; BACKUP_RECIPIENTS if not given",
        )

        parser.add_argument(
            "--contacts",
            action="store_true",
            help="the contacts' database alone; CONTACTS_BACKUP_RECIPIENTS if no recipient is given",
        )

    def handle(
        self, *args: Any, folder: Path, recipient: list[str], contacts: bool = False, **options: Any
    ) -> None:
        if contacts and not has_own_database():
            raise CommandError("CONTACTS_DATABASE_URL is not set: everything is in the other backup.")
        named = settings.CONTACTS_BACKUP_RECIPIENTS if contacts else settings.BACKUP_RECIPIENTS
        try:
            recipients = parse_recipients(recipient or named)
            path, manifest = make_backup(folder, recipients, of=ALIAS if contacts else MAIN_ALIAS)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        for name in manifest.vanished:
            self.stderr.write(f"{name} went while the backup was made; it is not in it.")
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        self.stdout.write(
            f"{path}: {manifest.rows} rows in {len(manifest.tables)} tables,"
            f" {len(manifest.files)} files.\nSHA-256 {digest}"
        )
        if has_own_database() and not contacts:
            self.stdout.write(
                "People outside the coalition are not in it: their database is backed up on its own, soon"
                " after this one (manage.py backup FOLDER --contacts)."
            )
