"""`manage.py export_organisation ORGANISATION FOLDER`: export an organisation's own data."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coalition.accounts.models import Organisation
from home.data_export.write import write_export


class Command(BaseCommand):
    """The folder contains names and addresses unencrypted: hand it over encrypted, and delete it."""

    help = "Write all that is an organisation's own into an empty folder: JSON, files, a page about it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="its slug, its code or its UUID")
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, organisation: str, folder: Path, **options: Any) -> None:
        row = _organisation(organisation)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder.")
        try:
            result = write_export(row, folder)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror or error}") from error
        for name in result.missing:
            self.stderr.write(f"{name} is named and not there.")
        self.stdout.write(
            f"{sum(result.rows.values())} rows and {len(result.files)} files are in {folder}, in the clear."
            " Hand it over encrypted, and delete it."
        )


def _organisation(word: str) -> Organisation:
    try:
        found = Organisation.objects.filter(uuid=UUID(word)).first()
    except ValueError:
        rows = Organisation.objects.filter(slug=word) | Organisation.objects.filter(code=word)
        found = rows.first()
    if found is None:
        raise CommandError("No organisation has this slug, code or UUID.")
    return found
