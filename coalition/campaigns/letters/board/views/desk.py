"""The board at the desk, and its tables as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.board.forms import BoardFilterForm
from coalition.campaigns.letters.board.numbers import median_days, recipient_numbers
from coalition.campaigns.letters.board.presenters import (
    BoardColumn,
    BoardRow,
    OrganisationRow,
    board_rows,
    desk_file_url,
    desk_organisation_rows,
    narrowed,
    organisation_columns,
    organisation_csv_heads,
    organisation_csv_rows,
    recipient_columns,
    recipient_csv_heads,
    recipient_csv_rows,
)
from coalition.campaigns.letters.board.queries import BoardRecords, board_records
from coalition.campaigns.letters.board.terms import term_of
from coalition.campaigns.letters.board.views.desk_access import board_context, board_of
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.recipients.models import Body
from coalition.workspaces.access import member_required
from events.spreadsheets.columns import csv_response


@dataclass(frozen=True)
class _DeskBoard:
    """The rows that the filters want, of all."""

    records: BoardRecords
    columns: Sequence[BoardColumn]
    rows: list[BoardRow]
    every: int
    median: int | None
    form: BoardFilterForm


def _board(request: HttpRequest, action: LetterAction, bodies: list[Body]) -> _DeskBoard:
    records = _records(request, action, bodies)
    numbers = recipient_numbers(records, today=site_today(), for_everybody=False)
    columns = recipient_columns(records, for_everybody=False)
    answers_url = reverse("campaigns:letter_board_answers", args=[action.uuid])
    rows = board_rows(numbers, columns, desk_file_url, answers_url)
    form = BoardFilterForm(request.GET, numbers=numbers, has_overdue=any(row.overdue for row in rows))
    shown = narrowed(rows, form.wanted)
    return _DeskBoard(records, columns, shown, len(rows), median_days(numbers), form)


def _records(request: HttpRequest, action: LetterAction, bodies: list[Body]) -> BoardRecords:
    return board_records(action, for_everybody=False, bodies=bodies, reader=get_person(request))


def _organisation_rows(
    request: HttpRequest, records: BoardRecords, columns: Sequence[BoardColumn]
) -> list[OrganisationRow]:
    return desk_organisation_rows(records, columns, get_viewer(request).with_met(records.met))


@member_required
@require_safe
def board(request: HttpRequest, action: UUID) -> HttpResponse:
    """Who got how many letters, who answered and how fast, and which organisation did what."""
    access, found, bodies = board_of(request, action)
    made = _board(request, found, bodies)
    own_columns = organisation_columns(made.columns)
    here = reverse("campaigns:letter_board", args=[found.uuid])
    context: dict[str, Any] = {
        "here": here,
        "form": made.form,
        "rows": made.rows,
        "every": made.every,
        "columns": made.columns,
        "median": made.median,
        "term": term_of(found),
        "organisation_columns": own_columns,
        "organisations": _organisation_rows(request, made.records, own_columns),
        "query": request.GET.urlencode(),
    }
    return render(
        request, "campaigns/letters/board/board.html", board_context(access, found, tab="board", **context)
    )


@member_required
@require_safe
def recipients_table(request: HttpRequest, action: UUID) -> HttpResponse:
    """The recipients that the filters want, as a table for a spreadsheet program."""
    _access, found, bodies = board_of(request, action)
    made = _board(request, found, bodies)
    heads = recipient_csv_heads(made.columns)
    return csv_response(heads, recipient_csv_rows(made.rows), f"{found.slug}-recipients.csv")


@member_required
@require_safe
def organisations_table(request: HttpRequest, action: UUID) -> HttpResponse:
    """The organisations, as a table for a spreadsheet program."""
    _access, found, bodies = board_of(request, action)
    records = _records(request, found, bodies)
    columns = organisation_columns(recipient_columns(records, for_everybody=False))
    rows = _organisation_rows(request, records, columns)
    name = f"{found.slug}-organisations.csv"
    return csv_response(organisation_csv_heads(columns), organisation_csv_rows(rows), name)
