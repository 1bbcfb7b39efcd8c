"""The matrix: rows in, cells and sentences out.

A reviewer attests that the current versions of two languages say the same. That works in both directions
and is transitive.

Decisions are compared by hash, so a newer version reopens exactly the language whose text changed.
An organisation relies on a translation only while a chain of attestations leads from it to a
version the organisation approved itself.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from documents.approval.obstacles import obstacles_for
from documents.approval.round_data import AskedOrganisation, Decision, RoundData, SubmittedText
from documents.drafts.models import ApprovalRule, CellState, DecisionKind, Way

type LanguageLinks = Mapping[str, Collection[str]]  # language → languages attested to say the same


def attestation_links(data: RoundData) -> LanguageLinks:
    """Return the languages attested to say the same, in both directions."""
    links: dict[str, set[str]] = defaultdict(set)
    for one, other in data.attested:
        links[one].add(other)
        links[other].add(one)
    return links


def reachable_languages(languages: Iterable[str], links: LanguageLinks) -> set[str]:
    """Return these languages and every other reachable from them by attestations."""
    reached = set(languages)
    waiting = list(reached)
    while waiting:
        found = set(links.get(waiting.pop(), ())) - reached
        reached |= found
        waiting.extend(found)
    return reached


def reliable_languages(data: RoundData, own: Collection[str] | None = None) -> list[str]:
    """Return the other languages on which a reader of the `own` ones may rely; without `own`, those
    on which a reader of some other language could."""
    links = attestation_links(data)
    reached = (
        {code for code in links if links[code]} if own is None else reachable_languages(own, links) - set(own)
    )
    return [text.language for text in data.texts if text.language in reached]


@dataclass(frozen=True)
class Cell:
    """One organisation's state in one language. `decision`: the recorded one, if the cell displays it."""

    organisation: AskedOrganisation
    text: SubmittedText
    state: CellState
    at: datetime.datetime | None = None
    person: str = ""
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
        """Whether the organisation decided on this version. Silence, declined or counted, is no decision."""
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
        """Whether it is open again because the source of the inherited approval is no longer valid."""
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
    """A current signatory of the text: since when, how, and by which decisions; without any, by tacit
    consent, which is never displayed as an approval."""

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

    def column(self, language: str) -> list[Cell]:
        return [self.cells[organisation.pk, language] for organisation in self.data.asked]

    def counting_in(self, language: str) -> int:
        """Return how many organisations approved this language, or rely on its attested translation."""
        return sum(cell.counts for cell in self.column(language))

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
    def joined(self) -> tuple[AskedOrganisation, ...]:
        """Return the organisations whose decisions count in every language, one an approval of its own."""
        return tuple(
            one
            for one in self.asked
            if all(cell.counts for cell in self.row(one))
            and any(cell.state == CellState.APPROVED for cell in self.row(one))
        )

    @cached_property
    def undecided(self) -> tuple[AskedOrganisation, ...]:
        """Return the organisations that may still decide: able to answer, with an open cell."""
        return tuple(
            one for one in self.asked if one.can_answer and any(cell.is_open for cell in self.row(one))
        )

    @cached_property
    def standing(self) -> tuple[Signatory, ...]:
        """Return the signatories if the text is published now: exactly these names."""
        found, joined = [], set(self.joined)
        for organisation in self.asked:
            row = self.row(organisation)
            silent = sum(cell.state == CellState.NO_OBJECTION for cell in row)
            if organisation in joined:
                decisions = tuple(cell.decision for cell in row if cell.decision is not None)
                approved = [one for one in decisions if one.kind == DecisionKind.APPROVED]
                way = max(approved, key=lambda one: one.at).way
                at = max(one.at for one in decisions)
                found.append(Signatory(organisation, at=at, way=way, decisions=decisions))
            elif silent and silent + sum(cell.counts for cell in row) == len(row):
                assert self.data.deadline is not None  # noqa: S101  tacit consent begins with it
                found.append(Signatory(organisation, at=self.data.deadline, way=Way.NO_OBJECTION))
        return tuple(found)

    @cached_property
    def obstacles(self) -> list[str]:
        """Return why this cannot be published now, as whole sentences; empty if it can."""
        return obstacles_for(self)

    @property
    def is_complete(self) -> bool:
        """Whether it can be published now: the rule is met for these versions."""
        whole = self.data.rule != ApprovalRule.ALL or len(self.joined) == len(self.asked)
        return bool(self.total) and whole and bool(self.standing) and not self.obstacles


