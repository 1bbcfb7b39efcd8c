"""Check a public approval sheet from outside, or the whole chain of this database."""

import ipaddress
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from coalition.core.safe_fetch import AddressPolicy, FetchError, fetch
from documents.approval.queries.inherited import decisions_on
from documents.publication.certificate import sheet_of
from documents.publication.chain import commitment
from documents.publication.models.publication import ChainHead, Publication
from documents.publication.queries.publications import publications_with_all
from documents.publication.verification.sheet import Check, proves, sources_of, verify


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
        parser.add_argument("--all", action="store_true", help="the whole chain of this database")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["all"]) == bool(options["sheet"]):
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
        sheet = _read(options["sheet"])
        former = options["previous"] or _address_before(options["sheet"], sheet)
        taken = [_read(one) for one in options["source"] or _addresses_of_sources(options["sheet"], sheet)]
        yield from verify(sheet, _read(former) if former else None, _by_publication(taken))
        given = _read(options["proof"]) if options["proof"] else {}
        organisation = options["organisation"] or given.get("organisation")
        salt = options["salt"] or given.get("salt")
        if organisation or salt:
            try:
                ok = proves(sheet, organisation=UUID(organisation), salt=str(salt or ""))
            except (TypeError, ValueError, KeyError) as error:
                raise CommandError(_("Give the organisation's UUID and its salt.")) from error
            yield Check(ok=ok, words=_("The organisation stands in the record."))

    def _whole_chain(self) -> Iterator[Check]:
        previous: dict[str, Any] | None = None
        for publication in publications_with_all().order_by("number").iterator(chunk_size=50):
            sheet = sheet_of(publication)
            for check in verify(sheet, previous, _sources_here(sheet)):
                words = _("Publication %(number)d. %(words)s") % {
                    "number": sheet["number"] or 0,
                    "words": check.words,
                }
                yield Check(check.ok, words)
            first = previous is None and sheet["number"] != 1
            if first:
                yield Check(ok=False, words=_("The beginning of the chain is missing."))
            yield Check(
                ok=_names_hold(publication),
                words=_("Publication %(number)d. Every name under it has its commitment in the record.")
                % {"number": sheet["number"] or 0},
            )
            if sheet["blocks"]:
                yield Check(
                    ok=_carried_hold(publication),
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


def _names_hold(publication: Publication) -> bool:
    """Whether the salts in this database give the commitments of the record, and no other name is there."""
    try:
        record = json.loads(publication.record)
        hashes = [one["hash"] for one in record["documents"]]
    except (ValueError, KeyError):
        return False
    for name in publication.names.all():
        if name.commitment not in record["commitments"]:
            return False
        if name.taken_off_at is not None:
            if name.salt:
                return False
            continue
        made = commitment(
            salt=name.salt,
            organisation=name.organisation.uuid,
            publication=publication.uuid,
            hashes=hashes,
        )
        if made != name.commitment:
            return False
    return True


def _carried_hold(publication: Publication) -> bool:
    """Whether this database has the decisions that names under it hang on, made before it was published."""
    for name in publication.names.all():
        for one in name.decisions:
            for source in one.get("carried", ()):
                made = decisions_on(name.organisation_id, one["language"], source["source"])
                if not made.filter(at__lt=publication.published_at).exists():
                    return False
    return True


def _sources_here(sheet: Any) -> dict[str, Any]:
    wanted = sources_of(sheet)
    if not wanted:
        return {}
    return _by_publication(sheet_of(one) for one in publications_with_all().filter(uuid__in=wanted))


def _by_publication(sheets: Iterable[Any]) -> dict[str, Any]:
    return {str(one.get("publication")): one for one in sheets if isinstance(one, dict)}


def _addresses_of_sources(source: str, sheet: Any) -> list[str]:
    """Where the sheets are whose words were taken over, if the source is an address that tells."""
    found = (_beside(source, sheet, one) for one in sources_of(sheet))
    return [one for one in found if one]


def _address_before(source: str, sheet: Any) -> str:
    """Where the sheet before it in the chain is, if the source is an address that tells."""
    former = sheet.get("previous_publication") if isinstance(sheet, dict) else None
    return _beside(source, sheet, former) if former else ""


def _beside(source: str, sheet: Any, other: Any) -> str:
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


def _read(source: str) -> Any:
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
