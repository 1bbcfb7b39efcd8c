"""Verification of the database rows against a publication's record: certificate, commitments,
names, decisions of the round, state. Does not examine what readers see."""

import datetime
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from coalition.accounts.enums import Listing
from coalition.audit import log
from coalition.core.infra_errors import outage_status
from documents.approval.models import Approval, Asked
from documents.approval.queries.inherited import decisions_on
from documents.drafts.enums import ApprovalRule, DecisionKind, PublicationState, Way
from documents.publication.certificate import build_sheet
from documents.publication.models import Publication, PublicationName
from documents.publication.queries import publications_for_sheets
from documents.publication.record import commitment
from documents.publication.verification.findings import (
    BATCH_SIZE,
    NOT_VERIFIED,
    Finding,
    FindingKind,
    offline_among,
    published_ever,
)
from documents.publication.verification.hooks import Batch, reader_findings
from documents.publication.verification.sheet import sources_of, verify

_KIND_OF_CODE = {"sheet_names": FindingKind.NAMES, "sheet_state": FindingKind.STATE}
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)


def record_findings(batch: Batch) -> Iterator[Finding]:
    """Yield every difference among the rows of these publications. The number of queries is
    constant, except for those with inherited approvals."""
    for publication in batch.publications:
        try:
            yield from _sheet_findings(publication)
            yield from _commitment_findings(publication)
            yield from _way_findings(publication)
        except _UNREADABLE:
            yield Finding(FindingKind.WORDS, publication.pk, "unreadable")
    yield from _listing_findings(batch)
    yield from _decision_findings(batch)
    yield from _state_findings(batch)


def _sheet_findings(publication: Publication) -> Iterator[Finding]:
    """Compare the certificate with its record."""
    sheet = build_sheet(publication)
    codes = [check.code for check in verify(sheet, None, local_source_sheets(sheet)) if not check.ok]
    for code in dict.fromkeys(codes):
        yield Finding(_KIND_OF_CODE.get(code, FindingKind.WORDS), publication.pk, code)
    if publication.correction_note and publication.replaces_id is None:
        yield Finding(FindingKind.WORDS, publication.pk, "correction_note")


def _commitment_findings(publication: Publication) -> Iterator[Finding]:
    if not names_hold(publication):
        yield Finding(FindingKind.NAMES, publication.pk, "commitments")
    if not inherited_hold(publication):
        yield Finding(FindingKind.NAMES, publication.pk, "inherited")


def _way_findings(publication: Publication) -> Iterator[Finding]:
    """Compare how and when each organisation approved with its own decisions, tacit consent with
    the round."""
    if not all(_way_holds(name, publication) for name in _remaining_names(publication)):
        yield Finding(FindingKind.NAMES, publication.pk, "way")


def _way_holds(name: PublicationName, publication: Publication) -> bool:
    if not name.decisions:
        round_ = publication.round
        silent = name.way == Way.NO_OBJECTION and round_.rule == ApprovalRule.NO_OBJECTION
        return silent and name.approved_at == round_.deadline
    approved = [one for one in name.decisions if one["decision"] == DecisionKind.APPROVED]
    last = max(datetime.datetime.fromisoformat(one["at"]) for one in name.decisions)
    return bool(approved) and name.approved_at == last and name.way == max(approved, key=_moment)["way"]


def _moment(decision: Mapping[str, Any]) -> datetime.datetime:
    return datetime.datetime.fromisoformat(decision["at"])


def _listing_findings(batch: Batch) -> Iterator[Finding]:
    """Check that no name is listed more openly than its organisation agreed to in the round."""
    rounds = [publication.round_id for publication in batch.publications]
    rows = Asked.objects.filter(round__in=rounds).values_list("round", "organisation", "listing")
    asked = {(round_, organisation): listing for round_, organisation, listing in rows}
    for publication in batch.publications:
        for name in _remaining_names(publication):
            agreed = asked.get((publication.round_id, name.organisation_id))
            if agreed is None or Listing.strictest(name.listing, agreed) != name.listing:
                yield Finding(FindingKind.NAMES, publication.pk, "listing")
                break


