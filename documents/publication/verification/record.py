"""Verification of records, fillings and approval sheets."""

import datetime
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coalition.accounts.models import Listing
from coalition.audit import log
from coalition.core.infra_errors import outage_status
from documents.approval.queries.inherited import decisions_on
from documents.canonical.form import CanonicalError, canonical_hash, short_hash
from documents.canonical.schema import validate
from documents.drafts.models import ApprovalRule, DecisionKind, PublicationState, Way
from documents.files.withheld import WithheldContent
from documents.publication.certificate import SHEET_VERSION, build_sheet
from documents.publication.models import Publication, PublicationName
from documents.publication.queries import publications_for_sheets
from documents.publication.record import RECORD_VERSION, commitment, record_text, text_hash
from documents.publication.verification.findings import (
    BATCH_SIZE,
    NOT_VERIFIED,
    Check,
    Finding,
    FindingKind,
    block_checks,
    filling_checks,
    published_ever,
    reader_findings,
)
from documents.publication.verification.withheld import (
    LocalRecord,
    local_record,
    with_approved_documents,
    withheld_checks,
    without_incomplete_documents,
)


def verify(
    sheet: object,
    previous: object = None,
    sources: Mapping[str, Any] | None = None,
    local: LocalRecord | None = None,
) -> list[Check]:
    """Return every check of a certificate, in order. It is valid if every check passes.

    `previous`: the certificate of the previous publication in the chain, if available. `sources`:
    certificates of the publications whose text was included, by their UUIDs. `local`: with it a text shown
    without its words or a picture is checked against the approved one and against the records of consent;
    without it its hash stays open.
    """
    try:
        return list(_all_checks(sheet, previous, sources or {}, local))
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        words = _("This is not an approval sheet: %(what)s.") % {"what": type(error).__name__}
        return [Check(ok=False, words=words)]


def proves(sheet: Mapping[str, Any], *, organisation: UUID, salt: str) -> bool:
    """Whether the salt proves that the organisation is in the record. Raises ValueError if not hex."""
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


def _all_checks(
    sheet: Any, previous: Any, sources: Mapping[str, Any], local: LocalRecord | None
) -> Iterator[Check]:
    if not isinstance(sheet, dict) or sheet.get("sheet") != SHEET_VERSION:
        yield Check(ok=False, words=_("This is not an approval sheet that this program knows."))
        return
    record = json.loads(sheet["record"])
    yield Check(
        text_hash(sheet["record"]) == sheet["hash"] and record_text(record) == sheet["record"],
        _("The record has the hash %(hash)s.") % {"hash": short_hash(str(sheet["hash"]))},
    )
    yield Check(
        _sheet_fits_record(sheet, record), _("The sheet says what its record says."), code="sheet_state"
    )
    if "correction_note" in record:
        yield Check(
            text_hash(str(sheet["correction_note"])) == record["correction_note"],
            _("The correction note has the hash that is in the record."),
            code="correction_note",
        )
    if record.get("slips") or sheet.get("slips"):
        yield Check(
            record.get("slips") == sheet.get("slips"),
            _("Slips of the pen are on the sheet as in the record."),
        )
    yield from withheld_checks(sheet, local)
    sheet = with_approved_documents(sheet, local)
    yield from _documents(sheet, record)
    sheet = without_incomplete_documents(sheet)
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
    if previous is not None:
        before = json.loads(previous["record"])
        yield Check(
            text_hash(previous["record"]) == previous["hash"] == record["previous"]
            and before["number"] + 1 == record["number"],
            _("It follows publication %(number)d of the chain.") % {"number": before["number"]},
        )


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
        if one.get("words_withheld"):
            continue  # `withheld_checks` says that its hash is open
        try:
            document = validate(one["document"])
        except CanonicalError as error:
            yield Check(
                ok=False,
                words=_("%(language)s: %(error)s") % {"language": one["language"], "error": error.message},
            )
            continue
        if one.get("withheld") and document["language"] == one["language"]:
            continue  # `withheld_checks` says that its hash is open
        yield Check(
            canonical_hash(document) == one["hash"] and document["language"] == one["language"],
            _("%(language)s: the words have the hash %(hash)s.") % values,
        )


_KIND_OF_CODE = {"sheet_names": FindingKind.NAMES, "sheet_state": FindingKind.STATE}
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)


