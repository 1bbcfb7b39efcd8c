"""Lists of rounds and of who is asked: the only place where they come from."""

from collections.abc import Collection
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

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships, frozen_organisations
from coalition.roles import SeatRole
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import active_seats, read_list_once
from documents.approval.models import (
    Approval,
    ApprovalRound,
    Asked,
    AskingGroup,
    AskingRow,
    AskingSetting,
    Attestation,
    RoundText,
    SilenceDeclined,
)
from documents.approval.queries.boards import boards_of
from documents.approval.queries.inherited import STANDS, is_fallen
from documents.canonical.walk import OPEN_GAP
from documents.drafts.deciders import APPROVING_ROLES, capacity_by, open_mandates
from documents.drafts.enums import (
    DecisionKind,
    Handling,
    PublicationState,
    RoundState,
    Rule,
    TextKind,
    Voice,
    Way,
)
from documents.drafts.models import Draft
from documents.drafts.queries import NARROW, drafts_for, listed
from documents.publication.models import Publication, PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def rounds_for(user: object, workspace: Workspace | None = None) -> QuerySet[ApprovalRound]:
    """Rounds of the drafts that the person may read, newest first."""
    rows = ApprovalRound.objects.filter(draft__in=drafts_for(user, workspace))
    return rows.select_related("draft__workspace", "draft__organisation", "organisation", "opened_by")


def rounds_in(user: object, workspace: Workspace) -> QuerySet[ApprovalRound]:
    """Rounds of one workspace for its list, with `asked_count` and `language_count`."""
    rows = rounds_for(user, workspace).annotate(
        asked_count=Count("asked", distinct=True), language_count=Count("texts", distinct=True)
    )
    return rows.order_by("-pk")


def open_round_of(draft: Draft) -> ApprovalRound | None:
    """The round in which the draft is put now. The caller may read the draft."""
    return ApprovalRound.objects.filter(draft=draft, state=RoundState.OPEN).first()


def rounds_with_what_follows(user: object) -> QuerySet[ApprovalRound]:
    """The same, with `decides` (the person may decide in it) and `publication_uuid` (if it was published)."""
    shown = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]
    published = Publication.objects.filter(round=OuterRef("pk"), state__in=shown).order_by("-number")
    return rounds_for(user).annotate(
        decides=Exists(asked_of(user).filter(round=OuterRef("pk"))),
        publication_uuid=Subquery(published.values("uuid")[:1]),
    )


def asked_of(user: object) -> QuerySet[Asked]:
    """What the person may decide or has decided on, for an organisation asked: whatever seat they hold.

    A representative or alternate always; a member with a mandate within its dates and kind of text. The
    organisation must still take part in the workspace; a frozen one has no access. A handling mark or a list
    that the draft got after the round keeps out whom it does not admit.
    """
    if not isinstance(user, User) or not user.is_active:
        return Asked.objects.none()
    member = active_memberships(user).filter(organisation=OuterRef("organisation"), role__in=APPROVING_ROLES)
    mandate = open_mandates(user).filter(
        Q(subject="") | Q(subject=OuterRef("round__draft__kind")),
        membership__organisation=OuterRef("organisation"),
    )
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=OuterRef("round__draft__workspace"), ended_at=None
    )
    named = Draft.named_people.through.objects.filter(draft=OuterRef("round__draft"), user=user)
    marked = (
        ~Q(round__draft__handling__in=NARROW)
        | (Q(round__draft__handling=Handling.NAMED_PEOPLE) & Exists(named))
        | Q(round__draft__handling=Handling.ORGANISATION, organisation=F("round__draft__organisation"))
    )
    rows = _asked_of_own(user).filter(marked, listed(), Exists(part))
    rows = rows.filter(Exists(member) | Exists(mandate))
    return rows.select_related("organisation", "round__draft__workspace")


def _asked_of_own(user: User) -> QuerySet[Asked]:
    """Where organisations of the person are asked: said first, a database begins with these few and not with
    all who were asked."""
    return Asked.objects.filter(organisation__in=active_memberships(user).order_by().values("organisation"))


def asked_with_capacity(
    user: User, round_: ApprovalRound, organisation: Organisation
) -> tuple[Asked, str] | None:
    """What the person may decide in the round for the organisation, and in which capacity; one query."""
    own = active_memberships(user).filter(organisation=OuterRef("organisation"))
    rows = asked_of(user).annotate(own_role=Subquery(own.values("role")[:1]))
    found = rows.filter(round=round_, organisation=organisation).first()
    return (found, capacity_by(found.own_role)) if found is not None else None


def put_languages(round_: ApprovalRound) -> list[str]:
    """The languages put, Kazakh first."""
    return sorted(round_.texts.values_list("language", flat=True), key=Language.values.index)


