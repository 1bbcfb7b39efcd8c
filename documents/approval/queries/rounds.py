"""Queries for rounds, organisations asked, and the table of whom to ask."""

from functools import cache
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Now

from coalition.accounts.models import Language, User
from coalition.accounts.queries import active_memberships, frozen_organisations
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import own_seats, read_list_once
from documents.approval.models import (
    Approval,
    ApprovalRound,
    Asked,
    AskingGroup,
    AskingRow,
    AskingSetting,
    Attestation,
    RoundText,
)
from documents.approval.queries.boards import boards_of
from documents.approval.queries.inherited import APPROVING_KINDS, basis_is_gone
from documents.canonical.nodes import OPEN_GAP
from documents.drafts.models import (
    ApprovalRule,
    DecisionKind,
    Draft,
    Handling,
    PublicationState,
    RoundState,
    TextKind,
    Voice,
    Way,
)
from documents.drafts.queries import READER_NAMING_MARKS, admitted_by_list, drafts_for, may_decide, takes_part
from documents.publication.models import Publication, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def rounds_for(user: object, workspace: Workspace | None = None) -> QuerySet[ApprovalRound]:
    """Return rounds of the drafts that the person may read, newest first."""
    rows = ApprovalRound.objects.filter(draft__in=drafts_for(user, workspace))
    return rows.select_related("draft__workspace", "draft__organisation", "organisation", "opened_by")


def rounds_in(user: object, workspace: Workspace) -> QuerySet[ApprovalRound]:
    """Return rounds of one workspace for its list, with `asked_count` and `language_count`."""
    rows = rounds_for(user, workspace).annotate(
        asked_count=Count("asked", distinct=True), language_count=Count("texts", distinct=True)
    )
    return rows.order_by("-pk")


def open_round_of(draft: Draft) -> ApprovalRound | None:
    """Return the draft's open round. The caller may read the draft."""
    return ApprovalRound.objects.filter(draft=draft, state=RoundState.OPEN).first()


def lock_round(round_: ApprovalRound) -> ApprovalRound:
    """Return the round with its draft and workspace, locked."""
    rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
    return rows.get(pk=round_.pk)


def rounds_with_next_step(user: object) -> QuerySet[ApprovalRound]:
    """Return `rounds_for`, with `decides` (the person may decide) and `publication_uuid` (if published)."""
    states = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]
    published = Publication.objects.filter(round=OuterRef("pk"), state__in=states).order_by("-number")
    return rounds_for(user).annotate(
        decides=Exists(asked_of(user).filter(round=OuterRef("pk"))),
        publication_uuid=Subquery(published.values("uuid")[:1]),
    )


def asked_of(user: object) -> QuerySet[Asked]:
    """Return what the person may decide or has decided for an organisation asked, whatever their seat.

    A representative or alternate always; a member with a mandate within its dates and kind of text. The
    organisation must still take part in the workspace; a frozen one has no access. A handling mark or list
    that the draft got after the round excludes those it does not admit.
    """
    if not isinstance(user, User) or not user.is_active:
        return Asked.objects.none()
    named = Draft.named_people.through.objects.filter(draft=OuterRef("round__draft"), user=user)
    marked = (
        ~Q(round__draft__handling__in=READER_NAMING_MARKS)
        | (Q(round__draft__handling=Handling.NAMED_PEOPLE) & Exists(named))
        | Q(round__draft__handling=Handling.ORGANISATION, organisation=F("round__draft__organisation"))
    )
    rows = _asked_of_own_organisations(user).filter(
        marked,
        admitted_by_list(),
        takes_part("round__draft__workspace"),
        may_decide(user, Q(subject=OuterRef("round__draft__kind"))),
    )
    return rows.select_related("organisation", "round__draft__workspace")


def _asked_of_own_organisations(user: User) -> QuerySet[Asked]:
    """Return rows of the person's own organisations; filtered first, because they are few."""
    return Asked.objects.filter(organisation__in=active_memberships(user).order_by().values("organisation"))


def languages_in_round(round_: ApprovalRound) -> list[str]:
    """Return the languages of the round, Kazakh first."""
    return sorted(round_.texts.values_list("language", flat=True), key=Language.values.index)


