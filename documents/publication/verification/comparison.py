"""Comparing publications with their records: many at once, each alone where comparing them fails."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from coalition.core.infra_errors import outage_status
from documents.publication.queries import publications_with_all
from documents.publication.verification.findings import NOT_VERIFIED, Finding, FindingKind
from documents.publication.verification.hooks import Batch, reader_findings
from documents.publication.verification.queries import BATCH, published_ever, taken_off_among
from documents.publication.verification.record import record_findings

# There is nothing that pages could be compared with.
_NOT_COMPARED = frozenset({"unreadable", "record"})

logger = logging.getLogger(__name__)


def findings_of(publications: Iterable[int]) -> dict[int, list[Finding]]:
    """Verify these publications (primary keys): key → what differs, empty if nothing does. Write nothing.

    A publication at which an exception occurs gets the finding `not_verified` beside those that were found
    before it. Raises what the database and the storage raise when they do not answer.
    """
    found: dict[int, list[Finding]] = {}
    for keys in batched(publications, BATCH, strict=False):
        found |= _findings_of_batch(keys)
    return found


def all_findings() -> Iterator[tuple[int, list[Finding]]]:
    """Verify every publication: primary key and what differs, in the order of the chain."""
    keys = published_ever().order_by("number").values_list("pk", flat=True)
    for some in batched(keys, BATCH, strict=False):
        yield from _findings_of_batch(some).items()


def load_batch(keys: Sequence[int]) -> Batch:
    """Load those of these publications (primary keys) that are or were public, with all that is compared."""
    rows = publications_with_all().filter(pk__in=keys).select_related("round__draft__workspace")
    return Batch(list(rows.order_by("pk")), taken_off_among(keys))


def compare(keys: Sequence[int]) -> dict[int, list[Finding]]:
    """As `findings_of` for at most a batch, but raise whatever is raised while they are compared."""
    found: dict[int, list[Finding]] = {pk: [] for pk in keys}
    for findings in _comparisons(keys, found):
        _add(found, findings)
    return found


def not_verified(pk: int, error: Exception) -> Finding:
    """Log the exception that occurred at a publication (primary key) and return the finding that says so.

    Raises the exception itself if the database or the storage did not answer, or has no room.
    """
    if outage_status(error):
        raise error
    logger.error("publication %d could not be verified", pk, exc_info=error)
    return Finding(FindingKind.RENDERING, pk, NOT_VERIFIED)


def _findings_of_batch(keys: Sequence[int]) -> dict[int, list[Finding]]:
    try:
        return compare(keys)
    except Exception as error:  # whatever one publication holds, the others are verified
        if outage_status(error):
            raise
    return {pk: _findings_of_one(pk) for pk in keys}


def _findings_of_one(pk: int) -> list[Finding]:
    """Compare as far as possible: an exception ends the comparison that raised it, not the next one."""
    found: dict[int, list[Finding]] = {pk: []}
    try:
        for findings in _comparisons([pk], found):
            try:
                _add(found, findings)
            except Exception as error:  # noqa: BLE001  the other comparisons go on
                _add(found, [not_verified(pk, error)])
    except Exception as error:  # noqa: BLE001  the other publications go on
        _add(found, [not_verified(pk, error)])
    return found[pk]


def _comparisons(keys: Sequence[int], found: dict[int, list[Finding]]) -> Iterator[Iterable[Finding]]:
    """Yield the findings of each comparison; `found` holds those of the comparisons before."""
    batch = load_batch(keys)
    loaded = {one.pk for one in batch.publications}
    yield [Finding(FindingKind.STATE, pk, "published_is_hidden") for pk in keys if pk not in loaded]
    yield record_findings(batch)
    broken = {pk for pk, some in found.items() if any(one.code in _NOT_COMPARED for one in some)}
    compared = [one for one in batch.publications if one.pk not in broken]
    yield reader_findings(Batch(compared, batch.taken_off))


def _add(found: dict[int, list[Finding]], findings: Iterable[Finding]) -> None:
    for one in findings:
        if one not in found[one.publication]:
            found[one.publication].append(one)