def may_wait_for(user: User) -> QuerySet[Asked]:
    """Where an organisation of the person is asked in an open round, whether they may decide or not."""
    return _in_open_rounds(_asked_of_own(user))


def waiting_for(user: User) -> QuerySet[Asked]:
    """What the person has still to decide: asked, in an open round, with words not decided on.

    A decision counts for a language if its hash is the one that is put now.
    """
    decided = Approval.objects.filter(
        ~is_fallen(),
        round=OuterRef("round"),
        organisation=OuterRef(OuterRef("organisation")),
        hash=OuterRef("version__hash"),
        language=OuterRef("language"),
        superseded_at=None,
    )
    undecided = RoundText.objects.filter(~Exists(decided), round=OuterRef("round"))
    waiting = asked_of(user).filter(Exists(undecided), round__draft__workspace__archived_at=None)
    return _in_open_rounds(waiting)


def _in_open_rounds(asked: QuerySet[Asked]) -> QuerySet[Asked]:
    return asked.filter(round__state=RoundState.OPEN)


# --- pending rounds ---
# Rounds a coordinator has to settle, for the desk and its counter on every page: two queries.
#
# What the matrix says decides when something is published. In SQL it is told which rounds lack something
# for
# sure; only where nothing does, the matrix itself is asked.


class Needs(TypedDict):
    """Of a round: it lacks something without which publishing refuses (the matrix says what); changes are
    asked about words put now; these very words become public by themselves."""

    lacks: bool
    changes_asked: bool
    scheduled: bool


type ToSettle = WithAnnotations[ApprovalRound, Needs]


def rounds_to_settle(user: object) -> list[ToSettle]:
    """Open rounds that the person coordinates, the nearest deadline first, with what they need.

    What an organisation approved before it was frozen or left stays, here as there. The conditions are long:
    ask only who coordinates something that is open (`led_by`). The desk asks twice, for what waits and for
    deadlines.
    """
    return (
        read_list_once(user, "rounds to settle", lambda: _to_settle(user)) if isinstance(user, User) else []
    )


def _to_settle(user: User) -> list[ToSettle]:
    put = RoundText.objects.filter(round=OuterRef("round"))
    changes = Approval.objects.filter(
        round=OuterRef("pk"), decision=DecisionKind.CHANGES_ASKED, superseded_at=None
    ).filter(Exists(put.filter(language=OuterRef("language"), version__hash=OuterRef("hash"))))
    unfit = RoundText.objects.filter(
        ~Q(version__hash=F("version__text__content_hash")) | Q(version__canonical__contains=OPEN_GAP),
        round=OuterRef("pk"),
    )
    rows = rounds_for(user).filter(pk__in=led_by(user).values("pk"))
    lacks = ExpressionWrapper(Q(Exists(unfit)) | rule_lacks(), output_field=BooleanField())
    told = rows.annotate(lacks=lacks, changes_asked=Exists(changes), scheduled=~_unscheduled())
    found = list(told.order_by("deadline"))
    _ask_the_matrix([row for row in found if not row.lacks])
    return found


def _ask_the_matrix(rounds: list[ToSettle]) -> None:
    """What SQL lets through is looked at whole: which translations may be relied on is told by
    `documents.approval.attestations` alone, and quotations by their words."""
    for round_, board in zip(rounds, boards_of(rounds, None) if rounds else [], strict=True):
        round_.lacks = not board.matrix.is_complete


def led_by(user: User) -> QuerySet[ApprovalRound]:
    """Open rounds in the workspaces that the person coordinates."""
    seats = active_seats(user).filter(
        role=SeatRole.COORDINATOR, workspace=OuterRef("draft__workspace"), workspace__archived_at=None
    )
    return ApprovalRound.objects.filter(Exists(seats), state=RoundState.OPEN, draft__archived_at=None)


def _unscheduled() -> Exists:
    """Of a round: a version is put that was not scheduled."""
    held = PublicationText.objects.filter(
        publication__round=OuterRef("round"),
        publication__state=PublicationState.SCHEDULED,
        version=OuterRef("version"),
    )
    return Exists(RoundText.objects.filter(~Exists(held), round=OuterRef("pk")))


