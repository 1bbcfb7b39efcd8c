"""Check an approval sheet from outside, or all of this database: the chain, and what readers get."""

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils.translation import gettext as _

from coalition.core.safe_fetch import AddressPolicy, FetchError, fetch
from documents.files.withheld import WithheldContent
from documents.publication.certificate import build_sheet
from documents.publication.models import ChainHead, Publication, PublicationCheck
from documents.publication.queries import publications_for_sheets
from documents.publication.verification.findings import Check, findings_from_json
from documents.publication.verification.record import (
    all_findings,
    inherited_hold,
    local_source_sheets,
    names_hold,
    proves,
    sheets_by_publication,
    sources_of,
    verify,
)
from documents.publication.verification.run import verify_due
from documents.publication.verification.withheld import local_record


class Command(BaseCommand):
    """Exit 0: everything holds. Exit 1: something does not, or could not be read; it says what."""

    help = "Check a publication: its words, hashes, record and place in the chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sheet", nargs="?", help="a file or an address of a sheet's JSON")
        parser.add_argument("--previous", help="the sheet before it in the chain, file or address")
        parser.add_argument(
            "--source", action="append", default=[], help="a sheet whose approved words were taken over"
        )
        parser.add_argument("--proof", help="the file by which an organisation proves that it stands there")
        parser.add_argument("--organisation", help="UUID of an organisation that proves it stands there")
        parser.add_argument("--salt", help="the salt that proves it")
        parser.add_argument(
            "--all", action="store_true", help="the whole chain of this database, and what readers get of it"
        )
        parser.add_argument(
            "--due",
            action="store_true",
            help="what a worker does every hour, now: also takes texts off the site and brings them back",
        )

    @no_translations  # as the other commands: a terminal may have no letters but Latin ones
    def handle(self, *args: Any, **options: Any) -> None:
        if [bool(options[name]) for name in ("all", "due", "sheet")].count(True) != 1:
            raise CommandError(_("Give a file or an address, or --all, or --due."))
        good = True
        for check in self._checks(options):
            good = good and check.ok
            result = _("holds") if check.ok else _("DOES NOT HOLD")
            result = _("cannot be checked") if check.ok and check.is_open else result
            self.stdout.write(f"{result}: {check.words}")
        if not good:
            raise CommandError(_("The publication does not verify."))
        self.stdout.write(self.style.SUCCESS(_("Everything that was checked holds.")))

    def _checks(self, options: dict[str, Any]) -> Iterator[Check]:
        if options["all"]:
            yield from self._whole_chain()
            yield from self._what_readers_get()
        elif options["due"]:
            yield from self._due()
        else:
            yield from self._one(options)

    def _one(self, options: dict[str, Any]) -> Iterator[Check]:
        place, sheet = options["sheet"], _read_json(options["sheet"])
        previous = sheet.get("previous_publication") if isinstance(sheet, dict) else None
        former = options["previous"] or (previous and _neighbour_address(place, sheet, previous))
        found = (_neighbour_address(place, sheet, one) for one in sources_of(sheet))
        sources = options["source"] or [one for one in found if one]
        sheets = sheets_by_publication([_read_json(one) for one in sources])
        yield from verify(sheet, _read_json(former) if former else None, sheets)
        given = _read_json(options["proof"]) if options["proof"] else {}
        organisation = options["organisation"] or given.get("organisation")
        salt = options["salt"] or given.get("salt")
        if organisation or salt:
            try:
                ok = proves(sheet, organisation=UUID(organisation), salt=str(salt or ""))
            except (TypeError, ValueError, KeyError) as error:
                raise CommandError(_("Give the organisation's UUID and its salt.")) from error
            yield Check(ok=ok, words=_("The organisation stands in the record."))

    def _what_readers_get(self) -> Iterator[Check]:
        """Every publication as it is read, compared with its record; see `docs/publishing.md`."""
        numbers = dict(Publication.objects.filter(number__isnull=False).values_list("pk", "number"))
        for pk, found in all_findings():
            for one in found:
                yield Check(ok=False, words=_numbered_message(numbers[pk], f"[{one.kind}] {one.message}"))
            if not found:
                words = _numbered_message(numbers[pk], _("Readers get what the record says."))
                yield Check(ok=True, words=words)

    def _due(self) -> Iterator[Check]:
        verify_due()
        rows = PublicationCheck.objects.filter(finding_count__gt=0).select_related("publication")
        for row in rows.order_by("publication__number"):
            for one in findings_from_json(row.publication_id, row.findings):
                words = _numbered_message(row.publication.number, f"[{one.kind}] {one.message}")
                yield Check(ok=False, words=words)

    def _whole_chain(self) -> Iterator[Check]:
        previous: dict[str, Any] | None = None
        withheld = WithheldContent()
        for publication in publications_for_sheets().order_by("number").iterator(chunk_size=50):
            try:
                sheet = build_sheet(publication, withheld)
                local = local_record(publication, withheld)
            except ValueError:  # no JSON in the record, or in a version
                words = _numbered_message(publication.number, _("the record cannot be read."))
                yield Check(ok=False, words=words)
                continue
            for check in verify(sheet, previous, local_source_sheets(sheet), local):
                yield Check(check.ok, _numbered_message(sheet["number"], check.words))
            if previous is None and sheet["number"] != 1:
                yield Check(ok=False, words=_("The beginning of the chain is missing."))
            yield Check(
                ok=names_hold(publication),
                words=_("Publication %(number)d. Every name under it has its commitment in the record.")
                % {"number": sheet["number"] or 0},
            )
            if sheet["blocks"]:
                yield Check(
                    ok=inherited_hold(publication),
                    words=_("Publication %(number)d. Who was carried over had approved these blocks before.")
                    % {"number": sheet["number"] or 0},
                )
            previous = sheet
        head = ChainHead.objects.filter(pk=1).first()
        ends = (previous["number"], previous["hash"]) if previous else (0, "")
        yield Check(
            ok=(head.number, head.hash) == ends if head else previous is None,
            words=_("The chain ends with publication %(number)d.") % {"number": head.number if head else 0},
        )


