"""Rounds with their matrices: any number of rounds in seven queries at most."""

import datetime
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.accounts.queries import frozen_organisations
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField
from coalition.workspaces.models import Participation
from documents.approval.matrix import Matrix, build_matrix
from documents.approval.models import Approval, ApprovalRound, Asked, Attestation, Reading, RoundText
from documents.approval.queries.inherited import basis_is_gone
from documents.approval.queries.tacit_consent import could_answer_during_notice
from documents.approval.round_data import (
    AskedOrganisation,
    Attested,
    Decision,
    RoundData,
    RoundOpening,
    SubmittedText,
)
from documents.canonical.form import Document
from documents.canonical.nodes import open_gaps
from documents.canonical.passages import quotations_of
from documents.drafts.enums import ApprovalRule, DecisionKind, RoundState, Voice, Way
from documents.drafts.models import Version
from documents.hooks import HOOKS
from documents.legal_review.queries import refused_by_lawyer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class TextReadiness(TypedDict):
    """Annotation of a text: number and name of the newest version that matches the current text,
    None without one; whether a lawyer has refused to clear the version under approval."""

    ready_number: int | None
    ready_name: str | None
    uncleared: bool


class AskedState(TypedDict):
    """Annotation of an organisation asked: frozen now; in the workspace now; there throughout the
    notice period."""

    is_frozen: bool
    takes_part: bool
    could_answer: bool


# The fields of each organisation asked from which its names are read.
SEALED_FIELDS = [
    f"organisation__{field.name}"
    for field in Organisation._meta.get_fields()
    if isinstance(field, SealedTextField)
]

type AnnotatedRoundText = WithAnnotations[RoundText, TextReadiness]
type AnnotatedAsked = WithAnnotations[Asked, AskedState]
type _Row = Mapping[str, Any]


@dataclass(frozen=True)
class Board:
    """A round with its matrix, named for one viewer; `asked` in the order of the matrix.

    `attestations`: those between the current versions.
    """

    round: ApprovalRound
    texts: list[AnnotatedRoundText]
    asked: list[AnnotatedAsked]
    matrix: Matrix
    attestations: tuple[Attestation, ...] = ()


def board_of(round_: ApprovalRound, viewer: Viewer | None) -> Board:
    """Load everything about a round the caller may see. Its draft is loaded. `viewer` as below."""
    return boards_of([round_], viewer)[0]


def boards_of(rounds: Collection[ApprovalRound], viewer: Viewer | None) -> list[Board]:
    """Load the boards of many rounds, in their order, with a constant number of queries.

    `viewer` None: for checking completeness only. No name is decrypted, all are empty; readings are
    not loaded, and attestations only where somebody relies on one.
    """
    keys = [round_.pk for round_ in rounds]
    texts, asked = _by_round(_round_text_rows(keys)), _by_round(_asked_rows(keys, named=viewer is not None))
    approvals = _values_by_round(_approval_values(keys))
    readings = _values_by_round(_reading_values(keys) if viewer is not None else ())
    relied_on = any(row["decision"] == DecisionKind.RELIES for said in approvals.values() for row in said)
    attested = list(_attestation_rows(rounds)) if viewer is not None or relied_on else []
    moment = now()
    documents = {text.pk: json.loads(text.version.canonical) for put in texts.values() for text in put}
    spoken = _quotations_agreed(
        {
            one.draft_id: [documents[text.pk] for text in texts[one.pk]]
            for one in rounds
            if one.state == RoundState.OPEN
        }
    )
    boards = []
    for round_ in rounds:
        put = sorted(texts[round_.pk], key=lambda text: Language.values.index(text.language))
        rows = asked[round_.pk]
        told = {row.organisation_id for row in rows if viewer and may_see_name(viewer, row.organisation)}
        is_open = round_.state == RoundState.OPEN
        data = RoundData(
            texts=tuple(
                _submitted_text(
                    text, documents[text.pk], spoken.get(round_.draft_id, frozenset()), is_open=is_open
                )
                for text in put
            ),
            asked=_asked_organisations(viewer, rows, round_),
            decisions=tuple(_decision_from(row, told, is_open=is_open) for row in approvals[round_.pk]),
            opened=tuple(_opening_from(row, told) for row in readings[round_.pk]),
            attested=_attested_pairs(attested, {text.version.text_id for text in put}),
            rule=ApprovalRule(round_.rule),
            voice=Voice(round_.voice),
            speaker=round_.speaker_id,
            deadline=round_.deadline,
            moment=moment if is_open else round_.closed_at,
        )
        hold = tuple(row for row in attested if _attestation_is_current(row, put))
        boards.append(Board(round_, put, rows, build_matrix(data), hold))
    return boards


class _HasRound(Protocol):
    round_id: int


def _by_round[T: _HasRound](rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.round_id].append(row)
    return found


def _values_by_round(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row["round_id"]].append(row)
    return found


def _submitted_text(
    text: AnnotatedRoundText, document: Document, approved: frozenset[str], *, is_open: bool
) -> SubmittedText:
    """Return the text's facts. Later changes of the text are ignored in a closed round. `approved`:
    digests of quotations that their speakers approve."""
    version = text.version
    said = quotations_of(document) if is_open else []
    return SubmittedText(
        language=text.language,
        number=version.number,
        hash=version.hash,
        current_hash=version.text.content_hash if is_open else version.hash,
        put_at=text.put_at,
        gaps=tuple(open_gaps(document)),
        uncleared=is_open and text.uncleared,
        unspoken=tuple(dict.fromkeys(one.speaker for one in said if one.digest not in approved)),
    )