def may_wait_for(user: User) -> QuerySet[Asked]:
    """Return rows of the person's organisations asked in open rounds, whether they may decide or not."""
    return _asked_of_own_organisations(user).filter(round__state=RoundState.OPEN)


def undecided_for(user: User) -> QuerySet[Asked]:
    """Return what the person has yet to decide: open rounds with a current version (by hash) undecided."""
    undecided = _round_texts().filter(~Exists(_decisions_on_round_texts()))
    waiting = asked_of(user).filter(Exists(undecided), round__state=RoundState.OPEN)
    return waiting.filter(round__draft__workspace__archived_at=None)


# The matrix decides when something is published. SQL excludes rounds that certainly lack something;
# the matrix is computed only for the others.


class RoundNeeds(TypedDict):
    """Annotation of a round: it lacks something required for publication (see the matrix); changes
    are asked about current versions; exactly these versions are scheduled."""

    lacks: bool
    changes_asked: bool
    scheduled: bool


type RoundToSettle = WithAnnotations[ApprovalRound, RoundNeeds]


def rounds_to_settle(user: object) -> list[RoundToSettle]:
    """Return open rounds that the person coordinates, nearest deadline first, with what they need. The
    conditions are long: call only for coordinators of an open round (`led_by`)."""
    if not isinstance(user, User):
        return []
    return read_list_once(user, "rounds to settle", lambda: _annotated_rounds_to_settle(user))


def _annotated_rounds_to_settle(user: User) -> list[RoundToSettle]:
    submitted = RoundText.objects.filter(round=OuterRef("round"))
    changes = Approval.objects.filter(
        round=OuterRef("pk"), decision=DecisionKind.CHANGES_ASKED, superseded_at=None
    ).filter(Exists(submitted.filter(language=OuterRef("language"), version__hash=OuterRef("hash"))))
    unfit = RoundText.objects.filter(
        ~Q(version__hash=F("version__text__content_hash")) | Q(version__canonical__contains=OPEN_GAP),
        round=OuterRef("pk"),
    )
    rows = rounds_for(user).filter(pk__in=led_by(user).values("pk"))
    lacks = ExpressionWrapper(Q(Exists(unfit)) | rule_lacks(), output_field=BooleanField())
    # scheduled: exactly these versions are
    planned = PublicationText.objects.filter(
        publication__round=OuterRef("round"),
        publication__state=PublicationState.SCHEDULED,
        version=OuterRef("version"),
    )
    unscheduled = RoundText.objects.filter(~Exists(planned), round=OuterRef("pk"))
    rows = rows.annotate(lacks=lacks, changes_asked=Exists(changes), scheduled=~Exists(unscheduled))
    found = list(rows.order_by("deadline"))
    # The matrix of the others: only `documents.approval.obstacles` knows which translations may be
    # relied on, and quotations need the texts.
    fit = [row for row in found if not row.lacks]
    for round_, board in zip(fit, boards_of(fit, None) if fit else [], strict=True):
        round_.lacks = not board.matrix.is_complete
    return found


def led_by(user: User) -> QuerySet[ApprovalRound]:
    """Return open rounds in the workspaces that the person coordinates."""
    seats = own_seats(user).filter(
        role=SeatRole.COORDINATOR, workspace=OuterRef("draft__workspace"), workspace__archived_at=None
    )
    return ApprovalRound.objects.filter(Exists(seats), state=RoundState.OPEN, draft__archived_at=None)


@cache
def rule_lacks() -> Q:
    """Return the condition on a round that its rule is not met, without organisations that left the
    coalition. Built once: building it takes longer than the query."""
    asked = Asked.objects.filter(round=OuterRef("pk"), organisation__left_at=None)
    joined = asked.filter(has_joined())
    awaited = asked.filter(
        Exists(_round_texts().filter(~Exists(_valid_decisions()))),
        takes_part("round__draft__workspace"),
        ~Exists(frozen_organisations().filter(organisation=OuterRef("organisation"))),
        excluded_at=None,
    )
    speaker = joined.filter(organisation=OuterRef("speaker"))
    early = Q(deadline__gt=Now()) & (Q(rule=ApprovalRule.NO_OBJECTION) | Q(Exists(awaited)))
    return (
        Q(Q(rule=ApprovalRule.ALL) & Exists(asked.filter(~has_joined())))
        | (~Q(rule=ApprovalRule.ALL) & early)
        | ~Q(Exists(joined))
        | Q(Q(voice=Voice.ONE) & ~Exists(speaker))
        | Q(Q(rule=ApprovalRule.NO_OBJECTION) & Exists(_blocking_approvals().filter(round=OuterRef("pk"))))
    )