def _numbered_message(number: int | None, words: str) -> str:
    return _("Publication %(number)d. %(words)s") % {"number": number or 0, "words": words}


def _neighbour_address(source: str, sheet: Any, other: Any) -> str:
    """The address of another sheet at the place that was typed; empty if that is a file or does not tell.

    The sheet may be anybody's: what it names goes into the path as a UUID and nowhere else, so that it leads
    to no other machine and to no file. Raises CommandError for what is no UUID.
    """
    if not _is_address(source) or not isinstance(sheet, dict):
        return ""
    parts = urlsplit(source)
    own = str(sheet.get("publication") or "")
    if not own or own not in parts.path:
        return ""
    if not (_is_uuid(own) and _is_uuid(other)):
        raise CommandError(_("The sheet names a publication by what is no UUID."))
    return parts._replace(path=parts.path.replace(own, str(other))).geturl()


def _is_uuid(found: Any) -> bool:
    try:
        return str(UUID(found)) == found.lower()
    except (AttributeError, TypeError, ValueError):
        return False


def _is_address(source: str) -> bool:
    return source.startswith(("https:", "http:"))


def _is_loopback(address: str) -> bool:
    """Whether an address names this machine: a person here may look at it, a sheet from elsewhere may not."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_json(source: str) -> Any:
    """The JSON of a file or an address. Who typed an address of this machine may look at this machine."""
    try:
        if _is_address(source):
            content = fetch(source, policy=AddressPolicy(loopback_http=_is_loopback(source)))
        else:
            content = Path(source).read_bytes()
        return json.loads(content)
    except (FetchError, OSError) as error:
        raise CommandError(str(error)) from error
    except ValueError as error:
        raise CommandError(_("This is not JSON: %(source)s") % {"source": source}) from error
