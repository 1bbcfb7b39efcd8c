"""`manage.py copy_files [FOLDER]`: copy the small size's files into the bucket of MEDIA_URL_S3."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from coalition.backup.errors import BackupFailed
from coalition.backup.transfer import copy_files
from coalition.storage.disk import StorageAway, StorageFull


class Command(BaseCommand):
    """Exit 0: every file is copied. Exit 1: the reason is printed; another run continues."""

    help = "Copy the files of DATA_DIR into the storage of MEDIA_URL_S3; stop server and workers before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", help="holds private/ and public/; DATA_DIR if not named"
        )
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *args: Any, folder: Path | None, dry_run: bool, verbosity: int, **options: Any) -> None:
        folder = folder or settings.BACKUP_WORKPLACE  # DATA_DIR itself
        if not any((folder / kind).is_dir() for kind in ("private", "public")):
            raise CommandError(f"{folder} holds neither private/ nor public/.")

        def progress(name: str) -> None:
            if verbosity > 1:
                self.stdout.write(name)

        try:
            with override("en"):
                done = copy_files(folder, dry_run=dry_run, progress=progress)
        except (BackupFailed, StorageFull, StorageAway) as error:
            with override("en"):
                raise CommandError(str(error)) from error
        verb = "would be copied" if dry_run else "were copied and compared"
        self.stdout.write(
            f"{done.copied} files ({done.size / 1_000_000:.1f} MB) {verb}, {done.there} were there already. "
            f"Nothing in {folder} was deleted."
        )
