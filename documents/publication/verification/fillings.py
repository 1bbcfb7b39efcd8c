"""Verify that a filled text is the approved one with exactly these gaps filled. No I/O."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from documents.canonical.serialise import canonical_hash, short_hash
from documents.gaps.rules import reopen_gaps
from documents.publication.verification.findings import Check


def filling_checks(sheet: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Check]:
    """Yield the checks. Raises IndexError, KeyError or TypeError for gaps missing in the text."""
    fillings = record.get("fillings") or []
    yield Check(
        fillings == sheet.get("fillings"), _("The gaps that were filled are on the sheet as in the record.")
    )
    documents = {one["hash"]: one["document"] for one in sheet["documents"]}
    mended = {one["before"] for one in record.get("slips") or ()}
    for one in fillings:
        document = documents.get(one["after"])
        if document is None:  # withdrawn, or corrected afterwards: only the hashes are left
            holds = one["after"] in documents or one["after"] in mended
        else:
            holds = bool(one["gaps"]) and canonical_hash(reopen_gaps(document, one["gaps"])) == one["before"]
        yield Check(
            holds,
            _("%(language)s: with its gaps open it has the hash %(hash)s, which was approved.")
            % {"language": one["language"], "hash": short_hash(one["before"])},
        )
