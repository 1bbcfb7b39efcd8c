"""Inherited approvals of a text made only of approved blocks. No I/O.

An organisation inherits its approval if it is a signatory of every block in every language, and has
approved one of the languages whole. In another it may rely on attested translations, as at the
source: its decision then depends on those attestations too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from documents.approval.models import Approval, Attestation
from documents.drafts.enums import DecisionKind

type BlockHashes = Mapping[str, Sequence[str]]  # language → the hashes of the versions in its blocks
type AttestationsByRound = Mapping[int, Collection[Attestation]]  # round → attestations between its versions


@dataclass(frozen=True)
class InheritanceBasis:
    """The decisions and attestations on which an inherited decision in one language depends."""

    decision: DecisionKind
    sources: tuple[Approval, ...]
    answers: tuple[Attestation, ...] = ()


def find_inheritance_bases(
    frames: BlockHashes, approvals: Iterable[Approval], answers: AttestationsByRound
) -> dict[int, dict[str, InheritanceBasis]]:
    """Return organisation → language → basis, for those that are signatories of all of it.

    `approvals`: valid decisions, including those on other versions of their rounds.
    """
    by_organisation: dict[int, list[Approval]] = defaultdict(list)
    for one in approvals:
        by_organisation[one.organisation_id].append(one)
    found = {}
    for organisation, rows in by_organisation.items():
        bases = {code: _basis_in_language(code, hashes, rows, answers) for code, hashes in frames.items()}
        whole = {code: basis for code, basis in bases.items() if basis is not None}
        approves = any(basis.decision == DecisionKind.APPROVED for basis in whole.values())
        if len(whole) == len(frames) and approves:
            found[organisation] = whole
    return found


def _basis_in_language(
    language: str, hashes: Sequence[str], rows: Sequence[Approval], answers: AttestationsByRound
) -> InheritanceBasis | None:
    """Return the basis, or None if a block is not covered. One block relied on makes the whole
    language relied on."""
    parts = []
    for digest in dict.fromkeys(hashes):
        said = [row for row in rows if (row.language, row.hash) == (language, digest)]
        part = next(
            (one for row in _approved_first(said) if (one := _basis_of_block(row, rows, answers))), None
        )
        if part is None:
            return None
        parts.append(part)
    relies = any(part.decision == DecisionKind.RELIES for part in parts)
    return InheritanceBasis(
        DecisionKind.RELIES if relies else DecisionKind.APPROVED,
        tuple(dict.fromkeys(one for part in parts for one in part.sources)),
        tuple(dict.fromkeys(one for part in parts for one in part.answers)),
    )


def _approved_first(rows: Iterable[Approval]) -> list[Approval]:
    return sorted(rows, key=lambda row: row.decision != DecisionKind.APPROVED)


def _basis_of_block(
    row: Approval, rows: Iterable[Approval], answers: AttestationsByRound
) -> InheritanceBasis | None:
    """Return the basis from one decision; for a reliance also the attestations that lead to an
    approved version."""
    if row.decision == DecisionKind.APPROVED:
        return InheritanceBasis(DecisionKind.APPROVED, (row,))
    approved = {
        one.version_id: one
        for one in rows
        if one.round_id == row.round_id and one.decision == DecisionKind.APPROVED
    }
    path = _shortest_attestation_path(row.version_id, approved, answers.get(row.round_id, ()))
    if path is None:
        return None
    end, links = path
    return InheritanceBasis(DecisionKind.RELIES, (row, approved[end]), links)


def _shortest_attestation_path(
    start: int, ends: Collection[int], links: Collection[Attestation]
) -> tuple[int, tuple[Attestation, ...]] | None:
    """Return the shortest path of attestations from one version to one of `ends`, and its end."""
    waiting: list[tuple[int, tuple[Attestation, ...]]] = [(start, ())]
    seen = {start}
    while waiting:
        here, path = waiting.pop(0)
        if here in ends:
            return here, path
        for one in links:
            pair = {one.translation_id, one.source_id}
            for there in pair - seen if here in pair else ():
                seen.add(there)
                waiting.append((there, (*path, one)))
    return None
