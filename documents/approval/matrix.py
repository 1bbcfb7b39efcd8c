"""The approval matrix: who has approved which words, who stands under them, what is missing. Pure.

Decisions are compared by the hash of the words, so a newer version reopens exactly the language whose
words changed. An organisation relies on a translation only while reviewers answer, from language to
language, that it says what the organisation approved itself.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from documents.approval import obstacles
from documents.approval.attestations import Links, links_of, reached_from
from documents.approval.obstacles import Missing
from documents.approval.round_data import AskedOrganisation, Attested, Decision, Opened, PutText, RoundData
from documents.drafts.enums import CellState, DecisionKind, Rule, Way

__all__ = [
    "AskedOrganisation",
    "Attested",
    "Cell",
    "Decision",
    "Matrix",
    "Missing",
    "Opened",
    "PutText",
    "RoundData",
    "Standing",
    "build_matrix",
]


@dataclass(frozen=True)
class Cell:
    """What one organisation did about one language. `number`: the version it did it to.

    `decision`: what it recorded, if that is what the cell shows.
    """

    organisation: AskedOrganisation
    text: PutText
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
        """Whether its decision is still awaited: also of one that objected to earlier words."""
        return self.state.is_open or self.objects_to_earlier

    @property
    def is_decided(self) -> bool:
        """Whether the organisation said something of these words. Silence is none, declined or counted."""
        return not self.is_open and self.state not in {CellState.NOT_ASKED, CellState.NO_OBJECTION}

    @property
    def objects_to_earlier(self) -> bool:
        """It objected to words before these, and has said nothing of these."""
        by = self.decision
        return self.state == CellState.OBJECTS and by is not None and by.hash != self.text.hash

    @property
    def is_unattested(self) -> bool:
        """Open again because nobody answers any more for the translation it relies on."""
        by = self.decision
        relies = by is not None and by.kind == DecisionKind.RELIES and not by.fallen
        return self.is_reopened_as_it_stands and relies

    @property
    def is_fallen(self) -> bool:
        """Open again because the organisation does not stand any more under what was carried over."""
        by = self.decision
        return self.is_reopened_as_it_stands and by is not None and by.fallen

    @property
    def is_reopened_as_it_stands(self) -> bool:
        """Open again although the words are those that were decided on."""
        by = self.decision
        return (
            self.state == CellState.REOPENED
            and self.text.is_current
            and by is not None
            and by.hash == self.text.hash
        )


@dataclass(frozen=True)
class Standing:
    """An organisation that stands under the text now: since when, how, and by which decisions.

    Empty `decisions`: by its silence after notice, which is never shown as an approval.
    """

    organisation: AskedOrganisation
    at: datetime.datetime
    way: str
    decisions: tuple[Decision, ...] = ()

    @property
    def record(self) -> list[dict[str, Any]]:
        """What is kept with the publication, a language each."""
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
    """Cells by organisation and language, with what follows from them."""

    data: RoundData
    cells: dict[tuple[int, str], Cell]

    def row(self, organisation: AskedOrganisation) -> list[Cell]:
        return [self.cells[organisation.pk, text.language] for text in self.data.texts]

    def row_of(self, organisation: int) -> list[Cell]:
        """The row of the organisation with this key; empty if it is not asked."""
        return next((self.row(one) for one in self.data.asked if one.pk == organisation), [])

    def column(self, text: PutText) -> list[Cell]:
        return [self.cells[organisation.pk, text.language] for organisation in self.data.asked]

    def column_of(self, language: str) -> list[Cell]:
        return [self.cells[organisation.pk, language] for organisation in self.data.asked]

    def counting_in(self, text: PutText) -> int:
        """How many organisations approved this language, or rely on its attested translation."""
        return sum(cell.counts for cell in self.column(text))

    @cached_property
    def asked(self) -> tuple[AskedOrganisation, ...]:
        """Those who are asked: all but who has left the coalition since."""
        return tuple(one for one in self.data.asked if not one.left)

    @property
    def total(self) -> int:
        return len(self.asked) * len(self.data.texts)

    @property
    def missing_count(self) -> int:
        return sum(not cell.counts for one in self.asked for cell in self.row(one))

    @property
    def gaps(self) -> bool:
        """Whether something is still to be filled in."""
        return any(text.gaps for text in self.data.texts)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """What is missing by language, in words; languages that lack nothing are left out."""
        found = (obstacles.missing_in(self, text) for text in self.data.texts)
        return tuple(item for item in found if item.sentences)

    @cached_property
    def joined(self) -> tuple[AskedOrganisation, ...]:
        """Those whose every language counts, with at least one that they approved themselves."""
        return tuple(one for one in self.asked if self._has_joined(one))

    @cached_property
    def undecided(self) -> tuple[AskedOrganisation, ...]:
        """Those whose answer may still come: able to answer, with words that are open for them."""
        return tuple(
            one for one in self.asked if one.can_answer and any(cell.is_open for cell in self.row(one))
        )

    @cached_property
    def standing(self) -> tuple[Standing, ...]:
        """Who stands under the text if it is published now: exactly these names, none else."""
        joined = set(self.joined)
        return tuple(
            _stands(self.row(one)) if one in joined else self._silent(one)
            for one in self.asked
            if one in joined or self._is_silent(one)
        )

    @cached_property
    def obstacles(self) -> list[str]:
        """Why this cannot be published now, as whole sentences; empty if it can."""
        return obstacles.of(self)

    @property
    def is_complete(self) -> bool:
        """Whether it can be published now: the rule holds for these words."""
        whole = self.data.rule != Rule.ALL or len(self.joined) == len(self.asked)
        return bool(self.total) and whole and bool(self.standing) and not self.obstacles

    def _has_joined(self, organisation: AskedOrganisation) -> bool:
        row = self.row(organisation)
        return all(cell.counts for cell in row) and any(cell.state == CellState.APPROVED for cell in row)

    def _is_silent(self, organisation: AskedOrganisation) -> bool:
        row = self.row(organisation)
        return any(cell.state == CellState.NO_OBJECTION for cell in row) and all(
            cell.counts or cell.state == CellState.NO_OBJECTION for cell in row
        )

    def _silent(self, organisation: AskedOrganisation) -> Standing:
        assert self.data.deadline is not None  # noqa: S101  silence begins with it
        return Standing(organisation, at=self.data.deadline, way=Way.NO_OBJECTION)


def build_matrix(data: RoundData) -> Matrix:
    """Work out every cell."""
    decisions: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for one in data.decisions:
        decisions[one.organisation, one.language].append(one)
    opened = {(one.organisation, one.language, one.hash): one for one in reversed(data.opened)}
    links = links_of(data)
    cells: dict[tuple[int, str], Cell] = {}
    for organisation in data.asked:
        if organisation.left:
            cells |= {
                (organisation.pk, text.language): Cell(organisation, text, CellState.NOT_ASKED)
                for text in data.texts
            }
            continue
        row = [
            _cell(data, organisation, text, decisions[organisation.pk, text.language], opened)
            for text in data.texts
        ]
        last = [decisions[organisation.pk, text.language][-1:] for text in data.texts]
        spoke = any(not _stood(one) for said in last for one in said)
        for cell in _silence(data, organisation, _reliance(row, links), spoke=spoke):
            cells[organisation.pk, cell.text.language] = cell
    return Matrix(data=data, cells=cells)


def _cell(
    data: RoundData,
    organisation: AskedOrganisation,
    text: PutText,
    decisions: list[Decision],
    opened: dict[tuple[int, str, str], Opened],
) -> Cell:
    here = next((one for one in reversed(decisions) if one.hash == text.hash), None)
    if here is not None:
        return _decided(organisation, text, _state(data, text, here), here)
    if decisions and decisions[-1].kind == DecisionKind.OBJECTS:
        return _decided(organisation, text, CellState.OBJECTS, decisions[-1])  # until it says otherwise
    before = next((one for one in reversed(decisions) if _stood(one)), None)
    if before is not None:
        return _decided(organisation, text, CellState.REOPENED, before)
    if organisation.excluded:
        return Cell(organisation, text, CellState.NOT_ASKED)
    seen = opened.get((organisation.pk, text.language, text.hash))
    if seen is not None:
        return Cell(organisation, text, CellState.READ, at=seen.at, person=seen.person, number=text.number)
    return Cell(organisation, text, CellState.NOT_OPENED)


def _stood(decision: Decision) -> bool:
    return DecisionKind(decision.kind).stands and decision.objected_at is None


def _state(data: RoundData, text: PutText, decision: Decision) -> CellState:
    """What a decision on the words that are put comes to."""
    kind = DecisionKind(decision.kind)
    if kind.stands and decision.objected_at is not None:
        return CellState.OBJECTS
    if not kind.stands:
        return CellState(kind.value)
    if not text.is_current or decision.fallen:
        return CellState.REOPENED
    later = decision.counts_from is not None and (data.moment is None or decision.counts_from > data.moment)
    return CellState.LATER if later else CellState(kind.value)


def _decided(organisation: AskedOrganisation, text: PutText, state: CellState, by: Decision) -> Cell:
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


def _reliance(row: list[Cell], links: Links) -> list[Cell]:
    """The row in which relying is open again where nobody answers for it towards approved words. What was
    carried over hangs on the answers of where it comes from."""
    approved = [cell.text.language for cell in row if cell.state == CellState.APPROVED]
    reached = reached_from(approved, links)
    return [
        _decided(cell.organisation, cell.text, CellState.REOPENED, cell.decision)
        if cell.state == CellState.RELIES
        and cell.decision
        and not cell.decision.carried
        and cell.text.language not in reached
        else cell
        for cell in row
    ]


def _silence(
    data: RoundData, organisation: AskedOrganisation, row: list[Cell], *, spoke: bool
) -> Iterable[Cell]:
    """The row in which silence after notice is shown as such, where that is the rule.

    The silence of an organisation that is frozen, has left or excluded itself says nothing, nor that of one
    that could not answer through the whole notice; nor does it beside a language in which it spoke against
    the words, or where it did so of earlier ones (`spoke`), or where its own approval fell without newer
    words, of which nobody was told.
    """
    speaks = {CellState.CHANGES_ASKED, CellState.ABSTAINS, CellState.OBJECTS, CellState.LATER}
    if (
        data.rule != Rule.NO_OBJECTION
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


def _stands(row: list[Cell]) -> Standing:
    decisions = tuple(cell.decision for cell in row if cell.decision is not None)
    last = max(decisions, key=lambda one: one.at)
    approved = [one for one in decisions if one.kind == DecisionKind.APPROVED]
    way = max(approved, key=lambda one: one.at).way
    return Standing(row[0].organisation, at=last.at, way=way, decisions=decisions)