@cache
def rule_lacks() -> Q:
    """Of a round: its rule asks for something that is not there now. Who left the coalition is not asked.

    Put together once: that takes longer than asking."""
    asked = Asked.objects.filter(round=OuterRef("pk"), organisation__left_at=None)
    joined = asked.filter(has_joined())
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=OuterRef("round__draft__workspace"), ended_at=None
    )
    awaited = asked.filter(
        Exists(_texts().filter(~Exists(_said()))),
        Exists(part),
        ~Exists(frozen_organisations().filter(organisation=OuterRef("organisation"))),
        excluded_at=None,
    )
    speaker = joined.filter(organisation=OuterRef("speaker"))
    early = Q(deadline__gt=Now()) & (Q(rule=Rule.NO_OBJECTION) | Q(Exists(awaited)))
    return (
        Q(Q(rule=Rule.ALL) & Exists(asked.filter(~has_joined())))
        | (~Q(rule=Rule.ALL) & early)
        | ~Q(Exists(joined))
        | Q(Q(voice=Voice.ONE) & ~Exists(speaker))
        | Q(Q(rule=Rule.NO_OBJECTION) & Exists(_against().filter(round=OuterRef("pk"))))
    )


def _against() -> QuerySet[Approval]:
    """What stands in the way of *no objection*: an organisation is against the words put, asks for changes
    of them, or disowned what was recorded on them; or was against words before and decided on none since."""
    same = Approval.objects.filter(
        round=OuterRef("round"),
        organisation=OuterRef("organisation"),
        language=OuterRef("language"),
        superseded_at=None,
    )
    put = RoundText.objects.filter(round=OuterRef("round"), language=OuterRef("language"))
    on_these = Exists(put.filter(version__hash=OuterRef("hash")))
    said_of_these = same.filter(Exists(put.filter(version__hash=OuterRef("hash"))))
    earlier = (
        Q(decision=DecisionKind.OBJECTS)
        & Q(Exists(put))
        & ~Q(Exists(said_of_these))
        & ~Q(Exists(same.filter(pk__gt=OuterRef("pk"))))
    )
    against = [DecisionKind.OBJECTS, DecisionKind.CHANGES_ASKED]
    disowned = Q(decision__in=STANDS, objected_at__isnull=False)
    return Approval.objects.filter(
        (Q(on_these) & (Q(decision__in=against) | disowned)) | earlier,
        superseded_at=None,
        organisation__left_at=None,
    )


def has_joined() -> Q:
    """Of an organisation asked: stands under every language put, with one at least that it approved."""
    own = _decisions().filter(decision=DecisionKind.APPROVED, objected_at=None)
    return ~Q(Exists(_texts().filter(~Exists(_counting())))) & Q(Exists(_texts().filter(Exists(own))))


def _texts() -> QuerySet[RoundText]:
    """The texts put to an organisation asked."""
    return RoundText.objects.filter(round=OuterRef("round"))


def _decisions() -> QuerySet[Approval]:
    """What that organisation recorded on the words put in one of them, or what was carried over and holds."""
    return Approval.objects.filter(
        ~is_fallen(),
        round=OuterRef("round"),
        organisation=OuterRef(OuterRef("organisation")),
        hash=OuterRef("version__hash"),
        language=OuterRef("language"),
        superseded_at=None,
    )


def _said() -> QuerySet[Approval]:
    """Those of them that are still said: for a translation somebody answers, in one step or the other way."""
    attested = Attestation.objects.filter(
        Q(translation_hash=OuterRef("hash")) | Q(source_hash=OuterRef("hash")), taken_back_at=None
    )
    return _decisions().filter(
        ~Q(decision=DecisionKind.RELIES) | Q(way=Way.CARRIED_OVER) | Q(Exists(attested))
    )


def _counting() -> QuerySet[Approval]:
    """Those of them that count now."""
    return _said().filter(
        Q(counts_from=None) | Q(counts_from__lte=Now()),
        decision__in=STANDS,
        objected_at=None,
    )


# --- approvers ---
# The table of whom to ask: the only place where it comes from.


def asking_table() -> list[AskingRow]:
    """One row a kind of text, as kept or as it is without anybody's saying: two queries at most."""
    kept = {row.kind: row for row in AskingRow.objects.select_related("group")}
    return [kept.get(kind) or AskingRow(kind=kind) for kind in TextKind.values]


def asking_for(kind: str) -> AskingRow | None:
    """The row for a kind of text, if the secretariat wrote one; its group's organisations in a query more."""
    rows = AskingRow.objects.select_related("group").prefetch_related("group__organisations")
    return rows.filter(kind=kind).first()


def asking_groups() -> QuerySet[AskingGroup]:
    return AskingGroup.objects.prefetch_related("organisations").order_by("name")


def allows_no_objection() -> bool:
    """Whether the coalition lets silence after notice stand beside approvals."""
    return AskingSetting.objects.filter(pk=1, allows_no_objection=True).exists()


def whose_silence_says_nothing(organisations: Collection[Organisation]) -> set[int]:
    rows = SilenceDeclined.objects.filter(organisation__in=organisations)
    return set(rows.values_list("organisation", flat=True))
