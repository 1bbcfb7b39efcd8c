"""What the board shows, at the desk and to everybody."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, Viewer, display_name_for, may_see_name
from coalition.campaigns.core.suppression import full_tens
from coalition.campaigns.letters.board.forms import OVERDUE
from coalition.campaigns.letters.board.models import Answer, OfficialLetter, Stance
from coalition.campaigns.letters.board.numbers import (
    ANSWERED,
    LETTERS,
    OFFICIAL,
    OrganisationColumn,
    RecipientNumbers,
    column_for_everybody,
    column_in_tens,
    organisation_counts,
)
from coalition.campaigns.letters.board.queries import BoardRecords
from coalition.campaigns.letters.models import LetterAction
from documents.files.public_copy import may_be_public

type FileUrl = Callable[[Answer | Stance], str]

_EXACT = frozenset({OFFICIAL, ANSWERED})  # columns that count letters of organisations, not people


@dataclass(frozen=True)
class BoardColumn:
    """A number of the board with how it is counted."""

    name: str
    label: str
    method: str


@dataclass(frozen=True)
class EntryView:
    """An answer or a stance in a row. `language`: of the words; `file_url`: "" without a file."""

    kind: str
    label: str
    on: datetime.date
    incoming_number: str
    words: str
    language: str
    url: str
    file_url: str
    is_published: bool


@dataclass(frozen=True)
class BoardRow:
    """One recipient. `numbers`: (column, number) of letters and outreach, official letters last; `records`:
    path of what is recorded of them, "" for everybody."""

    uuid: UUID
    name: str
    language: str
    position: str
    committee: str
    electoral_list: str
    body: str
    body_uuid: UUID
    is_body: bool
    gone_on: datetime.date | None
    numbers: list[tuple[BoardColumn, int]]
    letters: int
    overdue: int
    answers: list[EntryView]
    stances: list[EntryView]
    agrees: bool | None
    is_answered: bool
    days: int | None
    records: str


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation, or others together. `numbers`: None where a number is told with the others."""

    name: str
    numbers: list[tuple[BoardColumn, int | None]]


def recipient_columns(records: BoardRecords, *, for_everybody: bool) -> list[BoardColumn]:
    """Return the numbers of a recipient, each with its method in words."""
    letters = _("People say on the page that they sent a letter: declared, nobody checks it.")
    official = _("Letters of organisations with an outgoing number, entered by those who sent them.")
    tens = _("Shown in full tens, 0 below ten.")
    found = [BoardColumn(LETTERS, _("Letters (declared)"), f"{letters} {tens}" if for_everybody else letters)]
    workspace = _("Of everything in this workspace, not of these letters alone.")
    for kind, _reached in records.outreach:
        parts = [str(kind.method), workspace, *([tens] if for_everybody else [])]
        found.append(BoardColumn(kind.name, str(kind.label), " ".join(parts)))
    return [*found, BoardColumn(OFFICIAL, _("Official letters"), official)]


def board_rows(
    numbers: Iterable[RecipientNumbers], columns: Sequence[BoardColumn], file_url: FileUrl, records_url: str
) -> list[BoardRow]:
    """Return the rows. `records_url`: page of what is recorded, "" for everybody."""
    return [_board_row(one, columns, file_url, records_url) for one in numbers]


def _board_row(
    one: RecipientNumbers, columns: Sequence[BoardColumn], file_url: FileUrl, records_url: str
) -> BoardRow:
    values = {LETTERS: one.letters, **one.outreach, OFFICIAL: one.official}
    target = one.target
    name = target.name if target is not None else one.body.name
    return BoardRow(
        uuid=one.uuid,
        name=str(name),
        language=name.language_shown(),
        position=str(target.position) if target is not None else "",
        committee=str(target.committee) if target is not None else "",
        electoral_list=str(target.electoral_list) if target is not None else "",
        body=str(one.body.name),
        body_uuid=one.body.uuid,
        is_body=target is None,
        gone_on=target.gone_on if target is not None else None,
        numbers=[(column, values[column.name]) for column in columns],
        letters=one.letters,
        overdue=one.overdue,
        answers=[answer_view(answer, file_url) for answer in one.answers],
        stances=[stance_view(stance, file_url) for stance in one.stances],
        agrees=one.agrees,
        is_answered=one.is_answered,
        days=one.days,
        records=f"{records_url}?recipient={one.uuid}" if records_url else "",
    )


def answer_view(answer: Answer, file_url: FileUrl) -> EntryView:
    return _entry_view(answer, file_url, answer.kind, answer.get_kind_display(), answer.incoming_number)


def stance_view(stance: Stance, file_url: FileUrl) -> EntryView:
    label = _("Agrees") if stance.agrees else _("Does not agree")
    return _entry_view(stance, file_url, "agrees" if stance.agrees else "disagrees", label, "")


def _entry_view(entry: Answer | Stance, file_url: FileUrl, kind: str, label: str, number: str) -> EntryView:
    has_file = entry.file is not None and entry.file.deleted_at is None
    return EntryView(
        kind=kind,
        label=label,
        on=entry.on,
        incoming_number=number,
        words=str(entry.words),
        language=entry.words.language_shown(),
        url=entry.url,
        file_url=file_url(entry) if has_file else "",
        is_published=entry.published_at is not None,
    )


def public_file_url(action: LetterAction, entry: Answer | Stance) -> str:
    """Return the path of the copy that everybody may read, "" while only some people may read the file."""
    if not may_be_public(entry.file):
        return ""
    part = "answer" if isinstance(entry, Answer) else "stance"
    return reverse(f"write_board_{part}_file", args=[action.slug, entry.uuid])


