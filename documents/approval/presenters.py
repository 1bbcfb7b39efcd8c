"""Template data of a round's matrix: table, bars, certificate."""

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
from documents.approval.actions.inherit import approved_block_hashes
from documents.approval.matrix import Cell
from documents.approval.models import Approval, ApprovalRound, Asked
from documents.approval.permissions import may_confirm_call
from documents.approval.queries.boards import Board
from documents.approval.queries.inherited import (
    inherited_approvals_in,
    publications_of,
    readable_versions,
    sources_of_inherited,
)
from documents.approval.queries.one_time_links import calls_to_confirm
from documents.approval.round_data import SubmittedText
from documents.canonical.approved_words import approved_block_refs, unwrap_approved_blocks
from documents.canonical.compare import compare_documents
from documents.canonical.compare_html import render_comparison
from documents.canonical.serialise import CanonicalError, short_hash
from documents.drafts.enums import OFFLINE_WAYS, ApprovalRule, CellState, RoundState, Way
from documents.drafts.models import DraftText, Version
from documents.drafts.presenters import document_for_display, short_moment, version_document
from documents.drafts.token_links import sheet_address_of


def matrix_table(board: Board, viewer: Viewer, *, under: frozenset[int] = frozenset()) -> dict[str, Any]:
    """Return the context of components/approval_matrix.html. `under`: signatories of the public
    text that this round may correct."""
    return {
        "languages": [
            {
                "code": text.language,
                "name": Language(text.language).label,
                "note": _("version %(number)d, %(when)s")
                % {"number": text.number, "when": short_moment(text.put_at)},
                "hash": short_hash(text.hash)[:9],
            }
            for text in board.matrix.data.texts
        ],
        "rows": [
            _matrix_row(board, viewer, asked, number, under) for number, asked in enumerate(board.asked)
        ],
    }


def _matrix_row(
    board: Board, viewer: Viewer, asked: Asked, number: int, under: frozenset[int]
) -> dict[str, Any]:
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
        "withheld_in_public": listing_for(asked) != Listing.PUBLIC and not mark.withheld,
        "cells": [cell_context(cell) for cell in board.matrix.row(organisation)],
    }


def cell_context(cell: Cell) -> dict[str, Any]:
    """Return a cell's state with person and time, and the reason if changes are asked."""
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
        note = ", ".join(part for part in (cell.person, short_moment(cell.at), _describe_way(cell)) if part)
    reason = nest_quotes(cell.reason)
    return {
        "language": Language(cell.text.language).label,
        "state": cell.state.value,
        "note": note,
        "remark": pgettext("quotation", "“%(words)s”") % {"words": reason} if reason else "",
    }


def _describe_way(cell: Cell) -> str:
    """Return how it was recorded, if not in the member area, and when it begins to count."""
    by = cell.decision
    if by is None:
        return ""
    said = [] if by.way == Way.MEMBERS_AREA else [str(Way(by.way).label)]
    if cell.state == CellState.LATER and by.counts_from is not None:
        said.append(_("counts from %(when)s") % {"when": short_moment(by.counts_from)})
    if by.slip and cell.counts:
        said.append(_("before a slip of the pen was mended"))
    if by.filled and cell.counts:
        said.append(_("before the gaps were filled in"))
    return ", ".join(said)


def speaker_name(board: Board) -> str:
    """Return the name, as visible to the reader, of the organisation in whose voice the text
    speaks; empty without one."""
    asked = board.matrix.data.asked
    return next((one.name for one in asked if one.pk == board.round.speaker_id), "")


def split_bars(board: Board) -> list[dict[str, Any]]:
    """Return the contexts of components/split_bar.html, one per language."""
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
                "words": count_sentence(board, text),
                "boxes": sorted(boxes, key=["on", "", "open"].index),
            }
        )
    return found


def count_sentence(board: Board, text: SubmittedText) -> str:
    return _("%(approved)d of %(total)d") % {
        "approved": board.matrix.counting_in(text),
        "total": len(board.matrix.asked),
    }


def listing_for(asked: Asked) -> Listing:
    """Return how the organisation will be named under this text."""
    return Listing.strictest(asked.organisation.listing, asked.listing)


def sheet_preview(board: Board) -> dict[str, Any]:
    """Return the context of components/approval_sheet.html: the certificate as the public will see
    it."""
    published = board.round.state == RoundState.PUBLISHED
    asked = _future_signatories(board)
    named = [one for one in asked if may_see_name(PUBLIC, one.organisation, listing_for(one))]
    return {
        "languages": [
            {
                "title": _("%(language)s, version %(number)d")
                % {"language": text.language_name, "number": text.number},
                "words": count_sentence(board, text)
                if published or board.matrix.counting_in(text) == len(board.matrix.asked)
                else _("%(count)s · open") % {"count": count_sentence(board, text)},
                "hash": short_hash(text.hash),
            }
            for text in board.matrix.data.texts
        ],
        "marks": [display_mark_for(PUBLIC, one.organisation) for one in named],
        "withheld": len(asked) - len(named),
    }