def record_findings(publications: Sequence[Publication]) -> Iterator[Finding]:
    """Yield every difference among the rows of these publications, loaded by `load_batch`. The number of
    queries is constant, except for those with inherited approvals."""
    rounds = [one.round.uuid for one in publications if one.state == PublicationState.PUBLIC]
    entries = log.audit_details("publication.withdrawn", targets=rounds)
    withdrawn = {detail.get("publication") for detail in entries}
    withheld = WithheldContent()
    for one in publications:
        try:
            yield from _sheet_findings(one, withheld)
            if not names_hold(one):
                yield Finding(FindingKind.NAMES, one.pk, "commitments")
            if not inherited_hold(one):
                yield Finding(FindingKind.NAMES, one.pk, "inherited")
            if not all(_way_holds(name, one) for name in _remaining_names(one)):
                yield Finding(FindingKind.NAMES, one.pk, "way")
        except _UNREADABLE:
            yield Finding(FindingKind.WORDS, one.pk, "unreadable")
        if not _listings_hold(one):
            yield Finding(FindingKind.NAMES, one.pk, "listing")
        if not _decisions_hold(one):
            yield Finding(FindingKind.NAMES, one.pk, "decisions")
        is_noted = one.withdrawn_at is not None or bool(one.withdrawal_note) or str(one.uuid) in withdrawn
        if one.state == PublicationState.PUBLIC and is_noted:
            yield Finding(FindingKind.STATE, one.pk, "withdrawn_is_public")
        if one.state == PublicationState.WITHDRAWN and not (one.withdrawn_at and one.withdrawal_note):
            yield Finding(FindingKind.STATE, one.pk, "withdrawal_incomplete")


def _sheet_findings(publication: Publication, withheld: WithheldContent) -> Iterator[Finding]:
    """Compare the certificate with its record."""
    sheet = build_sheet(publication, withheld)
    checks = verify(sheet, None, local_source_sheets(sheet), local_record(publication, withheld))
    codes = [check.code for check in checks if not check.ok]
    for code in dict.fromkeys(codes):
        yield Finding(_KIND_OF_CODE.get(code, FindingKind.WORDS), publication.pk, code)
    if publication.correction_note and publication.replaces_id is None:
        yield Finding(FindingKind.WORDS, publication.pk, "correction_note")


def _way_holds(name: PublicationName, publication: Publication) -> bool:
    """Compare how and when an organisation approved with its own decisions, tacit consent with the round."""
    if not name.decisions:
        round_ = publication.round
        silent = name.way == Way.NO_OBJECTION and round_.rule == ApprovalRule.NO_OBJECTION
        return silent and name.approved_at == round_.deadline
    approved = [one for one in name.decisions if one["decision"] == DecisionKind.APPROVED]
    last = max(map(_moment, name.decisions))
    return bool(approved) and name.approved_at == last and name.way == max(approved, key=_moment)["way"]


def _moment(decision: Mapping[str, Any]) -> datetime.datetime:
    return datetime.datetime.fromisoformat(decision["at"])


def _listings_hold(publication: Publication) -> bool:
    """Whether no name is listed more openly than its organisation agreed to in the round."""
    agreed = {row.organisation_id: row.listing for row in publication.round.asked.all()}
    return all(
        name.organisation_id in agreed
        and Listing.strictest(name.listing, agreed[name.organisation_id]) == name.listing
        for name in _remaining_names(publication)
    )


def _decisions_hold(publication: Publication) -> bool:
    """Whether every decision recorded with a name is in the round, on exactly this text, and they cover every
    language; tacit consent has none."""
    hashes = {text.language: text.hash for text in publication.texts.all()}
    made = {
        (row.organisation_id, row.language, row.hash, row.decision, row.way, row.at)
        for row in publication.round.approvals.all()
        if row.superseded_at is None and row.objected_at is None
    }
    try:
        for name in _remaining_names(publication):
            recorded = [
                (one["language"], one["hash"], one["decision"], one["way"], _moment(one))
                for one in name.decisions
            ]
            expected = {} if name.way == Way.NO_OBJECTION else hashes
            if dict(one[:2] for one in recorded) != expected:
                return False
            if not all((name.organisation_id, *one) in made for one in recorded):
                return False
    except _UNREADABLE:
        return False
    return True


def _remaining_names(publication: Publication) -> list[PublicationName]:
    return [name for name in publication.names.all() if name.taken_off_at is None]


def names_hold(publication: Publication) -> bool:
    """Whether the salts in this database yield the commitments of the record, and removed names have none."""
    try:
        record = json.loads(publication.record)
        hashes = [one["hash"] for one in record["documents"]]
    except (ValueError, KeyError):
        return False

    def holds(name: PublicationName) -> bool:
        if name.taken_off_at is not None:
            return not name.salt
        organisation = name.organisation.uuid
        made = commitment(
            salt=name.salt, organisation=organisation, publication=publication.uuid, hashes=hashes
        )
        return made == name.commitment

    return all(name.commitment in record["commitments"] and holds(name) for name in publication.names.all())


