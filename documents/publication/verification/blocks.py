"""Verification of inherited approvals: every approved block by its hash, and its source. No I/O.

The record names each block by two hashes: of the version that organisations approved, and of the
content copied from it. The second is recomputed from the certificate's text; that both belong to
the same text is verified with the source's certificate, if that is public and available.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from documents.canonical.approved_words import (
    approved_block_refs,
    has_only_approved_blocks,
    has_picture_in_approved_block,
    head_matches_sources,
    words_hash,
)
from documents.canonical.form import Document
from documents.canonical.serialise import canonical_hash, short_hash
from documents.drafts.enums import Way
from documents.publication.record import record_hash


@dataclass(frozen=True)
class Check:
    """One check and its result, in words. `code`: of the finding if it does not hold."""

    ok: bool
    words: str
    code: str = "record"


def block_checks(
    sheet: Mapping[str, Any], record: Mapping[str, Any], sources: Mapping[str, Any]
) -> Iterator[Check]:
    """Yield the checks. `sources`: certificates of publications by UUID. Raises what `json.loads`
    and broken certificates raise."""
    blocks = record.get("blocks") or []
    yield Check(blocks == sheet.get("blocks"), _("The approved blocks are on the sheet as in the record."))
    documents = {one["language"]: one["document"] for one in sheet["documents"]}
    for language in dict.fromkeys(one["language"] for one in blocks):
        own = [one for one in blocks if one["language"] == language]
        if (document := documents[language]) is not None:
            yield Check(
                has_only_approved_blocks(document)
                and not has_picture_in_approved_block(document)
                and _blocks_with_sources(document) == [(one["source"], one["words"]) for one in own],
                _("%(language)s: it says the words of %(count)d approved blocks, and nothing else.")
                % {"language": language, "count": len(own)},
            )
        yield from _source_checks(document, own, sources)
    yield Check(
        _is_based_on_sources(sheet, blocks), _("Every approval that was carried over hangs on these blocks.")
    )


def _blocks_with_sources(document: Document) -> list[tuple[str, str]]:
    return [(one.source, one.words) for one in approved_block_refs(document)]


def _source_checks(
    document: Document | None, blocks: Iterable[Mapping[str, Any]], sources: Mapping[str, Any]
) -> Iterator[Check]:
    """Check each block against its published source; and title and lead, if all sources are
    available."""
    said: list[Document] = []
    blocks = list(blocks)
    for one in blocks:
        sheet = sources.get(one["publication"] or "")
        if sheet is None:
            continue
        known = {each["hash"]: each["document"] for each in sheet["documents"]}
        recorded = {each["hash"] for each in json.loads(sheet["record"])["documents"]}
        words = known.get(one["source"])
        same = words is None or (canonical_hash(words), words_hash(words)) == (one["source"], one["words"])
        yield Check(
            record_hash(sheet["record"]) == sheet["hash"] and one["source"] in recorded and same,
            _("%(language)s: the block with the hash %(hash)s is what was published before.")
            % {"language": one["language"], "hash": short_hash(one["source"])},
        )
        if words is not None:
            said.append(words)
    if document is not None and said and len(said) == len(blocks):
        yield Check(
            head_matches_sources(document, said),
            _("%(language)s: title and lead are theirs.") % {"language": document["language"]},
        )


def _is_based_on_sources(sheet: Mapping[str, Any], blocks: Iterable[Mapping[str, Any]]) -> bool:
    wanted = {(one["language"], one["source"]) for one in blocks}
    languages = {language for language, _source in wanted}
    for name in sheet["approvals"]["named"]:
        for one in name["decisions"]:
            if one["way"] != Way.CARRIED_OVER:
                continue
            hangs_on = {(one["language"], source["source"]) for source in one["carried"]}
            own = {pair for pair in wanted if pair[0] == one["language"]}
            if one["language"] not in languages or hangs_on != own:
                return False
    return True