def _future_signatories(board: Board) -> list[Asked]:
    """Return the expected signatories: all asked where all must approve, else the current ones."""
    if board.round.rule == ApprovalRule.ALL and board.round.state != RoundState.PUBLISHED:
        asked = {one.pk for one in board.matrix.asked}
        return [one for one in board.asked if one.organisation_id in asked]
    standing = {one.organisation.pk for one in board.matrix.standing}
    return [one for one in board.asked if one.organisation_id in standing]


# --- inherited ---
# Inherited approvals for the pages of a round.


def inherited_for(board: Board, asked: Asked) -> list[dict[str, Any]]:
    """Return one organisation's inherited approvals: versions, when and how it approved them, and
    differences at their new place. It may read all of it."""
    found = inherited_approvals_in(board.round).filter(organisation=asked.organisation_id)
    rows = sorted(found, key=lambda row: Language.values.index(row.language))
    put = {text.language: text.version for text in board.texts}
    sheets = publications_of({one.round_id for row in rows for one in sources_of_inherited(row)})
    return [
        {
            "language": Language(row.language).label,
            "code": row.language,
            "title": version_document(source.version)["title"],
            "number": source.version.number,
            "hash": short_hash(source.hash),
            "how": f"{short_moment(source.at)}, {Way(source.way).label}",
            "sheet": sheet_address_of(sheets[source.round_id].uuid) if source.round_id in sheets else "",
            "changes": _changes_since_source(source.version, put[row.language]),
        }
        for row in rows
        for source in _same_language_sources(row)
    ]


def inherited_sources(board: Board, user: object) -> list[dict[str, Any]]:
    """Return the sources of the approved blocks, if anything was inherited; for every reader of the
    round. Titles only of what is public or readable by the person."""
    rows = list(inherited_approvals_in(board.round))
    if not rows:
        return []
    sources = {one.hash: one for row in rows for one in sources_of_inherited(row)}
    sheets = publications_of({one.round_id for one in sources.values()})
    readable = readable_versions(user, {one.version_id for one in sources.values()})
    found = []
    for text in board.texts:
        for one in approved_block_refs(version_document(text.version)):
            source = sources.get(one.source)
            public = sheets.get(source.round_id) if source else None
            may_read = source is not None and source.version_id in readable
            found.append(
                {
                    "language": Language(text.language).label,
                    "code": text.language,
                    "title": version_document(source.version)["title"]
                    if source and (public or may_read)
                    else "",
                    "hash": short_hash(one.source),
                    "url": source.version.get_absolute_url()
                    if source and may_read
                    else sheet_address_of(public.uuid)
                    if public
                    else "",
                }
            )
    return found


def has_only_approved_versions(texts: Iterable[DraftText]) -> bool:
    """Whether these texts consist only of whole versions that somebody approved."""
    try:
        documents = {text.language: document_for_display(text) for text in texts}
    except CanonicalError:
        return False
    return bool(approved_block_hashes(documents))


def _same_language_sources(row: Approval) -> Iterable[Approval]:
    """Yield the sources in the language of the text; an attestation leads to one in another."""
    return [source for source in sources_of_inherited(row) if source.language == row.language]


def _changes_since_source(source: Version, put: Version) -> str:
    comparison = compare_documents(
        unwrap_approved_blocks(version_document(source)), unwrap_approved_blocks(version_document(put))
    )
    return "" if comparison.same else render_comparison(comparison, context=1)


# --- offline ---
# Context about decisions by link or phone, for the pages of a round.


def offline_ways_context(request: HttpRequest, board: Board, asked: Asked) -> dict[str, Any]:
    """Return the context of `documents/ways/_for_organisation.html`: whether the person represents
    the organisation, and whether decisions by link or phone exist for it."""
    own = next(one for one in board.matrix.data.asked if one.pk == asked.organisation_id)
    found = (cell.decision for cell in board.matrix.row(own))
    otherwise = any(one is not None and one.way in OFFLINE_WAYS and one.objected_at is None for one in found)
    speaks = represents(get_person(request), asked.organisation)
    return {"represents": speaks, "otherwise": speaks and otherwise}


def calls_awaiting_confirmation(
    access: Access, viewer: Viewer, round_: ApprovalRound
) -> list[dict[str, Any]]:
    """Return the calls of an open round that the person may confirm for another organisation."""
    if round_.state != RoundState.OPEN:
        return []
    found = []
    for call in calls_to_confirm(round_):
        call.round = round_
        if may_confirm_call(access, call):
            name = display_name_for(viewer, call.organisation)
            found.append({"uuid": call.uuid, "organisation": name, "at": call.at})
    return found
