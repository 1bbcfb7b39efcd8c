"""What an organisation's decisions elsewhere come to for a text made only of approved blocks. Pure.

An organisation stands under such a text if it stands under every block of every language, and has approved
one of the languages whole. In another it may rely on answers for translations, as it does where the words
come from: these then carry its decision too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from documents.approval.models import Approval, Attestation
from documents.drafts.enums import DecisionKind

type Frames = Mapping[str, Sequence[str]]  # language → the hashes of the versions that its blocks hold
type Answers = Mapping[int, Collection[Attestation]]  # round → answers between the words put in it


@dataclass(frozen=True)
class Basis:
    """What a decision in one language hangs on."""

    decision: DecisionKind
    sources: tuple[Approval, ...]
    answers: tuple[Attestation, ...] = ()


def bases_of(frames: Frames, approvals: Iterable[Approval], answers: Answers) -> dict[int, dict[str, Basis]]:
    """Organisation → language → what carries it, for those who stand under all of it and no others.

    `approvals`: decisions that stand, also on other words of the rounds that they were made in.
    """
    by_organisation: dict[int, list[Approval]] = defaultdict(list)
    for one in approvals:
        by_organisation[one.organisation_id].append(one)
    found = {}
    for organisation, rows in by_organisation.items():
        bases = {code: _basis(code, hashes, rows, answers) for code, hashes in frames.items()}
        whole = {code: basis for code, basis in bases.items() if basis is not None}
        approves = any(basis.decision == DecisionKind.APPROVED for basis in whole.values())
        if len(whole) == len(frames) and approves:
            found[organisation] = whole
    return found


def _basis(language: str, hashes: Sequence[str], rows: Sequence[Approval], answers: Answers) -> Basis | None:
    """None if one of the blocks is not covered. One that is relied on makes the whole language relied on."""
    parts = []
    for digest in dict.fromkeys(hashes):
        said = [row for row in rows if (row.language, row.hash) == (language, digest)]
        part = next((one for row in _approved_first(said) if (one := _part(row, rows, answers))), None)
        if part is None:
            return None
        parts.append(part)
    relies = any(part.decision == DecisionKind.RELIES for part in parts)
    return Basis(
        DecisionKind.RELIES if relies else DecisionKind.APPROVED,
        tuple(dict.fromkeys(one for part in parts for one in part.sources)),
        tuple(dict.fromkeys(one for part in parts for one in part.answers)),
    )


def _approved_first(rows: Iterable[Approval]) -> list[Approval]:
    return sorted(rows, key=lambda row: row.decision != DecisionKind.APPROVED)


def _part(row: Approval, rows: Iterable[Approval], answers: Answers) -> Basis | None:
    """A decision, or with a reliance also what it relies on: answers that lead to words that are approved."""
    if row.decision == DecisionKind.APPROVED:
        return Basis(DecisionKind.APPROVED, (row,))
    approved = {
        one.version_id: one
        for one in rows
        if one.round_id == row.round_id and one.decision == DecisionKind.APPROVED
    }
    path = _path(row.version_id, approved, answers.get(row.round_id, ()))
    if path is None:
        return None
    end, links = path
    return Basis(DecisionKind.RELIES, (row, approved[end]), links)


def _path(
    start: int, ends: Collection[int], links: Collection[Attestation]
) -> tuple[int, tuple[Attestation, ...]] | None:
    """The shortest way of answers from one version to one of others, and where it ends."""
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
