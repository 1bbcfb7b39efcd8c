"""The approval matrix: decisions by organisation and language, signatories, gaps. No I/O.

Decisions are compared by hash, so a newer version reopens exactly the language whose text changed.
An organisation relies on a translation only while a chain of attestations leads from it to a
version the organisation approved itself.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from documents.approval import obstacles as approval_obstacles
from documents.approval.attestations import LanguageLinks, attestation_links, reachable_languages
from documents.approval.obstacles import MissingInLanguage
from documents.approval.round_data import (
    AskedOrganisation,
    Decision,
    RoundData,
    RoundOpening,
    SubmittedText,
)
from documents.drafts.enums import ApprovalRule, CellState, DecisionKind, Way


@dataclass(frozen=True)
class Cell:
    """One organisation's state in one language. `number`: the version it refers to.

    `decision`: the recorded decision, if that is what the cell displays.
    """

    organisation: AskedOrganisation
    text: SubmittedText
    state: CellState
    at: datetime.datetime | None = None
    person: str = ""
    number: int = 0
    reason: str = ""
    decision: Decision | None = None

    @property
    def counts(self) -> bool:
        return self.state.counts

    @property
    def is_open(self) -> bool:
        """Whether its decision is still awaited, also after an objection to an earlier version."""
        return self.state.is_open or self.objects_to_earlier

    @property
    def is_decided(self) -> bool:
        """Whether the organisation decided on this version. Silence, declined or counted, is no
        decision."""
        return not self.is_open and self.state not in {CellState.NOT_ASKED, CellState.NO_OBJECTION}

    @property
    def objects_to_earlier(self) -> bool:
        """Whether it objected to an earlier version and has not decided on this one."""
        by = self.decision
        return self.state == CellState.OBJECTS and by is not None and by.hash != self.text.hash

    @property
    def is_unattested(self) -> bool:
        """Whether it is open again because the translation it relies on is no longer attested."""
        by = self.decision
        relies = by is not None and by.kind == DecisionKind.RELIES and not by.fallen
        return self.is_reopened_as_it_stands and relies

    @property
    def is_fallen(self) -> bool:
        """Whether it is open again because the source of the inherited approval is no longer
        valid."""
        by = self.decision
        return self.is_reopened_as_it_stands and by is not None and by.fallen

    @property
    def is_reopened_as_it_stands(self) -> bool:
        """Whether it is open again although the version it decided on is unchanged."""
        by = self.decision
        return (
            self.state == CellState.REOPENED
            and self.text.is_current
            and by is not None
            and by.hash == self.text.hash
        )


@dataclass(frozen=True)
class Signatory:
    """A current signatory of the text: since when, how, and by which decisions.

    Empty `decisions`: by tacit consent, which is never displayed as an approval.
    """

    organisation: AskedOrganisation
    at: datetime.datetime
    way: str
    decisions: tuple[Decision, ...] = ()

    @property
    def record(self) -> list[dict[str, Any]]:
        """Return what is stored with the publication, one item per language."""
        return [
            {
                "language": one.language,
                "decision": str(one.kind),
                "hash": one.hash,
                "way": str(one.way),
                "at": one.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
                "slip": one.slip,
                "filling": one.filled,
            }
            for one in self.decisions
        ]


@dataclass(frozen=True)
class Matrix:
    """Cells by organisation and language, with derived results."""

    data: RoundData
    cells: dict[tuple[int, str], Cell]

    def row(self, organisation: AskedOrganisation) -> list[Cell]:
        return [self.cells[organisation.pk, text.language] for text in self.data.texts]

    def row_of(self, organisation: int) -> list[Cell]:
        """Return the row of the organisation with this key; empty if it is not asked."""
        return next((self.row(one) for one in self.data.asked if one.pk == organisation), [])

    def column(self, text: SubmittedText) -> list[Cell]:
        return [self.cells[organisation.pk, text.language] for organisation in self.data.asked]

    def column_of(self, language: str) -> list[Cell]:
        return [self.cells[organisation.pk, language] for organisation in self.data.asked]

    def counting_in(self, text: SubmittedText) -> int:
        """Return how many organisations approved this language, or rely on its attested
        translation."""
        return sum(cell.counts for cell in self.column(text))

    @cached_property
    def asked(self) -> tuple[AskedOrganisation, ...]:
        """Return the organisations asked, without those that have left the coalition since."""
        return tuple(one for one in self.data.asked if not one.left)

    @property
    def total(self) -> int:
        return len(self.asked) * len(self.data.texts)

    @property
    def missing_count(self) -> int:
        return sum(not cell.counts for one in self.asked for cell in self.row(one))

    @property
    def gaps(self) -> bool:
        """Whether gaps are still to be filled."""
        return any(text.gaps for text in self.data.texts)

    @cached_property
    def missing(self) -> tuple[MissingInLanguage, ...]:
        """Return what is missing by language, as sentences; complete languages are left out."""
        found = (approval_obstacles.missing_in(self, text) for text in self.data.texts)
        return tuple(item for item in found if item.sentences)

    @cached_property
    def joined(self) -> tuple[AskedOrganisation, ...]:
        """Return the organisations whose decisions count in every language, at least one of them an
        approval of their own."""
        return tuple(one for one in self.asked if self._has_joined(one))

    @cached_property
    def undecided(self) -> tuple[AskedOrganisation, ...]:
        """Return the organisations that may still decide: able to answer, with an open cell."""
        return tuple(
            one for one in self.asked if one.can_answer and any(cell.is_open for cell in self.row(one))
        )

    @cached_property
    def standing(self) -> tuple[Signatory, ...]:
        """Return the signatories if the text is published now: exactly these names."""
        joined = set(self.joined)
        return tuple(
            _signatory_for(self.row(one)) if one in joined else self._silent(one)
            for one in self.asked
            if one in joined or self._is_silent(one)
        )

    @cached_property
    def obstacles(self) -> list[str]:
        """Return why this cannot be published now, as whole sentences; empty if it can."""
        return approval_obstacles.obstacles_for(self)

    @property
    def is_complete(self) -> bool:
        """Whether it can be published now: the rule is met for these versions."""
        whole = self.data.rule != ApprovalRule.ALL or len(self.joined) == len(self.asked)
        return bool(self.total) and whole and bool(self.standing) and not self.obstacles

    def _has_joined(self, organisation: AskedOrganisation) -> bool:
        row = self.row(organisation)
        return all(cell.counts for cell in row) and any(cell.state == CellState.APPROVED for cell in row)

    def _is_silent(self, organisation: AskedOrganisation) -> bool:
        row = self.row(organisation)
        return any(cell.state == CellState.NO_OBJECTION for cell in row) and all(
            cell.counts or cell.state == CellState.NO_OBJECTION for cell in row
        )

    def _silent(self, organisation: AskedOrganisation) -> Signatory:
        assert self.data.deadline is not None  # noqa: S101  silence begins with it
        return Signatory(organisation, at=self.data.deadline, way=Way.NO_OBJECTION)


def build_matrix(data: RoundData) -> Matrix:
    """Compute every cell."""
    decisions: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for one in data.decisions:
        decisions[one.organisation, one.language].append(one)
    opened = {(one.organisation, one.language, one.hash): one for one in reversed(data.opened)}
    links = attestation_links(data)
    cells: dict[tuple[int, str], Cell] = {}
    for organisation in data.asked:
        if organisation.left:
            cells |= {
                (organisation.pk, text.language): Cell(organisation, text, CellState.NOT_ASKED)
                for text in data.texts
            }
            continue
        row = [
            _build_cell(data, organisation, text, decisions[organisation.pk, text.language], opened)
            for text in data.texts
        ]
        last = [decisions[organisation.pk, text.language][-1:] for text in data.texts]
        spoke = any(not _was_approving(one) for said in last for one in said)
        for cell in _mark_tacit_consent(
            data, organisation, _reopen_unattested_reliance(row, links), spoke=spoke
        ):
            cells[organisation.pk, cell.text.language] = cell
    return Matrix(data=data, cells=cells)


def _build_cell(
    data: RoundData,
    organisation: AskedOrganisation,
    text: SubmittedText,
    decisions: list[Decision],
    opened: dict[tuple[int, str, str], RoundOpening],
) -> Cell:
    here = next((one for one in reversed(decisions) if one.hash == text.hash), None)
    if here is not None:
        return _decided_cell(organisation, text, _decision_state(data, text, here), here)
    if decisions and decisions[-1].kind == DecisionKind.OBJECTS:
        # until it decides otherwise
        return _decided_cell(organisation, text, CellState.OBJECTS, decisions[-1])
    before = next((one for one in reversed(decisions) if _was_approving(one)), None)
    if before is not None:
        return _decided_cell(organisation, text, CellState.REOPENED, before)
    if organisation.excluded:
        return Cell(organisation, text, CellState.NOT_ASKED)
    seen = opened.get((organisation.pk, text.language, text.hash))
    if seen is not None:
        return Cell(organisation, text, CellState.READ, at=seen.at, person=seen.person, number=text.number)
    return Cell(organisation, text, CellState.NOT_OPENED)


def _was_approving(decision: Decision) -> bool:
    return DecisionKind(decision.kind).stands and decision.objected_at is None


def _decision_state(data: RoundData, text: SubmittedText, decision: Decision) -> CellState:
    """Return the cell state for a decision on the current version."""
    kind = DecisionKind(decision.kind)
    if kind.stands and decision.objected_at is not None:
        return CellState.OBJECTS
    if not kind.stands:
        return CellState(kind.value)
    if not text.is_current or decision.fallen:
        return CellState.REOPENED
    later = decision.counts_from is not None and (data.moment is None or decision.counts_from > data.moment)
    return CellState.LATER if later else CellState(kind.value)


def _decided_cell(
    organisation: AskedOrganisation, text: SubmittedText, state: CellState, by: Decision
) -> Cell:
    return Cell(
        organisation,
        text,
        state,
        at=by.objected_at or by.at,
        person="" if by.objected_at else by.person,
        number=by.number,
        reason=by.reason,
        decision=by,
    )


def _reopen_unattested_reliance(row: list[Cell], links: LanguageLinks) -> list[Cell]:
    """Return the row, with reliance reopened where no attestation leads to an approved version.
    Inherited reliance depends on the attestations at its source."""
    approved = [cell.text.language for cell in row if cell.state == CellState.APPROVED]
    reached = reachable_languages(approved, links)
    return [
        _decided_cell(cell.organisation, cell.text, CellState.REOPENED, cell.decision)
        if cell.state == CellState.RELIES
        and cell.decision
        and not cell.decision.carried
        and cell.text.language not in reached
        else cell
        for cell in row
    ]


def _mark_tacit_consent(
    data: RoundData, organisation: AskedOrganisation, row: list[Cell], *, spoke: bool
) -> Iterable[Cell]:
    """Return the row with tacit consent displayed, where that is the rule.

    Silence does not count for an organisation that is frozen, has left, has excluded itself, or
    could not answer through the whole notice period; nor beside a language in which it decided
    against the text, or did so on an earlier version (`spoke`); nor where its own approval lapsed
    without a newer version, of which nobody was notified.
    """
    speaks = {CellState.CHANGES_ASKED, CellState.ABSTAINS, CellState.OBJECTS, CellState.LATER}
    if (
        data.rule != ApprovalRule.NO_OBJECTION
        or not data.is_late
        or organisation.excluded
        or not (organisation.can_answer and organisation.could_answer)
        or spoke
        or any(cell.state in speaks or cell.is_reopened_as_it_stands for cell in row)
    ):
        return row
    return [
        Cell(cell.organisation, cell.text, CellState.NO_OBJECTION, at=data.deadline)
        if cell.state.is_open and cell.text.is_current
        else cell
        for cell in row
    ]


def _signatory_for(row: list[Cell]) -> Signatory:
    decisions = tuple(cell.decision for cell in row if cell.decision is not None)
    last = max(decisions, key=lambda one: one.at)
    approved = [one for one in decisions if one.kind == DecisionKind.APPROVED]
    way = max(approved, key=lambda one: one.at).way
    return Signatory(row[0].organisation, at=last.at, way=way, decisions=decisions)
