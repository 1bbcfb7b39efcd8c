"""Template data of a round: matrix, bars, certificate, inherited approvals, decisions by link or phone."""

from collections.abc import Collection, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _, pgettext

from coalition.accounts.models import Language, Listing
from coalition.accounts.naming import PUBLIC, Viewer, display_mark_for, display_name_for, may_see_name
from coalition.accounts.permissions import represents
from coalition.accounts.views.access import get_person
from coalition.core.localized_text import nest_quotes
from coalition.workspaces.permissions import Access
from documents.approval.actions.inherit import approved_block_hashes
from documents.approval.matrix import Cell
from documents.approval.models import ApprovalRound, Asked
from documents.approval.permissions import may_confirm_call
from documents.approval.queries import inherited
from documents.approval.queries.boards import Board
from documents.approval.queries.one_time_links import calls_to_confirm
from documents.approval.round_data import AskedOrganisation, SubmittedText
from documents.canonical.compare import compare_documents, render_comparison
from documents.canonical.form import CanonicalError, short_hash
from documents.canonical.passages import approved_block_refs, unwrap_approved_blocks
from documents.drafts.access import sheet_address_of
from documents.drafts.models import OFFLINE_WAYS, ApprovalRule, CellState, DraftText, RoundState, Version, Way
from documents.drafts.presenters import document_for_display, short_moment


def matrix_table(board: Board, viewer: Viewer, *, signatories: Collection[int]) -> dict[str, Any]:
    """Return the context of components/approval_matrix.html. `signatories`: those of the public text now."""
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
            {
                "mark": (mark := display_mark_for(viewer, asked.organisation)),
                "name": organisation.name,
                "note": _matrix_note(organisation, signatories),
                "withheld_in_public": listing_for(asked) != Listing.PUBLIC and not mark.withheld,
                "cells": [cell_context(cell) for cell in board.matrix.row(organisation)],
            }
            for asked, organisation in zip(board.asked, board.matrix.data.asked, strict=True)
        ],
    }


def _matrix_note(organisation: AskedOrganisation, signatories: Collection[int]) -> str:
    if organisation.frozen:
        return _("Frozen")
    if organisation.left:
        return _("Has left the coalition")
    if not organisation.takes_part:
        return _("No longer in this workspace")
    return _("Stands under the text that is public now") if organisation.pk in signatories else ""


def cell_context(cell: Cell) -> dict[str, Any]:
    """Return a cell's state with person and time, and the reason if changes are asked."""
    note, by = "", cell.decision
    if cell.is_unattested:
        note = _("Nobody answers for the translation as it is now")
    elif cell.is_fallen:
        note = _("Does not stand any more under the words that were carried over")
    elif by is not None and cell.objects_to_earlier:
        note = _("Objected to version %(number)d; has not decided on these words") % {"number": by.number}
    elif by is not None and cell.state == CellState.REOPENED:
        note = _("Approved version %(number)d; the words changed") % {"number": by.number}
    elif cell.at is not None:
        note = ", ".join(part for part in (cell.person, short_moment(cell.at), _describe_way(cell)) if part)
    reason = nest_quotes(by.reason) if by is not None else ""
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
    parts = [] if by.way == Way.MEMBERS_AREA else [str(Way(by.way).label)]
    if cell.state == CellState.LATER and by.counts_from is not None:
        parts.append(_("counts from %(when)s") % {"when": short_moment(by.counts_from)})
    if by.slip and cell.counts:
        parts.append(_("before a slip of the pen was mended"))
    if by.filled and cell.counts:
        parts.append(_("before the gaps were filled in"))
    return ", ".join(parts)


def split_bars(board: Board) -> list[dict[str, Any]]:
    """Return the contexts of components/split_bar.html, one per language."""
    found = []
    for text in board.matrix.data.texts:
        column = [cell for cell in board.matrix.column(text.language) if not cell.organisation.left]
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
        "approved": board.matrix.counting_in(text.language),
        "total": len(board.matrix.asked),
    }


def listing_for(asked: Asked) -> Listing:
    """Return how the organisation will be named under this text."""
    return Listing.strictest(asked.organisation.listing, asked.listing)


