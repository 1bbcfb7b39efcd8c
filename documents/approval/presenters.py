"""A round's matrix as the components show it: table, bars, sheet."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.accounts.enums import Language, Listing
from coalition.accounts.naming import PUBLIC, Viewer, display_mark_for, display_name_for, may_see_name
from coalition.accounts.permissions import represents
from coalition.accounts.views.access import get_person
from coalition.core.quotation_marks import nest_quotes
from coalition.workspaces.permissions import Access
from documents.approval.actions.inherit import frames_of
from documents.approval.matrix import Cell, PutText
from documents.approval.models import Approval, ApprovalRound, Asked
from documents.approval.permissions import may_confirm_call
from documents.approval.queries.boards import Board
from documents.approval.queries.inherited import carried_in, publications_of, readable_versions, sources_of
from documents.approval.queries.one_time_links import calls_to_confirm
from documents.canonical.approved_words import framed_in, unframed
from documents.canonical.compare import compare
from documents.canonical.compare_html import render_comparison
from documents.canonical.serialise import CanonicalError, short_hash
from documents.drafts.addresses import sheet_address_of
from documents.drafts.enums import OTHERWISE, CellState, RoundState, Rule, Way
from documents.drafts.models import DraftText, Version
from documents.drafts.rendering import document_as_it_stands, document_of, moment


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
    reason = nest_quotes(cell.reason)
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
    named = [one for one in asked if may_see_name(PUBLIC, one.organisation, listing_of(one))]
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


# --- inherited ---
# What was carried over from approved words, for the pages of a round.


def carried_for(board: Board, asked: Asked) -> list[dict[str, Any]]:
    """What one organisation approved elsewhere that counts here: which words, when and how it approved them,
    and what is different where they stand now. It may read all of it."""
    found = carried_in(board.round).filter(organisation=asked.organisation_id)
    rows = sorted(found, key=lambda row: Language.values.index(row.language))
    put = {text.language: text.version for text in board.texts}
    sheets = publications_of({one.round_id for row in rows for one in sources_of(row)})
    return [
        {
            "language": Language(row.language).label,
            "code": row.language,
            "title": document_of(source.version)["title"],
            "number": source.version.number,
            "hash": short_hash(source.hash),
            "how": f"{moment(source.at)}, {Way(source.way).label}",
            "sheet": sheet_address_of(sheets[source.round_id].uuid) if source.round_id in sheets else "",
            "changes": _changes(source.version, put[row.language]),
        }
        for row in rows
        for source in _sources(row)
    ]


def sources_in(board: Board, user: object) -> list[dict[str, Any]]:
    """Of which approved words the texts put are made, if anything was carried over; for everyone who reads
    the round. Titles only of what is public or the person may read."""
    rows = list(carried_in(board.round))
    if not rows:
        return []
    sources = {one.hash: one for row in rows for one in sources_of(row)}
    sheets = publications_of({one.round_id for one in sources.values()})
    readable = readable_versions(user, {one.version_id for one in sources.values()})
    found = []
    for text in board.texts:
        for one in framed_in(document_of(text.version)):
            source = sources.get(one.source)
            public = sheets.get(source.round_id) if source else None
            may_read = source is not None and source.version_id in readable
            found.append(
                {
                    "language": Language(text.language).label,
                    "code": text.language,
                    "title": document_of(source.version)["title"] if source and (public or may_read) else "",
                    "hash": short_hash(one.source),
                    "url": source.version.get_absolute_url()
                    if source and may_read
                    else sheet_address_of(public.uuid)
                    if public
                    else "",
                }
            )
    return found


def says_approved_words(texts: Iterable[DraftText]) -> bool:
    """Whether these texts, as they stand, say only whole versions that somebody approved."""
    try:
        documents = {text.language: document_as_it_stands(text) for text in texts}
    except CanonicalError:
        return False
    return bool(frames_of(documents))


def _sources(row: Approval) -> Iterable[Approval]:
    """Those in the language of the words; an answer leads to words in another one."""
    return [source for source in sources_of(row) if source.language == row.language]


def _changes(source: Version, put: Version) -> str:
    comparison = compare(unframed(document_of(source)), unframed(document_of(put)))
    return "" if comparison.same else render_comparison(comparison, context=1)


# --- offline ---
# What the pages of a round say about deciding otherwise than on them.


def ways_for(request: HttpRequest, board: Board, asked: Asked) -> dict[str, Any]:
    """Context of `documents/ways/_for_organisation.html`: whether the person represents the organisation, and
    whether something stands that was decided otherwise for it."""
    own = next(one for one in board.matrix.data.asked if one.pk == asked.organisation_id)
    found = (cell.decision for cell in board.matrix.row(own))
    otherwise = any(one is not None and one.way in OTHERWISE and one.objected_at is None for one in found)
    speaks = represents(get_person(request), asked.organisation)
    return {"represents": speaks, "otherwise": speaks and otherwise}


def to_confirm(access: Access, viewer: Viewer, round_: ApprovalRound) -> list[dict[str, Any]]:
    """Calls of an open round that the person could confirm for another organisation."""
    if round_.state != RoundState.OPEN:
        return []
    found = []
    for call in calls_to_confirm(round_):
        call.round = round_
        if may_confirm_call(access, call):
            name = display_name_for(viewer, call.organisation)
            found.append({"uuid": call.uuid, "organisation": name, "at": call.at})
    return found