def _decision_findings(batch: Batch) -> Iterator[Finding]:
    """Check that every decision recorded with a name is in the round, on exactly this text; and
    that they cover every language."""
    rounds = [publication.round_id for publication in batch.publications]
    rows = Approval.objects.filter(round__in=rounds, superseded_at=None, objected_at=None)
    made = {
        (round_, organisation, language, digest, str(decision), str(way), at)
        for round_, organisation, language, digest, decision, way, at in rows.values_list(
            "round", "organisation", "language", "hash", "decision", "way", "at"
        )
    }
    for publication in batch.publications:
        try:
            holds = all(_decisions_hold(publication, name, made) for name in _remaining_names(publication))
        except _UNREADABLE:
            holds = False
        if not holds:
            yield Finding(FindingKind.NAMES, publication.pk, "decisions")


def _decisions_hold(publication: Publication, name: PublicationName, made: set[tuple[Any, ...]]) -> bool:
    if name.way == Way.NO_OBJECTION:
        return not name.decisions
    hashes = {text.language: text.hash for text in publication.texts.all()}
    decided = {one["language"]: one["hash"] for one in name.decisions}
    return decided == hashes and all(
        (
            publication.round_id,
            name.organisation_id,
            one["language"],
            one["hash"],
            one["decision"],
            one["way"],
            _moment(one),
        )
        in made
        for one in name.decisions
    )


def _state_findings(batch: Batch) -> Iterator[Finding]:
    """Check that what was withdrawn, by its own row or by the audit log, is not public, and has
    date and reason."""
    public = [one for one in batch.publications if one.state == PublicationState.PUBLIC]
    rounds = [one.round.uuid for one in public]
    withdrawn = {
        detail.get("publication") for detail in log.audit_details("publication.withdrawn", targets=rounds)
    }
    for publication in public:
        noted = publication.withdrawn_at is not None or bool(publication.withdrawal_note)
        if noted or str(publication.uuid) in withdrawn:
            yield Finding(FindingKind.STATE, publication.pk, "withdrawn_is_public")
    for publication in batch.publications:
        if publication.state == PublicationState.WITHDRAWN and not (
            publication.withdrawn_at and publication.withdrawal_note
        ):
            yield Finding(FindingKind.STATE, publication.pk, "withdrawal_incomplete")


def _remaining_names(publication: Publication) -> list[PublicationName]:
    return [name for name in publication.names.all() if name.taken_off_at is None]


def names_hold(publication: Publication) -> bool:
    """Whether the salts in this database yield the commitments of the record, with no other
    names."""
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


def inherited_hold(publication: Publication) -> bool:
    """Whether this database has the decisions on which a name depends, made before publication."""
    for name in publication.names.all():
        for one in name.decisions:
            for source in one.get("carried", ()):
                made = decisions_on(name.organisation_id, one["language"], source["source"])
                if not made.filter(at__lt=publication.published_at).exists():
                    return False
    return True


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


# --- comparison ---
# Comparison of publications with their records: in batches, one by one where a batch fails.


# There is nothing to compare pages with.
_NOT_COMPARED = frozenset({"unreadable", "record"})

logger = logging.getLogger(__name__)


def findings_of(publications: Iterable[int]) -> dict[int, list[Finding]]:
    """Verify these publications (primary keys): key → what differs, empty if nothing does. Write
    nothing.

    A publication that raises an exception gets the finding `not_verified` beside those found before
    it. Raises what the database and the storage raise when they are unavailable.
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


def load_batch(keys: Sequence[int]) -> Batch:
    """Load those of these publications (primary keys) that are or were public, with all compared
    data."""
    rows = publications_for_sheets().filter(pk__in=keys).select_related("round__draft__workspace")
    return Batch(list(rows.order_by("pk")), offline_among(keys))


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
    batch = load_batch(keys)
    loaded = {one.pk for one in batch.publications}
    yield [Finding(FindingKind.STATE, pk, "published_is_hidden") for pk in keys if pk not in loaded]
    yield record_findings(batch)
    broken = {pk for pk, some in found.items() if any(one.code in _NOT_COMPARED for one in some)}
    compared = [one for one in batch.publications if one.pk not in broken]
    yield reader_findings(Batch(compared, batch.taken_off))


def _add_findings(found: dict[int, list[Finding]], findings: Iterable[Finding]) -> None:
    for one in findings:
        if one not in found[one.publication]:
            found[one.publication].append(one)
