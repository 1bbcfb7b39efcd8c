"""Rows of letters, answers and stances at the desk."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.board.models import Answer, BoardEntry, OfficialLetter, Stance
from coalition.campaigns.letters.board.presenters import EntryView, answer_view, desk_file_url, stance_view


@dataclass(frozen=True)
class EntryRow:
    """An answer or a stance. `organisation`: who recorded it, as the viewer may read its name; `letter`: the
    number of the official letter that it answers, or ""."""

    entry: BoardEntry
    view: EntryView
    recipient: str
    language: str
    organisation: str
    letter: str


@dataclass(frozen=True)
class LetterRow:
    """An official letter. `is_overdue`: nobody answered in time; `is_settled`: nothing is awaited."""

    entry: OfficialLetter
    recipient: str
    language: str
    organisation: str
    file_url: str
    due_on: datetime.date
    is_settled: bool
    is_overdue: bool


def entry_rows(entries: Iterable[Answer | Stance], viewer: Viewer) -> list[EntryRow]:
    """Return rows of `answers_of` or `stances_of`, `with_readable_files`. No query but for names."""
    return [
        EntryRow(
            entry=one,
            view=answer_view(one, desk_file_url)
            if isinstance(one, Answer)
            else stance_view(one, desk_file_url),
            recipient=_recipient(one),
            language=_language(one),
            organisation=display_name_for(viewer, one.organisation),
            letter=one.letter.outgoing_number if isinstance(one, Answer) and one.letter is not None else "",
        )
        for one in entries
    ]


def letter_rows(letters: Iterable[OfficialLetter], viewer: Viewer) -> list[LetterRow]:
    """Return rows of `letters_of`, `with_readable_files`. No query but for names."""
    today = site_today()
    rows = []
    for one in letters:
        is_settled = bool(getattr(one, "is_settled", False))  # annotated by `letters_of`
        rows.append(
            LetterRow(
                entry=one,
                recipient=_recipient(one),
                language=_language(one),
                organisation=display_name_for(viewer, one.organisation),
                file_url=desk_file_url(one),
                due_on=one.due_on,
                is_settled=is_settled,
                is_overdue=one.withdrawn_at is None and not is_settled and one.is_overdue_on(today),
            )
        )
    return rows


def _recipient(entry: BoardEntry) -> str:
    return str(entry.target.name if entry.target is not None else entry.body.name)


def _language(entry: BoardEntry) -> str:
    name = entry.target.name if entry.target is not None else entry.body.name
    return name.language_shown()
