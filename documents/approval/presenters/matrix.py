"""A round's matrix as the components show it: table, bars, sheet."""

import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.accounts.enums import Language, Listing
from coalition.accounts.naming import PUBLIC, Viewer, display_mark_for, may_be_told
from coalition.core.quotation_marks import inside_quotes
from documents.approval.matrix import Cell, PutText
from documents.approval.models.rounds import Asked
from documents.approval.queries.boards import Board
from documents.canonical.serialise import short_hash
from documents.drafts.enums import CellState, RoundState, Rule, Way


def moment(at: datetime.datetime) -> str:
    """A moment in the person's time zone, short."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def table(board: Board, viewer: Viewer, *, under: frozenset[int] = frozenset()) -> dict[str, Any]:
    """What components/approval_matrix.html needs. `under`: organisations that stand under the public text
    which this round may correct."""
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
        "rows": [_row(board, viewer, asked, number, under) for number, asked in enumerate(board.asked)],
    }


def _row(board: Board, viewer: Viewer, asked: Asked, number: int, under: frozenset[int]) -> dict[str, Any]:
    organisation = board.matrix.data.asked[number]
    mark = display_mark_for(viewer, asked.organisation)
    note = ""
    if organisation.frozen:
        note = _("Frozen")
    elif organisation.left:
        note = _("Has left the coalition")
    elif not organisation.takes_part:
        note = _("No longer in this workspace")
    elif organisation.pk in under:
        note = _("Stands under the text that is public now")
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
    if cell.is_unattested:
        note = _("Nobody answers for the translation as it is now")
    elif cell.is_fallen:
        note = _("Does not stand any more under the words that were carried over")
    elif cell.objects_to_earlier:
        note = _("Objected to version %(number)d; has not decided on these words") % {"number": cell.number}
    elif cell.state == CellState.REOPENED:
        note = _("Approved version %(number)d; the words changed") % {"number": cell.number}
    elif cell.at is not None:
        note = ", ".join(part for part in (cell.person, moment(cell.at), _way(cell)) if part)
    reason = inside_quotes(cell.reason)
    return {
        "language": Language(cell.text.language).label,
        "state": cell.state.value,
        "note": note,
        "remark": pgettext("quotation", "“%(words)s”") % {"words": reason} if reason else "",
    }


def _way(cell: Cell) -> str:
    """How it reached the record, where that is not the members' area; and when it begins to count."""
    by = cell.decision
    if by is None:
        return ""
    said = [] if by.way == Way.MEMBERS_AREA else [str(Way(by.way).label)]
    if cell.state == CellState.LATER and by.counts_from is not None:
        said.append(_("counts from %(when)s") % {"when": moment(by.counts_from)})
    if by.slip and cell.counts:
        said.append(_("before a slip of the pen was mended"))
    if by.filled and cell.counts:
        said.append(_("before the gaps were filled in"))
    return ", ".join(said)


def speaker_name(board: Board) -> str:
    """The organisation in whose voice the text speaks, as the reader may be told; empty if it is not one."""
    asked = board.matrix.data.asked
    return next((one.name for one in asked if one.pk == board.round.speaker_id), "")


def bars(board: Board) -> list[dict[str, Any]]:
    """What components/split_bar.html needs, a language each."""
    found = []
    for text in board.matrix.data.texts:
        column = [cell for cell in board.matrix.column(text) if not cell.organisation.left]
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
        "approved": board.matrix.counting_in(text),
        "total": len(board.matrix.asked),
    }


def listing_of(asked: Asked) -> Listing:
    """How the organisation will be named under this text."""
    return Listing.strictest(asked.organisation.listing, asked.listing)


def sheet_preview(board: Board) -> dict[str, Any]:
    """What components/approval_sheet.html needs: the sheet as the public will see it."""
    published = board.round.state == RoundState.PUBLISHED
    asked = _under(board)
    named = [one for one in asked if may_be_told(PUBLIC, one.organisation, listing_of(one))]
    return {
        "languages": [
            {
                "title": _("%(language)s, version %(number)d")
                % {"language": text.language_name, "number": text.number},
                "words": count_words(board, text)
                if published or board.matrix.counting_in(text) == len(board.matrix.asked)
                else _("%(count)s · open") % {"count": count_words(board, text)},
                "hash": short_hash(text.hash),
            }
            for text in board.matrix.data.texts
        ],
        "marks": [display_mark_for(PUBLIC, one.organisation) for one in named],
        "withheld": len(asked) - len(named),
    }


def _under(board: Board) -> list[Asked]:
    """Who will stand under the text: all who are asked where all must approve, else those who do now."""
    if board.round.rule == Rule.ALL and board.round.state != RoundState.PUBLISHED:
        asked = {one.pk for one in board.matrix.asked}
        return [one for one in board.asked if one.organisation_id in asked]
    standing = {one.organisation.pk for one in board.matrix.standing}
    return [one for one in board.asked if one.organisation_id in standing]
