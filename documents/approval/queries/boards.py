"""The board of a round: each organisation's decisions, and tacit consent."""

import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Freeze, Language, Membership, Organisation
from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.accounts.queries import active_memberships, frozen_organisations
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField
from coalition.workspaces.models import Participation
from documents.approval.matrix import Matrix, build_matrix
from documents.approval.models import Approval, ApprovalRound, Asked, Attestation, Reading, RoundText
from documents.approval.queries.inherited import basis_is_gone
from documents.approval.round_data import AskedOrganisation, Decision, RoundData, SubmittedText
from documents.canonical.form import Document
from documents.canonical.nodes import open_gaps
from documents.canonical.passages import quotations_of
from documents.drafts.models import ApprovalRule, DecisionKind, RoundState, Version, Voice, Way
from documents.drafts.queries import APPROVING_ROLES, takes_part
from documents.hooks import HOOKS
from documents.legal_review.queries import refused_by_lawyer
from documents.publication.models import PublicationName

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def could_answer_during_notice() -> ExpressionWrapper[Q]:
    """Return the condition on an organisation asked that it could answer throughout the notice
    period, from its notification of the current versions until the deadline: it had a
    representative or alternate, took part, and was never frozen.

    After an interruption, by a freeze or a change of the only representative, the notice period
    does not restart: its silence does not count in this round, until it is notified of newer
    versions. For a published round: whether it was named by tacit consent.
    """
    deadline = OuterRef("round__deadline")
    through = {"started_at__lte": OuterRef("told_at")}
    still = Q(ended_at=None) | Q(ended_at__gte=deadline)
    member = Membership.objects.filter(
        still,
        organisation=OuterRef("organisation"),
        role__in=APPROVING_ROLES,
        person__is_active=True,
        **through,
    )
    part = Participation.objects.filter(
        still, organisation=OuterRef("organisation"), workspace=OuterRef("round__draft__workspace"), **through
    )
    frozen = Freeze.objects.filter(
        Q(thawed_at=None) | Q(thawed_at__gt=OuterRef("told_at")),
        organisation=OuterRef("organisation"),
        frozen_at__lt=deadline,
    )
    named = PublicationName.objects.filter(
        publication__round=OuterRef("round"), organisation=OuterRef("organisation"), way=Way.NO_OBJECTION
    )
    notified = Q(told_at__isnull=False) & Q(Exists(member)) & Q(Exists(part)) & ~Q(Exists(frozen))
    published = Q(round__state=RoundState.PUBLISHED)
    return ExpressionWrapper(
        (published & Q(Exists(named))) | (~published & notified), output_field=BooleanField()
    )


def may_object() -> Exists:
    """Return the condition on an organisation asked that one of its deciders can answer now."""
    return Exists(
        active_memberships().filter(organisation=OuterRef("organisation"), role__in=APPROVING_ROLES)
    )


class TextReadiness(TypedDict):
    """Annotation of a text: number and name of the newest version that matches the current text,
    None without one; whether a lawyer has refused to clear the version under approval."""

    ready_number: int | None
    ready_name: str | None
    uncleared: bool


class AskedState(TypedDict):
    """Annotation of an organisation asked: frozen now; in the workspace now; there all the notice period."""

    is_frozen: bool
    takes_part: bool
    could_answer: bool


# The fields of each organisation asked from which its names are read.
SEALED_FIELDS = [
    f"organisation__{field.name}"
    for field in Organisation._meta.get_fields()
    if isinstance(field, SealedTextField)
]

# Fields of an approval that a decision of the matrix has too.
DECISION_FIELDS = ("language", "hash", "at", "reason", "way", "counts_from", "objected_at")

type AnnotatedRoundText = WithAnnotations[RoundText, TextReadiness]
type AnnotatedAsked = WithAnnotations[Asked, AskedState]
type _Row = Mapping[str, Any]


@dataclass(frozen=True)
class Board:
    """A round with its matrix, named for one viewer. `asked` has the matrix's order."""

    round: ApprovalRound
    texts: list[AnnotatedRoundText]
    asked: list[AnnotatedAsked]
    matrix: Matrix
    attestations: tuple[Attestation, ...]  # between the current versions


def board_of(round_: ApprovalRound, viewer: Viewer | None) -> Board:
    """Load everything about a round the caller may see. Its draft is loaded. `viewer` as below."""
    return boards_of([round_], viewer)[0]


