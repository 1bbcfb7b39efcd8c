"""The numbers of the board: of each recipient, and of each organisation. Pure, no I/O.

Everybody reads numbers in full tens, since they are shown all the time while they grow
(`core.suppression.full_tens`). Official letters are not people and are shown as they are.
"""

import datetime
import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from coalition.campaigns.core.suppression import SMALLEST_POOL, full_tens
from coalition.campaigns.letters.board.enums import REAL_ANSWERS
from coalition.campaigns.letters.board.models import Answer, Stance
from coalition.campaigns.letters.board.queries import BoardRecords, LetterSum
from coalition.campaigns.recipients.models import Body, Target

LETTERS: Final = "letters"  # names of columns, beside those of the kinds of outreach
OFFICIAL: Final = "official_letters"
ANSWERED: Final = "answered_letters"

type ByOrganisation = dict[int | None, int]  # None: credited to nobody


@dataclass
class RecipientNumbers:
    """What reached one recipient and what came back. `target`: None for the body as a whole; `outreach`: by
    kind; `first_*`: day of the first of them; `agrees`: None where it is not known; `days`: from the first
    letter to the first real answer."""

    body: Body
    target: Target | None
    letters: int = 0
    outreach: dict[str, int] = field(default_factory=dict)
    official: int = 0
    first_letter: datetime.date | None = None
    first_official: datetime.date | None = None
    overdue: int = 0
    answers: list[Answer] = field(default_factory=list)
    stances: list[Stance] = field(default_factory=list)
    agrees: bool | None = None
    days: int | None = None

    @property
    def uuid(self) -> UUID:
        found: UUID = self.target.uuid if self.target is not None else self.body.uuid
        return found

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None

    @property
    def answered_on(self) -> datetime.date | None:
        """The day of the first real answer."""
        return min((one.on for one in self.answers if one.kind in REAL_ANSWERS), default=None)


@dataclass(frozen=True)
class OrganisationColumn:
    """One number of all organisations: `shown` by primary key; `others` together, None where it is not told;
    `pooled`: keys that are in `others`."""

    shown: Mapping[int, int]
    others: int | None
    pooled: frozenset[int] = frozenset()


def recipient_numbers(
    records: BoardRecords, *, today: datetime.date, for_everybody: bool
) -> list[RecipientNumbers]:
    """Return the rows: people in the order of the bodies, each body as a whole after its people, if anything
    is recorded of it. `for_everybody`: letters and outreach in full tens, nothing said of terms."""
    of_target: dict[int, RecipientNumbers] = {}
    of_body: dict[int, RecipientNumbers] = {body.pk: RecipientNumbers(body, None) for body in records.bodies}
    bodies = {body.pk: body for body in records.bodies}
    for target in records.targets:
        of_target[target.pk] = RecipientNumbers(bodies[target.body_id], target)

    def find_row(target: int | None, body: int) -> RecipientNumbers | None:
        # A body that was taken out of the action since has no row.
        return of_target.get(target) if target is not None else of_body.get(body)

    rows = [*of_target.values(), *of_body.values()]
    _add_letters(records.letters, find_row, today)
    _add_entries(records, find_row)
    _add_outreach(records, {row.uuid: row for row in rows})
    for row in rows:
        row.days = _days_to_answer(row, for_everybody=for_everybody)
        if for_everybody:
            row.overdue = 0  # an answer that is not published may have come
            row.letters = full_tens(row.letters)
            row.outreach = {name: full_tens(number) for name, number in row.outreach.items()}
    order = {body.pk: number for number, body in enumerate(records.bodies)}
    rows = [row for row in rows if row.target is not None or _has_anything(row)]
    return sorted(rows, key=lambda row: (order[row.body.pk], row.target is None))


type FindRow = Callable[[int | None, int], RecipientNumbers | None]  # by keys of target and body


def _add_letters(letters: Iterable[LetterSum], find_row: FindRow, today: datetime.date) -> None:
    for one in letters:
        row = find_row(one.target, one.body)
        if row is None:
            continue
        if one.due_on is None:
            row.letters += one.number
            row.first_letter = min(one.first, row.first_letter or one.first)
        else:
            row.official += one.number
            row.first_official = min(one.first, row.first_official or one.first)
            row.overdue += one.number - one.settled if today > one.due_on else 0


