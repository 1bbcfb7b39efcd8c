"""External verification of a certificate: hashes, record, chain link. Needs no database, trusts
nothing."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from documents.canonical.schema import validate
from documents.canonical.serialise import CanonicalError, canonical_hash, short_hash
from documents.publication.certificate import SHEET_VERSION
from documents.publication.record import RECORD_VERSION, commitment, note_hash, record_hash, record_text
from documents.publication.verification.fillings import filling_checks
from documents.publication.verification.findings import Check, block_checks


def verify(sheet: object, previous: object = None, sources: Mapping[str, Any] | None = None) -> list[Check]:
    """Return every check of a certificate, in order. It is valid if every check passes.

    `previous`: the certificate of the previous publication in the chain, if available. `sources`:
    certificates of the publications whose text was included, by their UUIDs.
    """
    try:
        return list(_all_checks(sheet, previous, sources or {}))
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        words = _("This is not an approval sheet: %(what)s.") % {"what": type(error).__name__}
        return [Check(ok=False, words=words)]


def proves(sheet: Mapping[str, Any], *, organisation: UUID, salt: str) -> bool:
    """Whether the salt proves that the organisation is in the record. Raises ValueError if not
    hex."""
    record = json.loads(sheet["record"])
    made = commitment(
        salt=salt,
        organisation=organisation,
        publication=UUID(record["publication"]),
        hashes=[one["hash"] for one in record["documents"]],
    )
    return made in record["commitments"]


def sources_of(sheet: Any) -> list[str]:
    """Return the UUIDs of the publications whose text was included, each once; empty for what is no
    certificate."""
    blocks = sheet.get("blocks") if isinstance(sheet, dict) else None
    found = [one.get("publication") for one in blocks or () if isinstance(one, dict)]
    return list(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def _all_checks(sheet: Any, previous: Any, sources: Mapping[str, Any]) -> Iterator[Check]:
    if not isinstance(sheet, dict) or sheet.get("sheet") != SHEET_VERSION:
        yield Check(ok=False, words=_("This is not an approval sheet that this program knows."))
        return
    record = json.loads(sheet["record"])
    yield Check(
        record_hash(sheet["record"]) == sheet["hash"] and record_text(record) == sheet["record"],
        _("The record has the hash %(hash)s.") % {"hash": short_hash(str(sheet["hash"]))},
    )
    yield Check(
        _sheet_fits_record(sheet, record), _("The sheet says what its record says."), code="sheet_state"
    )
    if "correction_note" in record:
        yield Check(
            note_hash(str(sheet["correction_note"])) == record["correction_note"],
            _("The correction note has the hash that is in the record."),
            code="correction_note",
        )
    if record.get("slips") or sheet.get("slips"):
        yield Check(
            record.get("slips") == sheet.get("slips"),
            _("Slips of the pen are on the sheet as in the record."),
        )
    yield from _documents(sheet, record)
    if record.get("fillings") or sheet.get("fillings"):
        yield from filling_checks(sheet, record)
    if record.get("blocks") or sheet.get("blocks"):
        yield from block_checks(sheet, record, sources)
    approvals = sheet["approvals"]
    counted = len(approvals["named"]) + int(approvals["names_withheld"])
    gone = int(approvals["names_taken_off"])
    yield Check(
        counted + gone == len(record["commitments"]) == len(set(record["commitments"])) and gone >= 0,
        _(
            "The record holds %(recorded)d organisations; the sheet shows or counts %(shown)d, "
            "and %(gone)d have taken their names off."
        )
        % {"recorded": len(record["commitments"]), "shown": counted, "gone": gone},
        code="sheet_names",
    )
    yield from _chain_checks(record, previous)


def _sheet_fits_record(sheet: dict[str, Any], record: dict[str, Any]) -> bool:
    return (
        record["record"] == RECORD_VERSION
        and record["publication"] == sheet["publication"]
        and record["number"] == sheet["number"]
        and record["previous"] == sheet["previous"]
        and record["replaces"] == sheet["replaces"]
        and record["moments"]["published"] == sheet["published"]
        and (record["number"] == 1) == (record["previous"] is None)
    )


def _documents(sheet: dict[str, Any], record: dict[str, Any]) -> Iterator[Check]:
    recorded = {one["language"]: (one["canon"], one["hash"]) for one in record["documents"]}
    shown = {one["language"]: (one["canon"], one["hash"]) for one in sheet["documents"]}
    yield Check(bool(recorded) and recorded == shown, _("Every language of the record is on the sheet."))
    for one in sheet["documents"]:
        values = {"language": one["language"], "hash": short_hash(str(one["hash"]))}
        if one["document"] is None and sheet["state"] == "withdrawn":
            yield Check(ok=True, words=_("%(language)s: withdrawn; its hash was %(hash)s.") % values)
            continue
        try:
            document = validate(one["document"])
        except CanonicalError as error:
            yield Check(
                ok=False,
                words=_("%(language)s: %(error)s") % {"language": one["language"], "error": error.message},
            )
            continue
        yield Check(
            canonical_hash(document) == one["hash"] and document["language"] == one["language"],
            _("%(language)s: the words have the hash %(hash)s.") % values,
        )


def _chain_checks(record: dict[str, Any], previous: Any) -> Iterator[Check]:
    if previous is None:
        return
    before = json.loads(previous["record"])
    yield Check(
        record_hash(previous["record"]) == previous["hash"] == record["previous"]
        and before["number"] + 1 == record["number"],
        _("It follows publication %(number)d of the chain.") % {"number": before["number"]},
    )