def _blocking_approvals() -> QuerySet[Approval]:
    """Return what blocks *no objection*: an organisation objects to the current versions, asks for changes,
    or disowned a recorded decision on them; or objected to earlier ones and has decided on none since."""
    same = Approval.objects.filter(
        round=OuterRef("round"),
        organisation=OuterRef("organisation"),
        language=OuterRef("language"),
        superseded_at=None,
    )
    submitted = RoundText.objects.filter(round=OuterRef("round"), language=OuterRef("language"))
    on_these = Exists(submitted.filter(version__hash=OuterRef("hash")))
    earlier = (
        Q(decision=DecisionKind.OBJECTS)
        & Q(Exists(submitted))
        & ~Q(Exists(same.filter(on_these)))
        & ~Q(Exists(same.filter(pk__gt=OuterRef("pk"))))
    )
    against = [DecisionKind.OBJECTS, DecisionKind.CHANGES_ASKED]
    disowned = Q(decision__in=APPROVING_KINDS, objected_at__isnull=False)
    return Approval.objects.filter(
        (Q(on_these) & (Q(decision__in=against) | disowned)) | earlier,
        superseded_at=None,
        organisation__left_at=None,
    )


def has_joined() -> Q:
    """Return the condition on an organisation asked that it is a signatory, with an approval of its own."""
    own = _decisions_on_round_texts().filter(decision=DecisionKind.APPROVED, objected_at=None)
    counting = _valid_decisions().filter(
        Q(counts_from=None) | Q(counts_from__lte=Now()), decision__in=APPROVING_KINDS, objected_at=None
    )
    return ~Q(Exists(_round_texts().filter(~Exists(counting)))) & Q(
        Exists(_round_texts().filter(Exists(own)))
    )


def _round_texts() -> QuerySet[RoundText]:
    """Return the texts put to an organisation asked."""
    return RoundText.objects.filter(round=OuterRef("round"))


def _decisions_on_round_texts() -> QuerySet[Approval]:
    """Return the organisation's decisions on the current version of a text, and valid inherited ones."""
    return Approval.objects.filter(
        ~basis_is_gone(),
        round=OuterRef("round"),
        organisation=OuterRef(OuterRef("organisation")),
        hash=OuterRef("version__hash"),
        language=OuterRef("language"),
        superseded_at=None,
    )


def _valid_decisions() -> QuerySet[Approval]:
    """Return those of them still valid: a reliance needs an attestation, one step in either direction."""
    attested = Attestation.objects.filter(
        Q(translation_hash=OuterRef("hash")) | Q(source_hash=OuterRef("hash")), taken_back_at=None
    )
    return _decisions_on_round_texts().filter(
        ~Q(decision=DecisionKind.RELIES) | Q(way=Way.CARRIED_OVER) | Q(Exists(attested))
    )


def asking_table() -> list[AskingRow]:
    """Return one row per kind of text, as stored or by default: two queries at most."""
    stored = {row.kind: row for row in AskingRow.objects.select_related("group")}
    return [stored.get(kind) or AskingRow(kind=kind) for kind in TextKind.values]


def asking_for(kind: str) -> AskingRow | None:
    """Return the stored row for a kind of text, if any; its group's organisations take one more query."""
    rows = AskingRow.objects.select_related("group").prefetch_related("group__organisations")
    return rows.filter(kind=kind).first()


def asking_groups() -> QuerySet[AskingGroup]:
    return AskingGroup.objects.prefetch_related("organisations").order_by("name")


def allows_no_objection() -> bool:
    """Whether the coalition allows tacit consent beside approvals."""
    return AskingSetting.objects.filter(pk=1, allows_no_objection=True).exists()
