"""Check a public approval sheet from outside, or the whole chain of this database."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from documents.fetching import AddressPolicy, FetchError, fetch
from documents.queries.publications import publications_with_all
from documents.sheet import sheet_of
from documents.verifying import Check, proves, verify


class Command(BaseCommand):
    """Exit 0: everything holds. Exit 1: something does not, or could not be read; it says what."""

    help = "Check a publication: its words, hashes, record and place in the chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", help="a file or an address of a sheet's JSON")
        parser.add_argument("--previous", help="the sheet before it in the chain, file or address")
        parser.add_argument("--organisation", help="UUID of an organisation that proves it stands there")
        parser.add_argument("--salt", help="the salt that proves it")
        parser.add_argument("--all", action="store_true", help="the whole chain of this database")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["all"]) == bool(options["source"]):
            raise CommandError(_("Give a file or an address, or --all."))
        good = True
        for check in self._whole_chain() if options["all"] else self._one(options):
            good = good and check.ok
            mark = _("holds") if check.ok else _("DOES NOT HOLD")
            self.stdout.write(f"{mark}: {check.words}")
        if not good:
            raise CommandError(_("The publication does not verify."))
        self.stdout.write(self.style.SUCCESS(_("Everything that was checked holds.")))

    def _one(self, options: dict[str, Any]) -> Iterator[Check]:
        sheet = _read(options["source"])
        yield from verify(sheet, _read(options["previous"]) if options["previous"] else None)
        if options["organisation"] or options["salt"]:
            try:
                ok = proves(sheet, organisation=UUID(options["organisation"]), salt=options["salt"])
            except (TypeError, ValueError, KeyError) as error:
                raise CommandError(_("Give the organisation's UUID and its salt.")) from error
            yield Check(ok=ok, words=_("The organisation stands in the record."))

    def _whole_chain(self) -> Iterator[Check]:
        previous: dict[str, Any] | None = None
        for publication in publications_with_all().order_by("number").iterator(chunk_size=50):
            sheet = sheet_of(publication)
            for check in verify(sheet, previous):
                words = _("Publication %(number)d. %(words)s") % {
                    "number": sheet["number"],
                    "words": check.words,
                }
                yield Check(check.ok, words)
            first = previous is None and sheet["number"] != 1
            if first:
                yield Check(ok=False, words=_("The beginning of the chain is missing."))
            previous = sheet


def _read(source: str) -> Any:
    """The JSON of a file or an address. A person at this machine may look at this machine."""
    try:
        if source.startswith(("https:", "http:")):
            content = fetch(source, policy=AddressPolicy(loopback_http=True))
        else:
            content = Path(source).read_bytes()
        return json.loads(content)
    except (FetchError, OSError) as error:
        raise CommandError(str(error)) from error
    except ValueError as error:
        raise CommandError(_("This is not JSON: %(source)s") % {"source": source}) from error
