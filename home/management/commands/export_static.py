"""`manage.py export_static FOLDER`: the public site as files, for use where it is blocked or offline."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.mirror import write_mirror


class Command(BaseCommand):
    help = "Write the public site into an empty folder as files that open without a server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder.")
        try:
            mirror = write_mirror(folder)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}") from error
        for address in mirror.missing:
            self.stderr.write(f"The site names {address} and does not have it.")
        self.stdout.write(f"{len(mirror.files)} files are in {folder}. Open index.html.")
