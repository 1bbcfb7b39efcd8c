"""The approval matrix: who has approved which words, what is missing, and why. Pure: rows in, cells out.

Decisions are compared by the hash of the words, so a newer version reopens exactly the language whose
words changed. What is missing comes first and in words; silence never counts.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from documents.enums import CellState, DecisionKind


@dataclass(frozen=True)
class PutText:
    """The version put in one language. `current_hash`: of the words the text has now (empty: not ready)."""

    language: str
    number: int
    hash: str
    current_hash: str
    put_at: datetime.datetime
    gaps: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        return self.hash == self.current_hash

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES)[self.language])


@dataclass(frozen=True)
class AskedOrganisation:
    """An organisation that is asked, under the name that the reader of the matrix may be told."""

    pk: int
    name: str
    frozen: bool = False
    takes_part: bool = True


@dataclass(frozen=True)
class Decision:
    """What an organisation recorded, not superseded. `person` is empty where it would tell a name."""

    organisation: int
    language: str
    hash: str
    number: int
    kind: str
    at: datetime.datetime
    person: str = ""
    reason: str = ""
    way: str = "members_area"


@dataclass(frozen=True)
class Opened:
    """The organisation opened the version with this hash."""

    organisation: int
    language: str
    hash: str
    at: datetime.datetime
    person: str = ""


@dataclass(frozen=True)
class RoundData:
    """Everything the matrix is made from. Decisions and openings in the order in which they came."""

    texts: tuple[PutText, ...]
    asked: tuple[AskedOrganisation, ...]
    decisions: tuple[Decision, ...] = ()
    opened: tuple[Opened, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What one organisation has done about one language. `number`: the version it did it to."""

    organisation: AskedOrganisation
    text: PutText
    state: CellState
    at: datetime.datetime | None = None
    person: str = ""
    number: int = 0
    reason: str = ""

    @property
    def counts(self) -> bool:
        return self.state == CellState.APPROVED


@dataclass(frozen=True)
class Missing:
    """What is missing in one language: how many approvals, and sentences that name who and why."""

    text: PutText
    count: int
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Cells by organisation and language, with what follows from them."""

    data: RoundData
    cells: dict[tuple[int, str], Cell]

    def row(self, organisation: AskedOrganisation) -> list[Cell]:
        return [self.cells[organisation.pk, text.language] for text in self.data.texts]

    def column(self, text: PutText) -> list[Cell]:
        return [self.cells[organisation.pk, text.language] for organisation in self.data.asked]

    def approved_in(self, text: PutText) -> int:
        return sum(cell.counts for cell in self.column(text))

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def missing_count(self) -> int:
        return sum(not cell.counts for cell in self.cells.values())

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """What is missing by language, in words; languages that lack nothing are left out."""
        found = (_missing_in(text, self.column(text)) for text in self.data.texts)
        return tuple(item for item in found if item.sentences)

    @property
    def obstacles(self) -> list[str]:
        """Why this cannot be published, as whole sentences that name the language; empty if it can."""
        return [
            _("%(language)s: %(sentence)s") % {"language": item.text.language_name, "sentence": sentence}
            for item in self.missing
            for sentence in item.sentences
        ]

    @property
    def is_complete(self) -> bool:
        return bool(self.cells) and not self.missing


def build_matrix(data: RoundData) -> Matrix:
    """Work out every cell."""
    return Matrix(
        data=data,
        cells={
            (organisation.pk, text.language): _cell(data, organisation, text)
            for organisation in data.asked
            for text in data.texts
        },
    )


def _cell(data: RoundData, organisation: AskedOrganisation, text: PutText) -> Cell:
    decisions = [
        one for one in data.decisions if one.organisation == organisation.pk and one.language == text.language
    ]
    here = next((one for one in reversed(decisions) if one.hash == text.hash), None)
    if here is not None and here.kind == DecisionKind.CHANGES_ASKED:
        return _decided(organisation, text, CellState.CHANGES_ASKED, here)
    if here is not None:
        state = CellState.APPROVED if text.is_current else CellState.REOPENED
        return _decided(organisation, text, state, here)
    before = next((one for one in reversed(decisions) if one.kind == DecisionKind.APPROVED), None)
    if before is not None:
        return _decided(organisation, text, CellState.REOPENED, before)
    for one in data.opened:
        if (one.organisation, one.language, one.hash) == (organisation.pk, text.language, text.hash):
            return Cell(organisation, text, CellState.READ, at=one.at, person=one.person, number=text.number)
    return Cell(organisation, text, CellState.NOT_OPENED)


def _decided(organisation: AskedOrganisation, text: PutText, state: CellState, by: Decision) -> Cell:
    return Cell(organisation, text, state, at=by.at, person=by.person, number=by.number, reason=by.reason)


def _missing_in(text: PutText, column: list[Cell]) -> Missing:
    open_cells = [cell for cell in column if not cell.counts]
    return Missing(
        text=text, count=len(open_cells), sentences=(*_of_the_text(text), *_of_organisations(open_cells))
    )


def _of_the_text(text: PutText) -> Iterator[str]:
    if not text.current_hash:
        yield _("The text is not ready to be approved as it stands now. Finish it and put a new version.")
    elif not text.is_current:
        yield _(
            "The words have changed since version %(number)d was put. Put the newer version to approval."
        ) % {"number": text.number}
    if text.gaps:
        yield _("Places are still to be filled in: %(gaps)s.") % {"gaps": ", ".join(text.gaps)}


def _of_organisations(cells: list[Cell]) -> Iterator[str]:
    """Sentences that name organisations by what each has to do; those who need words most come first."""
    stuck = [cell for cell in cells if cell.organisation.frozen or not cell.organisation.takes_part]
    frozen = _names(cell for cell in stuck if cell.organisation.takes_part)
    gone = _names(cell for cell in stuck if not cell.organisation.takes_part)
    free = [cell for cell in cells if cell not in stuck]
    of = {state: _names(cell for cell in free if cell.state == state) for state in CellState}
    if names := of[CellState.CHANGES_ASKED]:
        yield _("Changes asked for: %(names)s.") % {"names": names}
    if names := of[CellState.REOPENED]:
        yield _("Approved other words and must approve the changed ones: %(names)s.") % {"names": names}
    if names := of[CellState.READ]:
        yield _("Read, not decided: %(names)s.") % {"names": names}
    if names := of[CellState.NOT_OPENED]:
        yield _("Not opened: %(names)s.") % {"names": names}
    if frozen:
        yield _("Frozen, and silence never counts as approval: %(names)s.") % {"names": frozen}
    if gone:
        yield _(
            "No longer in this workspace: %(names)s. Close this round and put the text to the others."
        ) % {"names": gone}


def _names(cells: Iterator[Cell]) -> str:
    return get_text_list([cell.organisation.name for cell in cells], _("and"))
