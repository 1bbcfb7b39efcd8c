"""The chain of publications: records that anyone can check, with commitments instead of names. Pure.

A record is the RFC 8785 form of::

    {"record": 1, "publication": uuid, "number": n, "replaces": uuid or null,
     "documents": [{"language", "canon", "hash"}, …],      sorted by language
     "moments": {"put_to_approval": …, "published": …},    UTC, ISO 8601
     "commitments": [hex, …],                              one an organisation, sorted
     "slips": [{"language", "before", "after"}, …],        hashes; only if a slip of the pen was mended
     "fillings": [{"language", "before", "after", "gaps"}, …],   only if gaps were filled in what was approved
     "blocks": [{"language", "source", "words", "publication"}, …],   only if approvals were carried over
     "correction_note": hash of what was corrected, in words; only if a correction has a note
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

from documents.approval.matrix import Standing
from documents.approval.models import Approval, ApprovalRound, Slip
from documents.approval.queries.inherited import carried_in, publications_of, sources_of
from documents.canonical.approved_words import framed_in
from documents.canonical.form import Document
from documents.canonical.serialise import canonical_hash
from documents.drafts.rendering import document_of
from documents.gaps.models import Filling
from documents.gaps.rules import filled_since

RECORD: Final = 1
SALT_BYTES: Final = 32


def new_salt() -> str:
    """A salt as hex. Who knows it and the organisation's UUID can show that it stands in a record."""
    return secrets.token_hex(SALT_BYTES)


def commitment(*, salt: str, organisation: UUID, publication: UUID, hashes: Iterable[str]) -> str:
    """SHA-256 over salt, organisation, publication and the documents' hashes, all as bytes, as hex.

    `hashes`: in the record's order (by language), so that a commitment fits one record only.
    """
    digest = hashlib.sha256(bytes.fromhex(salt) + organisation.bytes + publication.bytes)
    for one in hashes:
        digest.update(bytes.fromhex(one))
    return digest.hexdigest()


def moment_words(moment: datetime.datetime) -> str:
    """A moment as the record has it: UTC, to the microsecond."""
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
    """The text of a record. `documents`: mappings with language, canon and hash, in any order. `slips`:
    mappings with language, before and after, of words that were mended while decisions on them stayed.
    `blocks`: the approved blocks, in their order, of which a text is made whose approvals were carried over:
    the hash of the version, the hash of its words (`approved_blocks.words_hash`), where it is public.
    `fillings`: the hash with gaps, the one without, and which gaps of the text were filled, from 0; what they
    say stands in the text alone, so that it goes with it. `correction_note`: of a correction, what was
    corrected, in words; its hash goes into the record."""
    lists = {"slips": slips, "blocks": blocks, "fillings": fillings}
    more = {name: [dict(one) for one in found] for name, found in lists.items()}
    return record_text(
        {
            **{name: found for name, found in more.items() if found},
            **({"correction_note": note_hash(correction_note)} if correction_note else {}),
            "record": RECORD,
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
    """The one text of a record. Raises ValueError for what RFC 8785 cannot say."""
    return bytes(rfc8785.dumps(dict(record))).decode()


def note_hash(note: str) -> str:
    """SHA-256 of a correction note (UTF-8), as hex."""
    return hashlib.sha256(note.encode()).hexdigest()


def record_hash(text: str) -> str:
    """The hash by which the next record refers to this one."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- record ---
# What a record and its names keep beside the words: slips of the pen, gaps that were filled, and what was
# carried over.


@dataclass(frozen=True)
class Beside:
    """`carried`: organisation and language → the decisions elsewhere that its approval hangs on."""

    slips: list[dict[str, str]]
    fillings: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, str | None]] = field(default_factory=list)
    carried: Mapping[tuple[int, str], list[Approval]] = field(default_factory=dict)

    @property
    def in_record(self) -> dict[str, Any]:
        """The parts of the record that `chain.build_record` takes."""
        return {"slips": self.slips, "fillings": self.fillings, "blocks": self.blocks}

    def decisions_of(self, standing: Standing) -> list[dict[str, Any]]:
        """What is kept with a name: each decision, and of one that was carried over what it hangs on."""
        return [
            {**one, "carried": [_source(row) for row in found]}
            if (found := self.carried.get((standing.organisation.pk, one["language"])))
            else one
            for one in standing.record
        ]


def recorded_beside(
    round_: ApprovalRound, documents: Mapping[str, Document], standing: Sequence[Standing]
) -> Beside:
    """What leads to these words (language → document) beside decisions on them."""
    decisions = [decision for one in standing for decision in one.decisions]
    hashes = [canonical_hash(document) for document in documents.values()]
    mended, filled = _led_to(round_, hashes)
    slips = [_slip(row) for row in mended]
    fillings = [_filling(row) for row in filled] if any(one.filled for one in decisions) else []
    if not any(one.carried for one in decisions):
        return Beside(slips, fillings)
    carried = {
        (row.organisation_id, row.language): [one for one in sources_of(row) if one.language == row.language]
        for row in carried_in(round_)
        if _counts(row, standing)
    }
    blocks = _blocks(documents, [one for rows in carried.values() for one in rows])
    return Beside(slips, fillings, blocks, carried)


def _counts(row: Approval, standing: Iterable[Standing]) -> bool:
    return any(
        one.organisation.pk == row.organisation_id
        and any(by.carried and by.language == row.language for by in one.decisions)
        for one in standing
    )


def _blocks(documents: Mapping[str, Document], sources: Iterable[Approval]) -> list[dict[str, str | None]]:
    """The blocks of each language in which approvals were carried over, in the record's order."""
    rounds: dict[tuple[str, str], list[int]] = {}
    for one in sources:
        rounds.setdefault((one.language, one.hash), []).append(one.round_id)
    sheets = publications_of({pk for pks in rounds.values() for pk in pks})
    found: list[dict[str, str | None]] = []
    for language in sorted({language for language, _hash in rounds}):
        for block in framed_in(documents[language]):
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


def _source(row: Approval) -> dict[str, str]:
    return {
        "source": row.hash,
        "decision": str(row.decision),
        "way": str(row.way),
        "at": moment_words(row.at),
    }


def _led_to(round_: ApprovalRound, hashes: Iterable[str]) -> tuple[list[Slip], list[Filling]]:
    """Slips of the pen and fillings that lead to these words, each the last one first. One query where there
    are none, three where there are."""
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


def _slip(row: Slip) -> dict[str, str]:
    return {"language": row.after.language, "before": row.before.hash, "after": row.after.hash}


def _filling(row: Filling) -> dict[str, Any]:
    """Which gaps; what they say stands in the text alone, and goes with it if it is withdrawn."""
    gaps = filled_since(document_of(row.before), document_of(row.after))
    return {
        "language": row.after.language,
        "before": row.before.hash,
        "after": row.after.hash,
        "gaps": gaps,
    }