def build_matrix(data: RoundData) -> Matrix:
    """Compute every cell."""
    decisions: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for one in data.decisions:
        decisions[one.organisation, one.language].append(one)
    links = attestation_links(data)
    cells: dict[tuple[int, str], Cell] = {}
    for organisation in data.asked:
        if organisation.left:
            for text in data.texts:
                cells[organisation.pk, text.language] = Cell(organisation, text, CellState.NOT_ASKED)
            continue
        row = [
            _build_cell(data, organisation, text, decisions[organisation.pk, text.language])
            for text in data.texts
        ]
        approved = [cell.text.language for cell in row if cell.state == CellState.APPROVED]
        reached = reachable_languages(approved, links)
        row = [  # inherited reliance depends on the attestations at its source
            _decided_cell(organisation, cell.text, CellState.REOPENED, cell.decision)
            if cell.state == CellState.RELIES
            and cell.decision
            and not cell.decision.carried
            and cell.text.language not in reached
            else cell
            for cell in row
        ]
        last = [one for text in data.texts for one in decisions[organisation.pk, text.language][-1:]]
        decided_against = any(not _was_approving(one) for one in last)
        for cell in _mark_tacit_consent(data, organisation, row, decided_against=decided_against):
            cells[organisation.pk, cell.text.language] = cell
    return Matrix(data=data, cells=cells)


def _build_cell(
    data: RoundData,
    organisation: AskedOrganisation,
    text: SubmittedText,
    decisions: list[Decision],
) -> Cell:
    current = next((one for one in reversed(decisions) if one.hash == text.hash), None)
    if current is not None:
        return _decided_cell(organisation, text, _decision_state(data, text, current), current)
    if decisions and decisions[-1].kind == DecisionKind.OBJECTS:
        # until it decides otherwise
        return _decided_cell(organisation, text, CellState.OBJECTS, decisions[-1])
    before = next((one for one in reversed(decisions) if _was_approving(one)), None)
    if before is not None:
        return _decided_cell(organisation, text, CellState.REOPENED, before)
    if organisation.excluded:
        return Cell(organisation, text, CellState.NOT_ASKED)
    at, person = data.opened.get((organisation.pk, text.language, text.hash), (None, ""))
    if at is not None:
        return Cell(organisation, text, CellState.READ, at=at, person=person)
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
        decision=by,
    )


def _mark_tacit_consent(
    data: RoundData, organisation: AskedOrganisation, row: list[Cell], *, decided_against: bool
) -> Iterable[Cell]:
    """Return the row with tacit consent displayed, where that is the rule.

    Silence does not count for an organisation that is frozen, has left, has excluded itself, or
    could not answer through the whole notice period; nor beside a language in which it decided
    against the text, or did so on an earlier version (`decided_against`); nor where its own approval
    lapsed without a newer version, of which nobody was notified.
    """
    explicit = {CellState.CHANGES_ASKED, CellState.ABSTAINS, CellState.OBJECTS, CellState.LATER}
    if (
        data.rule != ApprovalRule.NO_OBJECTION
        or not data.is_late
        or organisation.excluded
        or not (organisation.can_answer and organisation.could_answer)
        or decided_against
        or any(cell.state in explicit or cell.is_reopened_as_it_stands for cell in row)
    ):
        return row
    return [
        Cell(cell.organisation, cell.text, CellState.NO_OBJECTION, at=data.deadline)
        if cell.state.is_open and cell.text.is_current
        else cell
        for cell in row
    ]