def _asked_organisations(
    viewer: Viewer | None, asked: list[AnnotatedAsked], round_: ApprovalRound
) -> tuple[AskedOrganisation, ...]:
    """Return the organisations asked, including those that left after the round was closed."""
    until = round_.closed_at or datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return tuple(
        AskedOrganisation(
            pk=row.organisation_id,
            name=display_name_for(viewer, row.organisation) if viewer else "",
            frozen=row.is_frozen,
            takes_part=row.takes_part,
            excluded=row.excluded_at is not None,
            could_answer=row.could_answer,
            left=row.organisation.left_at is not None and row.organisation.left_at <= until,
        )
        for row in asked
    )


def _round_text_rows(keys: list[int]) -> QuerySet[AnnotatedRoundText]:
    ready = Version.objects.filter(
        text=OuterRef("version__text"), hash=OuterRef("version__text__content_hash")
    ).order_by("-number")
    return (
        RoundText.objects.filter(round__in=keys)
        .select_related("version__text")
        .defer("version__text__body")
        .annotate(
            ready_number=Subquery(ready.values("number")[:1]),
            ready_name=Subquery(ready.values("name")[:1]),
            uncleared=refused_by_lawyer(),
        )
    )


def _asked_rows(keys: list[int], *, named: bool) -> QuerySet[AnnotatedAsked]:
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=OuterRef("round__draft__workspace"), ended_at=None
    )
    rows = Asked.objects.filter(round__in=keys).select_related("organisation")
    return (
        (rows if named else rows.defer(*SEALED_FIELDS))
        .annotate(
            is_frozen=Exists(frozen_organisations().filter(organisation=OuterRef("organisation"))),
            takes_part=Exists(part),
            could_answer=could_answer_during_notice(),
        )
        .order_by("id")
    )


def _attestation_rows(rounds: Collection[ApprovalRound]) -> QuerySet[Attestation]:
    """Return the attestations of the drafts' texts that are not withdrawn. Hashes determine
    staleness."""
    drafts = [round_.draft_id for round_ in rounds]
    rows = Attestation.objects.filter(translation__text__draft__in=drafts, taken_back_at=None)
    rows = rows.select_related("translation", "source", "reviewer", "organisation")
    return rows.defer("translation__canonical", "source__canonical")


def _attestation_is_current(row: Attestation, put: Iterable[RoundText]) -> bool:
    hashes = {text.version.text_id: text.version.hash for text in put}
    both = {row.translation.text_id: row.translation_hash, row.source.text_id: row.source_hash}
    return all(hashes.get(text) == digest for text, digest in both.items())


def _attested_pairs(rows: Iterable[Attestation], texts: set[int]) -> tuple[Attested, ...]:
    return tuple(
        Attested(row.translation.language, row.translation_hash, row.source.language, row.source_hash)
        for row in rows
        if row.translation.text_id in texts
    )


def _approval_values(keys: list[int]) -> Iterable[_Row]:
    """Return plain values: for hundreds of rows, three models each would cost more than the
    query."""
    rows = Approval.objects.filter(round__in=keys, superseded_at=None)
    return rows.annotate(fallen=basis_is_gone()).values(
        "round_id",
        "organisation_id",
        "language",
        "hash",
        "decision",
        "at",
        "named",
        "reason",
        "way",
        "counts_from",
        "objected_at",
        "slip_id",
        "filling_id",
        "fallen",
        number=F("version__number"),
        who=F("person__name"),
    )


def _reading_values(keys: list[int]) -> Iterable[_Row]:
    rows = Reading.objects.filter(round__in=keys)
    return rows.values(
        "round_id",
        "organisation_id",
        "at",
        language=F("version__language"),
        hash=F("version__hash"),
        who=F("person__name"),
    )


def _decision_from(row: _Row, told: set[int], *, is_open: bool) -> Decision:
    return Decision(
        organisation=row["organisation_id"],
        language=row["language"],
        hash=row["hash"],
        number=row["number"],
        kind=row["decision"],
        at=row["at"],
        person=(row["who"] or row["named"]) if row["organisation_id"] in told else "",
        reason=row["reason"],
        way=row["way"],
        counts_from=row["counts_from"],
        objected_at=row["objected_at"],
        slip=row["slip_id"] is not None,
        filled=row["filling_id"] is not None,
        carried=row["way"] == Way.CARRIED_OVER,
        fallen=row["fallen"] and is_open,
    )


def _opening_from(row: _Row, told: set[int]) -> RoundOpening:
    return RoundOpening(
        organisation=row["organisation_id"],
        language=row["language"],
        hash=row["hash"],
        at=row["at"],
        person=(row["who"] or "") if row["organisation_id"] in told else "",
    )


def publishing_obstacles(board: Board) -> list[str]:
    """Return why the round cannot be published now, in words; empty if it can."""
    if board.round.state != RoundState.OPEN:
        return [str(_("This round is closed or published already."))]
    return board.matrix.obstacles


def _quotations_agreed(drafts: Mapping[int, Collection[Document]]) -> dict[int, frozenset[str]]:
    """Draft → digests of quotations in its words that their speakers approve."""
    found = [agreed(drafts) for agreed in HOOKS.quotations_agreed]
    return {draft: frozenset().union(*(one.get(draft, ()) for one in found)) for draft in drafts}