def inherited_hold(publication: Publication) -> bool:
    """Whether this database has the decisions on which a name depends, made before publication."""
    return all(
        decisions_on(name.organisation_id, one["language"], source["source"])
        .filter(at__lt=publication.published_at)
        .exists()
        for name in publication.names.all()
        for one in name.decisions
        for source in one.get("carried", ())
    )


def local_source_sheets(sheet: Any) -> dict[str, Any]:
    """Return this database's certificates of the sources of a certificate's blocks, by the UUIDs of
    their publications."""
    wanted = sources_of(sheet)
    if not wanted:
        return {}
    return sheets_by_publication(
        build_sheet(one) for one in publications_for_sheets().filter(uuid__in=wanted)
    )


def sheets_by_publication(sheets: Iterable[Any]) -> dict[str, Any]:
    """Return certificates by the UUIDs of their publications; anything else is left out."""
    return {str(one.get("publication")): one for one in sheets if isinstance(one, dict)}


# There is nothing to compare pages with.
_NOT_COMPARED = frozenset({"unreadable", "record"})

logger = logging.getLogger(__name__)


def findings_of(publications: Iterable[int]) -> dict[int, list[Finding]]:
    """Verify these publications (primary keys): key → what differs, empty if nothing does. Write nothing.

    A publication that raises an exception gets the finding `not_verified` beside those found before it.
    Raises what the database and the storage raise when they are unavailable.
    """
    found: dict[int, list[Finding]] = {}
    for keys in batched(publications, BATCH_SIZE, strict=False):
        found |= _findings_of_batch(keys)
    return found


def all_findings() -> Iterator[tuple[int, list[Finding]]]:
    """Verify every publication: yield primary key and what differs, in the order of the chain."""
    keys = published_ever().order_by("number").values_list("pk", flat=True)
    for some in batched(keys, BATCH_SIZE, strict=False):
        yield from _findings_of_batch(some).items()


def load_batch(keys: Sequence[int]) -> Sequence[Publication]:
    """Load those of these publications (primary keys) that are or were public, with all compared data."""
    rows = publications_for_sheets().filter(pk__in=keys).select_related("round__draft__workspace")
    return list(rows.prefetch_related("round__asked", "round__approvals").order_by("pk"))


def compare_publications(keys: Sequence[int]) -> dict[int, list[Finding]]:
    """Compare at most a batch like `findings_of`, but let exceptions through."""
    found: dict[int, list[Finding]] = {pk: [] for pk in keys}
    for findings in _comparisons(keys, found):
        _add_findings(found, findings)
    return found


def not_verified(pk: int, error: Exception) -> Finding:
    """Log the exception raised for a publication (primary key) and return a finding for it.

    Raises the exception itself if the database or the storage is unavailable or full.
    """
    if outage_status(error):
        raise error
    logger.error("publication %d could not be verified", pk, exc_info=error)
    return Finding(FindingKind.RENDERING, pk, NOT_VERIFIED)


def _findings_of_batch(keys: Sequence[int]) -> dict[int, list[Finding]]:
    try:
        return compare_publications(keys)
    except Exception as error:  # one broken publication must not stop the others
        if outage_status(error):
            raise
    return {pk: _findings_of_one(pk) for pk in keys}


def _findings_of_one(pk: int) -> list[Finding]:
    """Compare as far as possible: an exception ends its own comparison, not the next one."""
    found: dict[int, list[Finding]] = {pk: []}
    try:
        for findings in _comparisons([pk], found):
            try:
                _add_findings(found, findings)
            except Exception as error:  # noqa: BLE001  the other comparisons go on
                _add_findings(found, [not_verified(pk, error)])
    except Exception as error:  # noqa: BLE001  the other publications go on
        _add_findings(found, [not_verified(pk, error)])
    return found[pk]


def _comparisons(keys: Sequence[int], found: dict[int, list[Finding]]) -> Iterator[Iterable[Finding]]:
    """Yield the findings of each comparison; `found` contains those of earlier comparisons."""
    publications = load_batch(keys)
    loaded = {one.pk for one in publications}
    yield [Finding(FindingKind.STATE, pk, "published_is_hidden") for pk in keys if pk not in loaded]
    yield record_findings(publications)
    broken = {pk for pk, some in found.items() if any(one.code in _NOT_COMPARED for one in some)}
    yield reader_findings([one for one in publications if one.pk not in broken])


def _add_findings(found: dict[int, list[Finding]], findings: Iterable[Finding]) -> None:
    for one in findings:
        if one not in found[one.publication]:
            found[one.publication].append(one)