def _add_entries(records: BoardRecords, find_row: FindRow) -> None:
    for answer in records.answers:
        if row := find_row(answer.target_id, answer.body_id):
            row.answers.append(answer)
    for stance in records.stances:
        if row := find_row(stance.target_id, stance.body_id):
            row.stances.append(stance)
            row.agrees = stance.agrees  # they come in order: the newest counts


def _add_outreach(records: BoardRecords, by_uuid: Mapping[UUID, RecipientNumbers]) -> None:
    for kind, reached in records.outreach:
        for row in by_uuid.values():
            row.outreach[kind.name] = 0
        for (uuid, _organisation), number in reached.items():
            if uuid in by_uuid:
                by_uuid[uuid].outreach[kind.name] += number


def _has_anything(row: RecipientNumbers) -> bool:
    return bool(row.official or row.answers or row.stances or any(row.outreach.values()))


def _days_to_answer(row: RecipientNumbers, *, for_everybody: bool) -> int | None:
    """Return the days from the first letter of any kind to the first real answer; None where one is missing.
    For everybody, letters of people count from the tenth on: the day of one letter is its writer's."""
    is_shown = not for_everybody or full_tens(row.letters) > 0
    begins = [row.first_official, row.first_letter if is_shown else None]
    answered = row.answered_on
    first = min((day for day in begins if day is not None), default=None)
    return (answered - first).days if answered and first and answered >= first else None


def median_days(rows: Iterable[RecipientNumbers]) -> int | None:
    """Return the median of the days to an answer, over those who answered, in whole days (a half is rounded
    up); None if nobody did."""
    days = [row.days for row in rows if row.days is not None]
    return int(statistics.median(days) + 0.5) if days else None


def organisation_counts(records: BoardRecords) -> dict[str, ByOrganisation]:
    """Return for each column what is credited to which organisation: letters, kinds of outreach, official
    letters, and those of them that were answered."""
    found: dict[str, ByOrganisation] = {name: defaultdict(int) for name in (LETTERS, OFFICIAL, ANSWERED)}
    shown = {uuid for one in records.targets for uuid in [one.uuid]} | {one.uuid for one in records.bodies}
    for one in records.letters:
        if one.due_on is None:
            found[LETTERS][one.organisation] += one.number
        else:
            found[OFFICIAL][one.organisation] += one.number
            found[ANSWERED][one.organisation] += one.answered
    for kind, reached in records.outreach:
        column = found[kind.name] = defaultdict(int)
        for (uuid, organisation), number in reached.items():
            if uuid in shown:  # the workspace may have other letter actions, with other recipients
                column[organisation] += number
    return found


def column_for_everybody(counts: ByOrganisation, named: Collection[int]) -> OrganisationColumn:
    """Return one column as everybody may read it, exact numbers: those of organisations that are named, and
    of the others together.

    `named`: keys of organisations whose names are public, also those with nothing. Whoever subtracts the
    named ones from a total that is public finds the others together, so these must be several: if the number
    of an organisation whose name is withheld is in it, it holds `SMALLEST_POOL` members that are not 0 (what
    is credited to nobody is one). Named ones, by key and not by size, are told together with the others until
    it does; if there are not enough of them, nothing of the column is told by organisation.
    """
    withheld = [key for key, number in counts.items() if number and key is not None and key not in named]
    members = len(withheld) + bool(counts.get(None))
    pooled: list[int] = []
    if withheld:
        filled = [key for key in sorted(named) if counts.get(key)]
        pooled = filled[: max(0, SMALLEST_POOL - members)]
        if members + len(pooled) < SMALLEST_POOL:
            return OrganisationColumn({}, None, frozenset(named))
    others = sum(counts.get(key, 0) for key in [*withheld, *pooled, None])
    shown = {key: counts.get(key, 0) for key in named if key not in pooled}
    return OrganisationColumn(shown, others, frozenset(pooled))


def column_in_tens(column: OrganisationColumn) -> OrganisationColumn:
    """Return the column with full tens."""
    others = full_tens(column.others) if column.others is not None else None
    return OrganisationColumn(
        {key: full_tens(number) for key, number in column.shown.items()}, others, column.pooled
    )