def boards_of(rounds: Collection[ApprovalRound], viewer: Viewer | None) -> list[Board]:
    """Load the boards of many rounds, in their order, with a constant number of queries. `viewer` None: to
    check completeness; names are empty, readings not loaded, attestations only where somebody relies on
    one."""
    keys = [round_.pk for round_ in rounds]
    texts = _by_round(_round_text_rows(keys), attrgetter("round_id"))
    asked = _by_round(_asked_rows(keys, named=viewer is not None), attrgetter("round_id"))
    approvals = _by_round(_approval_values(keys), itemgetter("round_id"))
    readings = _by_round(_reading_values(keys) if viewer is not None else (), itemgetter("round_id"))
    relied_on = any(row["decision"] == DecisionKind.RELIES for rows in approvals.values() for row in rows)
    attestations = Attestation.objects.filter(
        translation__text__draft__in=[one.draft_id for one in rounds], taken_back_at=None
    ).select_related("translation", "source", "reviewer", "organisation")
    attestations = attestations.defer("translation__canonical", "source__canonical")
    attested = list(attestations) if viewer is not None or relied_on else []
    moment = now()
    documents = {text.pk: json.loads(text.version.canonical) for rows in texts.values() for text in rows}
    drafts = {
        one.draft_id: [documents[text.pk] for text in texts[one.pk]]
        for one in rounds
        if one.state == RoundState.OPEN
    }
    agreements = [find(drafts) for find in HOOKS.quotations_agreed]
    # draft → digests of quotations in its texts that their speakers approve
    agreed = {draft: frozenset().union(*(one.get(draft, ()) for one in agreements)) for draft in drafts}
    boards = []
    for round_ in rounds:
        submitted = sorted(texts[round_.pk], key=lambda text: Language.values.index(text.language))
        rows = asked[round_.pk]
        named = {row.organisation_id for row in rows if viewer and may_see_name(viewer, row.organisation)}
        hashes = {text.version.text_id: text.version.hash for text in submitted}
        current = tuple(  # bound to both hashes: stale as soon as one of the versions is replaced
            row
            for row in attested
            if hashes.get(row.translation.text_id) == row.translation_hash
            and hashes.get(row.source.text_id) == row.source_hash
        )
        is_open, approved = round_.state == RoundState.OPEN, agreed.get(round_.draft_id, frozenset())
        data = RoundData(
            texts=tuple(
                _submitted_text(one, documents[one.pk], approved, is_open=is_open) for one in submitted
            ),
            asked=_asked_organisations(viewer, rows, round_),
            decisions=tuple(_decision_from(row, named, is_open=is_open) for row in approvals[round_.pk]),
            opened={
                (row["organisation_id"], row["language"], row["hash"]): (
                    row["at"],
                    (row["who"] or "") if row["organisation_id"] in named else "",
                )
                for row in reversed(readings[round_.pk])  # the first one remains
            },
            attested=[(row.translation.language, row.source.language) for row in current],
            rule=ApprovalRule(round_.rule),
            voice=Voice(round_.voice),
            speaker=round_.speaker_id,
            deadline=round_.deadline,
            moment=moment if is_open else round_.closed_at,
        )
        boards.append(Board(round_, submitted, rows, build_matrix(data), current))
    return boards


def _by_round[T](rows: Iterable[T], round_of: Callable[[T], int]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[round_of(row)].append(row)
    return found


def _submitted_text(
    text: AnnotatedRoundText, document: Document, approved: frozenset[str], *, is_open: bool
) -> SubmittedText:
    """Return the text. `approved`: digests of quotations. A closed round ignores later changes."""
    version = text.version
    quotations = quotations_of(document) if is_open else []
    return SubmittedText(
        language=text.language,
        number=version.number,
        hash=version.hash,
        current_hash=version.text.content_hash if is_open else version.hash,
        put_at=text.put_at,
        gaps=tuple(open_gaps(document)),
        uncleared=is_open and text.uncleared,
        unspoken=tuple(dict.fromkeys(one.speaker for one in quotations if one.digest not in approved)),
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
    rows = Asked.objects.filter(round__in=keys).select_related("organisation")
    return (
        (rows if named else rows.defer(*SEALED_FIELDS))
        .annotate(
            is_frozen=Exists(frozen_organisations().filter(organisation=OuterRef("organisation"))),
            takes_part=takes_part("round__draft__workspace"),
            could_answer=could_answer_during_notice(),
        )
        .order_by("id")
    )


def _approval_values(keys: list[int]) -> Iterable[_Row]:
    """Return plain values: for hundreds of rows, three models each would cost more than the query."""
    rows = Approval.objects.filter(round__in=keys, superseded_at=None)
    return rows.annotate(fallen=basis_is_gone()).values(
        *DECISION_FIELDS,
        "round_id",
        "organisation_id",
        "decision",
        "named",
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


def _decision_from(row: _Row, named: set[int], *, is_open: bool) -> Decision:
    return Decision(
        organisation=row["organisation_id"],
        **{name: row[name] for name in DECISION_FIELDS},
        number=row["number"],
        kind=row["decision"],
        person=(row["who"] or row["named"]) if row["organisation_id"] in named else "",
        slip=row["slip_id"] is not None,
        filled=row["filling_id"] is not None,
        fallen=row["fallen"] and is_open,
    )


def publishing_obstacles(board: Board) -> list[str]:
    """Return why the round cannot be published now, in words; empty if it can."""
    if board.round.state != RoundState.OPEN:
        return [str(_("This round is closed or published already."))]
    return board.matrix.obstacles
