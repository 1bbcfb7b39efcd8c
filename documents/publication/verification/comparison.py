"""Comparison of publications with their records: in batches, one by one where a batch fails."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from coalition.core.infra_errors import outage_status
from documents.publication.queries import publications_for_sheets
from documents.publication.verification.findings import NOT_VERIFIED, Finding, FindingKind
from documents.publication.verification.hooks import Batch, reader_findings
from documents.publication.verification.queries import BATCH_SIZE, offline_among, published_ever
from documents.publication.verification.record import record_findings

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
