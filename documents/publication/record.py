"""The chain of publications: verifiable records, with commitments instead of names. No I/O.

A record is the RFC 8785 form of::

    {"record": 1, "publication": uuid, "number": n, "replaces": uuid or null,
     "documents": [{"language", "canon", "hash"}, …],      sorted by language
     "moments": {"put_to_approval": …, "published": …},    UTC, ISO 8601
     "commitments": [hex, …],                              one per organisation, sorted
     "slips": [{"language", "before", "after"}, …],        hashes; only with a typo fix
     "fillings": [{"language", "before", "after", "gaps"}, …],   only if approved gaps were filled
     "blocks": [{"language", "source", "words", "publication"}, …],   only with inherited approvals
     "correction_note": hash of the correction note; only if a correction has one
     "previous": hash of the record before, or null}

and its SHA-256 is the publication's hash.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import rfc8785
from django.db.models import Exists

from documents.approval.matrix import Signatory
from documents.approval.models import Approval, ApprovalRound
from documents.approval.queries.inherited import inherited_approvals_in, publications_of, sources_of_inherited
from documents.canonical.form import Document, canonical_hash
from documents.canonical.passages import approved_block_refs, filled_since

RECORD_VERSION: Final = 1
SALT_BYTES: Final = 32  # of a salt, which proves with the organisation's UUID a commitment in a record


def commitment(*, salt: str, organisation: UUID, publication: UUID, hashes: Iterable[str]) -> str:
    """Return SHA-256 over salt, organisation, publication and the documents' hashes, all as bytes, as hex.

    `hashes`: in the record's order (by language), so that a commitment fits one record only.
    """
    digest = hashlib.sha256(bytes.fromhex(salt) + organisation.bytes + publication.bytes)
    for one in hashes:
        digest.update(bytes.fromhex(one))
    return digest.hexdigest()


def moment_words(moment: datetime.datetime) -> str:
    """Return a moment as written in the record: UTC, to the microsecond."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def build_record(
    *,
    publication: UUID,
    number: int,
    replaces: UUID | None,
    documents: Iterable[Mapping[str, Any]],
    moments: Mapping[str, datetime.datetime],
    commitments: Iterable[str],
    previous: str,
    correction_note: str = "",
    **lists: Iterable[Mapping[str, Any]],
) -> str:
    """Return the text of a record. `documents`: mappings with language, canon and hash, in any order.
    `slips`: mappings with language, before and after, of typo fixes made while decisions stayed valid.
    `blocks`: the approved blocks, in their order, of a text with inherited approvals: hash of the version,
    hash of its content (`approved_words.words_hash`), publication. `fillings`: the hash with gaps, the one
    without, and which gaps of the text were filled, from 0; the values are in the text only, so that they are
    erased with it. `correction_note`: what was corrected, in words; its hash goes into the record."""
    return record_text(
        {
            **{name: entries for name, found in lists.items() if (entries := [dict(one) for one in found])},
            **({"correction_note": text_hash(correction_note)} if correction_note else {}),
            "record": RECORD_VERSION,
            "publication": str(publication),
            "number": number,
            "replaces": str(replaces) if replaces else None,
            "documents": [
                {"language": one["language"], "canon": one["canon"], "hash": one["hash"]}
                for one in sorted(documents, key=lambda one: str(one["language"]))
            ],
            "moments": {name: moment_words(moment) for name, moment in moments.items()},
            "commitments": sorted(commitments),
            "previous": previous or None,
        }
    )


def record_text(record: Mapping[str, Any]) -> str:
    """Return the canonical text of a record. Raises ValueError for what RFC 8785 cannot represent."""
    return bytes(rfc8785.dumps(dict(record))).decode()


def text_hash(text: str) -> str:
    """Return the SHA-256 (UTF-8, as hex) by which a record refers to the record before, or to a note."""
    return hashlib.sha256(text.encode()).hexdigest()


type Sources = Mapping[tuple[int, str], list[Approval]]
"""Organisation and language → the decisions elsewhere on which its approval depends."""


