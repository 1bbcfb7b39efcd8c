"""A round's matrix as the components show it: table, bars, sheet."""

import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.partners.enums import Language, Listing
from coalition.partners.naming import PUBLIC, Viewer, display_mark_for, may_be_told
from coalition.quoting import inside_quotes
from documents.canonical.serialise import short_hash
from documents.enums import CellState, RoundState
from documents.matrix import Cell, PutText
from documents.models import Asked
from documents.queries.approvals import Board


def moment(at: datetime.datetime) -> str:
    """A moment in the person's time zone, short."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def table(board: Board, viewer: Viewer) -> dict[str, Any]:
    """What components/approval_matrix.html needs."""
    return {
        "languages": [
            {
                "code": text.language,
                "name": Language(text.language).label,
                "note": _("version %(number)d, %(when)s")
                % {"number": text.number, "when": moment(text.put_at)},
                "hash": short_hash(text.hash)[:9],
            }
            for text in board.matrix.data.texts
        ],
        "rows": [_row(board, viewer, asked, number) for number, asked in enumerate(board.asked)],
    }


def _row(board: Board, viewer: Viewer, asked: Asked, number: int) -> dict[str, Any]:
    organisation = board.matrix.data.asked[number]
    mark = display_mark_for(viewer, asked.organisation)
    note = ""
    if organisation.frozen:
        note = _("Frozen")
    elif not organisation.takes_part:
        note = _("No longer in this workspace")
    return {
        "mark": mark,
        "name": organisation.name,
        "note": note,
        "withheld_in_public": listing_of(asked) != Listing.PUBLIC and not mark.withheld,
        "cells": [cell_of(cell) for cell in board.matrix.row(organisation)],
    }


def cell_of(cell: Cell) -> dict[str, Any]:
    """A cell's state with who and when, and the reason if changes are asked."""
    note = ""
    if cell.state == CellState.REOPENED:
        note = _("Approved version %(number)d; the words changed") % {"number": cell.number}
    elif cell.at is not None:
        note = ", ".join(part for part in (cell.person, moment(cell.at)) if part)
    reason = inside_quotes(cell.reason)
    return {
        "language": Language(cell.text.language).label,
        "state": cell.state.value,
        "note": note,
        "remark": pgettext("quotation", "“%(words)s”") % {"words": reason} if reason else "",
    }


def bars(board: Board) -> list[dict[str, Any]]:
    """What components/split_bar.html needs, a language each."""
    found = []
    for text in board.matrix.data.texts:
        column = board.matrix.column(text)
        boxes = [
            "on" if cell.counts else "open" if cell.state == CellState.REOPENED else "" for cell in column
        ]
        found.append(
            {
                "code": text.language,
                "name": Language(text.language).label,
                "words": count_words(board, text),
                "boxes": sorted(boxes, key=["on", "", "open"].index),
            }
        )
    return found


def count_words(board: Board, text: PutText) -> str:
    return _("%(approved)d of %(total)d") % {
        "approved": board.matrix.approved_in(text),
        "total": len(board.asked),
    }


def listing_of(asked: Asked) -> Listing:
    """How the organisation will be named under this text."""
    return Listing.strictest(asked.organisation.listing, asked.listing)


def sheet_preview(board: Board) -> dict[str, Any]:
    """What components/approval_sheet.html needs: the sheet as the public will see it."""
    named = [asked for asked in board.asked if may_be_told(PUBLIC, asked.organisation, listing_of(asked))]
    published = board.round.state == RoundState.PUBLISHED
    return {
        "languages": [
            {
                "title": _("%(language)s, version %(number)d")
                % {"language": text.language_name, "number": text.number},
                "words": count_words(board, text)
                if published or board.matrix.approved_in(text) == len(board.asked)
                else _("%(count)s · open") % {"count": count_words(board, text)},
                "hash": short_hash(text.hash),
            }
            for text in board.matrix.data.texts
        ],
        "marks": [display_mark_for(PUBLIC, asked.organisation) for asked in named],
        "withheld": len(board.asked) - len(named),
    }