def desk_file_url(entry: Answer | Stance | OfficialLetter) -> str:
    """Return the path of the file at the desk, "" for who may not read it. Needs `with_readable_files`."""
    is_readable = getattr(entry, "is_file_readable", False)
    return entry.file.get_absolute_url() if entry.file is not None and is_readable else ""


def public_file_urls(action: LetterAction) -> FileUrl:
    """Return `public_file_url` of this action."""
    return partial(public_file_url, action)


def narrowed(rows: Iterable[BoardRow], wanted: Mapping[str, str]) -> list[BoardRow]:
    """Return the rows that a filter form wants, in its order. Only by what the rows show."""
    found = [row for row in rows if _is_wanted(row, wanted)]
    last = float("inf")
    keys: dict[str, Callable[[BoardRow], Any]] = {
        "name": lambda row: row.name.casefold(),
        "committee": lambda row: (not row.committee, row.committee.casefold(), row.name.casefold()),
        "letters": lambda row: (-row.letters, row.name.casefold()),
        "days": lambda row: (row.days if row.days is not None else last, row.name.casefold()),
    }
    key = keys.get(wanted.get("sort", ""))
    return sorted(found, key=key) if key is not None else found


def _is_wanted(row: BoardRow, wanted: Mapping[str, str]) -> bool:
    state = wanted.get("state", "")
    states = {
        "answered": row.is_answered,
        "waiting": not row.is_answered,
        "agreed": row.agrees is True,
        OVERDUE: row.overdue > 0,
    }
    return (
        wanted.get("q", "").casefold() in row.name.casefold()
        and wanted.get("body", str(row.body_uuid)) == str(row.body_uuid)
        and wanted.get("committee", row.committee) == row.committee
        and wanted.get("electoral_list", row.electoral_list) == row.electoral_list
        and states.get(state, True)
    )


def organisation_columns(columns: Sequence[BoardColumn]) -> list[BoardColumn]:
    """Return the numbers of an organisation: those of recipients, and how many official letters were
    answered."""
    tens = _("By the referral code of the organisation. In full tens, 0 below ten.")
    letters = BoardColumn(LETTERS, _("Letters (declared)"), tens)
    answered = _("Official letters with an answer, a deputy’s enquiry or a meeting.")
    rest = columns[1:]
    return [letters, *rest, BoardColumn(ANSWERED, _("Answered"), answered)]


def desk_organisation_rows(
    records: BoardRecords, columns: Sequence[BoardColumn], viewer: Viewer
) -> list[OrganisationRow]:
    """Return participants, and others that are credited, as the viewer may read their names. What people did
    is in full tens for everyone, also here: a code can be given to one person."""
    counts = organisation_counts(records)
    rows = [
        OrganisationRow(
            display_name_for(viewer, one),
            [(column, _desk_number(column.name, counts[column.name].get(one.pk, 0))) for column in columns],
        )
        for one in records.organisations
    ]
    nobody = [(column, _desk_number(column.name, counts[column.name].get(None, 0))) for column in columns]
    if any(number for _column, number in nobody):
        rows.append(OrganisationRow(_("Without a code"), nobody))
    return rows


def _desk_number(name: str, number: int) -> int | None:
    return number if name in _EXACT else full_tens(number)


def public_organisation_rows(records: BoardRecords, columns: Sequence[BoardColumn]) -> list[OrganisationRow]:
    """Return participants whose names everybody may read, and all others together."""
    named = _named(records.organisations, records.participants)
    counts = organisation_counts(records)
    found: dict[str, OrganisationColumn] = {}
    for column in columns:
        exact = column_for_everybody(counts[column.name], list(named))
        found[column.name] = exact if column.name in _EXACT else column_in_tens(exact)
    rows = [
        OrganisationRow(
            display_name_for(PUBLIC, one),
            [(column, found[column.name].shown.get(one.pk)) for column in columns],
        )
        for one in named.values()
    ]
    others = [(column, found[column.name].others) for column in columns]
    if any(number for _column, number in others):
        rows.append(OrganisationRow(_("Others, and letters without a code"), others))
    return rows


def _named(organisations: Iterable[Organisation], participants: frozenset[int]) -> dict[int, Organisation]:
    return {one.pk: one for one in organisations if one.pk in participants and may_see_name(PUBLIC, one)}


def recipient_csv_heads(columns: Sequence[BoardColumn]) -> list[str]:
    """Return the heads of the table of recipients as a file."""
    before = [_("Name"), _("Position"), _("Committee"), _("List"), _("Body"), _("Not in office since")]
    after = [_("Overdue"), _("Answers"), _("Days to the answer"), _("Agrees")]
    return [*before, *(column.label for column in columns), *after]


def recipient_csv_rows(rows: Iterable[BoardRow]) -> Iterator[list[str]]:
    """Yield the table of recipients as a file."""
    stances = {True: _("Yes"), False: _("No"), None: ""}
    for row in rows:
        yield [
            row.name,
            row.position,
            row.committee,
            row.electoral_list,
            row.body,
            row.gone_on.isoformat() if row.gone_on else "",
            *(str(number) for _column, number in row.numbers),
            str(row.overdue),
            "; ".join(f"{one.on.isoformat()} {one.label}" for one in row.answers),
            str(row.days) if row.days is not None else "",
            stances[row.agrees],
        ]


def organisation_csv_heads(columns: Sequence[BoardColumn]) -> list[str]:
    """Return the heads of the table of organisations as a file."""
    return [_("Organisation"), *(column.label for column in columns)]


def organisation_csv_rows(rows: Iterable[OrganisationRow]) -> Iterator[list[str]]:
    """Yield the table of organisations as a file; what is told with the others is empty."""
    for row in rows:
        yield [row.name, *("" if number is None else str(number) for _column, number in row.numbers)]