def sheet_preview(board: Board) -> dict[str, Any]:
    """Return the context of components/approval_sheet.html: the certificate as the public will see it."""
    published = board.round.state == RoundState.PUBLISHED
    # all asked where all must approve, else the current signatories
    expects_all = board.round.rule == ApprovalRule.ALL and not published
    signatories = (
        {one.pk for one in board.matrix.asked}
        if expects_all
        else {one.organisation.pk for one in board.matrix.standing}
    )
    asked = [one for one in board.asked if one.organisation_id in signatories]
    named = [one for one in asked if may_see_name(PUBLIC, one.organisation, listing_for(one))]
    return {
        "languages": [
            {
                "title": _("%(language)s, version %(number)d")
                % {"language": text.language_name, "number": text.number},
                "words": count_sentence(board, text)
                if published or board.matrix.counting_in(text.language) == len(board.matrix.asked)
                else _("%(count)s · open") % {"count": count_sentence(board, text)},
                "hash": short_hash(text.hash),
            }
            for text in board.matrix.data.texts
        ],
        "marks": [display_mark_for(PUBLIC, one.organisation) for one in named],
        "withheld": len(asked) - len(named),
    }


def inherited_for(board: Board, asked: Asked) -> list[dict[str, Any]]:
    """Return one organisation's inherited approvals, with sources and differences. It may read all of it."""
    found = inherited.inherited_approvals_in(board.round).filter(organisation=asked.organisation_id)
    rows = sorted(found, key=lambda row: Language.values.index(row.language))
    current = {text.language: text.version for text in board.texts}
    publications = inherited.publications_of(
        {one.round_id for row in rows for one in inherited.sources_of_inherited(row)}
    )
    return [
        {
            "source": source,
            "title": source.version.document["title"],
            "at": short_moment(source.at),
            "sheet": sheet_address_of(publications[source.round_id].uuid)
            if source.round_id in publications
            else "",
            "changes": _changes_since_source(source.version, current[row.language]),
        }
        for row in rows
        for source in inherited.sources_of_inherited(row)
        if source.language == row.language  # an attestation leads to one in another language
    ]


def _changes_since_source(source: Version, current: Version) -> str:
    before, after = (unwrap_approved_blocks(one.document) for one in (source, current))
    comparison = compare_documents(before, after)
    return "" if comparison.same else render_comparison(comparison, context=1)


def inherited_sources(board: Board, user: object) -> list[dict[str, Any]]:
    """Return the sources of the approved blocks, if anything was inherited; for every reader of the
    round. Titles only of what is public or readable by the person."""
    rows = list(inherited.inherited_approvals_in(board.round))
    if not rows:
        return []
    sources = {one.hash: one for row in rows for one in inherited.sources_of_inherited(row)}
    publications = inherited.publications_of({one.round_id for one in sources.values()})
    readable = inherited.readable_versions(user, {one.version_id for one in sources.values()})
    found = []
    for text in board.texts:
        for one in approved_block_refs(text.version.document):
            title = url = ""
            source = sources.get(one.source)
            if source is not None:
                public, version = publications.get(source.round_id), source.version
                if public is not None:
                    url = sheet_address_of(public.uuid)
                if version.pk in readable:
                    url = version.get_absolute_url()
                title = version.document["title"] if url else ""
            found.append({"text": text, "title": title, "hash": one.source, "url": url})
    return found


def has_only_approved_versions(texts: Iterable[DraftText]) -> bool:
    """Whether these texts consist only of whole versions that somebody approved."""
    try:
        documents = {text.language: document_for_display(text) for text in texts}
    except CanonicalError:
        return False
    return bool(approved_block_hashes(documents))


def offline_ways_context(request: HttpRequest, board: Board, asked: Asked) -> dict[str, Any]:
    """Return the context of `documents/approval/offline/_for_organisation.html`: whether the person
    represents the organisation, and whether decisions by link or phone exist for it."""
    decisions = (cell.decision for cell in board.matrix.row_of(asked.organisation_id))
    offline = any(one is not None and one.way in OFFLINE_WAYS and not one.objected_at for one in decisions)
    is_representative = represents(get_person(request), asked.organisation)
    return {"represents": is_representative, "decided_offline": is_representative and offline}


def calls_awaiting_confirmation(
    access: Access, viewer: Viewer, round_: ApprovalRound
) -> list[dict[str, Any]]:
    """Return the calls of an open round that the person may confirm for another organisation."""
    calls = calls_to_confirm(round_) if round_.state == RoundState.OPEN else ()
    found = []
    for call in calls:
        call.round = round_
        if may_confirm_call(access, call):
            found.append({"call": call, "organisation": display_name_for(viewer, call.organisation)})
    return found
