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
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import rfc8785
from django.db.models import Exists

from documents.approval.matrix import Signatory
from documents.approval.models import Approval, ApprovalRound, Slip
from documents.approval.queries.inherited import inherited_approvals_in, publications_of, sources_of_inherited
from documents.canonical.approved_words import approved_block_refs
from documents.canonical.form import Document
from documents.canonical.serialise import canonical_hash
from documents.drafts.presenters import version_document
from documents.gaps.models import Filling
from documents.gaps.rules import filled_since

RECORD_VERSION: Final = 1
SALT_BYTES: Final = 32


def new_salt() -> str:
    """Return a salt as hex. It proves, with the organisation's UUID, a commitment in a record."""
    return secrets.token_hex(SALT_BYTES)


def commitment(*, salt: str, organisation: UUID, publication: UUID, hashes: Iterable[str]) -> str:
    """Return SHA-256 over salt, organisation, publication and the documents' hashes, all as bytes,
    as hex.

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
    slips: Iterable[Mapping[str, str]] = (),
    blocks: Iterable[Mapping[str, str | None]] = (),
    fillings: Iterable[Mapping[str, Any]] = (),
    correction_note: str = "",
) -> str:
    """Return the text of a record. `documents`: mappings with language, canon and hash, in any
    order. `slips`: mappings with language, before and after, of typo fixes made while decisions
    stayed valid. `blocks`: the approved blocks, in their order, of a text with inherited approvals:
    hash of the version, hash of its content (`approved_blocks.words_hash`), publication.
    `fillings`: the hash with gaps, the one without, and which gaps of the text were filled, from 0;
    the values are in the text only, so that they are erased with it. `correction_note`: what was
    corrected, in words; its hash goes into the record."""
    lists = {"slips": slips, "blocks": blocks, "fillings": fillings}
    more = {name: [dict(one) for one in found] for name, found in lists.items()}
    return record_text(
        {
            **{name: found for name, found in more.items() if found},
            **({"correction_note": note_hash(correction_note)} if correction_note else {}),
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
    """Return the canonical text of a record. Raises ValueError for what RFC 8785 cannot
    represent."""
    return bytes(rfc8785.dumps(dict(record))).decode()


def note_hash(note: str) -> str:
    """Return the SHA-256 of a correction note (UTF-8), as hex."""
    return hashlib.sha256(note.encode()).hexdigest()


def record_hash(text: str) -> str:
    """Return the hash by which the next record refers to this one."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- record ---
# Additional data of a record and its names: typo fixes, filled gaps, inherited approvals.


@dataclass(frozen=True)
class RecordSupplements:
    """`carried`: organisation and language → the decisions elsewhere on which its approval
    depends."""

    slips: list[dict[str, str]]
    fillings: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, str | None]] = field(default_factory=list)
    carried: Mapping[tuple[int, str], list[Approval]] = field(default_factory=dict)

    @property
    def in_record(self) -> dict[str, Any]:
        """Return the parts of the record that `chain.build_record` takes."""
        return {"slips": self.slips, "fillings": self.fillings, "blocks": self.blocks}

    def decisions_of(self, standing: Signatory) -> list[dict[str, Any]]:
        """Return what is stored with a name: each decision, and the sources of an inherited one."""
        return [
            {**one, "carried": [_source_entry(row) for row in found]}
            if (found := self.carried.get((standing.organisation.pk, one["language"])))
            else one
            for one in standing.record
        ]


def record_supplements(
    round_: ApprovalRound, documents: Mapping[str, Document], standing: Sequence[Signatory]
) -> RecordSupplements:
    """Return what leads to these texts (language → document) beside decisions on them."""
    decisions = [decision for one in standing for decision in one.decisions]
    hashes = [canonical_hash(document) for document in documents.values()]
    mended, filled = _fixes_leading_to(round_, hashes)
    slips = [_typo_fix_entry(row) for row in mended]
    fillings = [_filling_entry(row) for row in filled] if any(one.filled for one in decisions) else []
    if not any(one.carried for one in decisions):
        return RecordSupplements(slips, fillings)
    carried = {
        (row.organisation_id, row.language): [
            one for one in sources_of_inherited(row) if one.language == row.language
        ]
        for row in inherited_approvals_in(round_)
        if _approval_is_used(row, standing)
    }
    blocks = _block_entries(documents, [one for rows in carried.values() for one in rows])
    return RecordSupplements(slips, fillings, blocks, carried)


def _approval_is_used(row: Approval, standing: Iterable[Signatory]) -> bool:
    return any(
        one.organisation.pk == row.organisation_id
        and any(by.carried and by.language == row.language for by in one.decisions)
        for one in standing
    )


def _block_entries(
    documents: Mapping[str, Document], sources: Iterable[Approval]
) -> list[dict[str, str | None]]:
    """Return each language's blocks with inherited approvals, in the record's order."""
    rounds: dict[tuple[str, str], list[int]] = {}
    for one in sources:
        rounds.setdefault((one.language, one.hash), []).append(one.round_id)
    sheets = publications_of({pk for pks in rounds.values() for pk in pks})
    found: list[dict[str, str | None]] = []
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


def _source_entry(row: Approval) -> dict[str, str]:
    return {
        "source": row.hash,
        "decision": str(row.decision),
        "way": str(row.way),
        "at": moment_words(row.at),
    }


def _fixes_leading_to(round_: ApprovalRound, hashes: Iterable[str]) -> tuple[list[Slip], list[Filling]]:
    """Return typo fixes and fillings that lead to these texts, each the last one first. One query
    where there are none, three where there are."""
    slips = round_.slips.filter(counts_from__isnull=False).select_related("before", "after")
    fillings = round_.fillings.select_related("before", "after")
    known = ApprovalRound.objects.filter(pk=round_.pk).values_list(Exists(slips), Exists(fillings))
    if not any(known.get()):
        return [], []
    waiting: list[Slip | Filling] = [*slips.order_by("-pk"), *fillings.order_by("-pk")]
    reached, found = set(hashes), []
    while more := [row for row in waiting if row.after.hash in reached]:
        reached |= {row.before.hash for row in more}
        waiting = [row for row in waiting if row not in more]
        found += more
    return (
        sorted((row for row in found if isinstance(row, Slip)), key=lambda row: -row.pk),
        sorted((row for row in found if isinstance(row, Filling)), key=lambda row: -row.pk),
    )


def _typo_fix_entry(row: Slip) -> dict[str, str]:
    return {"language": row.after.language, "before": row.before.hash, "after": row.after.hash}


def _filling_entry(row: Filling) -> dict[str, Any]:
    """Return which gaps were filled; the values are in the text only, and erased if it is
    withdrawn."""
    gaps = filled_since(version_document(row.before), version_document(row.after))
    return {
        "language": row.after.language,
        "before": row.before.hash,
        "after": row.after.hash,
        "gaps": gaps,
    }