def decisions_for_name(signatory: Signatory, sources: Sources) -> list[dict[str, Any]]:
    """Return what is stored with a name: each decision, and the sources of an inherited one."""
    return [
        {
            **one,
            "carried": [
                {
                    "source": row.hash,
                    "decision": str(row.decision),
                    "way": str(row.way),
                    "at": moment_words(row.at),
                }
                for row in found
            ],
        }
        if (found := sources.get((signatory.organisation.pk, one["language"])))
        else one
        for one in signatory.record
    ]


def record_supplements(
    round_: ApprovalRound, documents: Mapping[str, Document], standing: Sequence[Signatory]
) -> tuple[dict[str, list[dict[str, Any]]], Sources]:
    """Return what leads to these texts (language → document) beside decisions on them: lists of the record,
    as `build_record` takes them, and the sources of inherited approvals."""
    decisions = [decision for one in standing for decision in one.decisions]
    hashes = [canonical_hash(document) for document in documents.values()]
    mended, filled = _fixes_leading_to(round_, hashes)
    slips: list[dict[str, Any]] = [
        {"language": row.after.language, "before": row.before.hash, "after": row.after.hash} for row in mended
    ]
    # the values of the gaps are in the text only, and erased if it is withdrawn
    fillings: list[dict[str, Any]] = [
        {
            "language": row.after.language,
            "before": row.before.hash,
            "after": row.after.hash,
            "gaps": filled_since(row.before.document, row.after.document),
        }
        for row in filled
        if any(one.filled for one in decisions)
    ]
    if not any(one.carried for one in decisions):
        return {"slips": slips, "fillings": fillings}, {}
    used = {(one.organisation.pk, by.language) for one in standing for by in one.decisions if by.carried}
    carried = {
        key: [one for one in sources_of_inherited(row) if one.language == row.language]
        for row in inherited_approvals_in(round_)
        if (key := (row.organisation_id, row.language)) in used
    }
    blocks = _block_entries(documents, [one for rows in carried.values() for one in rows])
    return {"slips": slips, "fillings": fillings, "blocks": blocks}, carried


def _block_entries(documents: Mapping[str, Document], sources: Iterable[Approval]) -> list[dict[str, Any]]:
    """Return each language's blocks with inherited approvals, in the record's order."""
    rounds: dict[tuple[str, str], list[int]] = {}
    for one in sources:
        rounds.setdefault((one.language, one.hash), []).append(one.round_id)
    sheets = publications_of({pk for pks in rounds.values() for pk in pks})
    found: list[dict[str, Any]] = []
    for language in sorted({language for language, _hash in rounds}):
        for block in approved_block_refs(documents[language]):
            public = [sheets[pk] for pk in rounds.get((language, block.source), ()) if pk in sheets]
            found.append(
                {
                    "language": language,
                    "source": block.source,
                    "words": block.words,
                    "publication": str(public[0].uuid) if public else None,
                }
            )
    return found


def _fixes_leading_to(round_: ApprovalRound, hashes: Iterable[str]) -> tuple[list[Any], list[Any]]:
    """Return the round's typo fixes and fillings that lead to these texts, each the last one first. One query
    where there are none, three where there are."""
    slips = round_.slips.filter(counts_from__isnull=False).select_related("before", "after")
    fillings = round_.fillings.select_related("before", "after")
    known = ApprovalRound.objects.filter(pk=round_.pk).values_list(Exists(slips), Exists(fillings))
    if not any(known.get()):
        return [], []
    slips, fillings = slips.order_by("-pk"), fillings.order_by("-pk")
    reached = set(hashes)
    steps = [(row.before.hash, row.after.hash) for row in slips]
    steps += [(row.before.hash, row.after.hash) for row in fillings]
    while more := {before for before, after in steps if after in reached} - reached:
        reached |= more
    return (
        [slip for slip in slips if slip.after.hash in reached],
        [filling for filling in fillings if filling.after.hash in reached],
    )
