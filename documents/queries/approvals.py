"""Lists of rounds and of who is asked: the only place where they come from."""

import json
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from coalition.partners.enums import Language, MembershipRole
from coalition.partners.models import Mandate, Membership, Organisation, User
from coalition.partners.naming import Viewer, display_name_for, may_be_told
from coalition.partners.queries import active_memberships, frozen_organisations
from coalition.roles import SeatRole
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import active_seats, seats_in
from documents.canonical.walk import OPEN_GAP, open_gaps
from documents.enums import DecisionKind, RoundState
from documents.matrix import AskedOrganisation, Decision, Matrix, Opened, PutText, RoundData, build_matrix
from documents.models import Approval, ApprovalRound, Asked, Draft, Publication, Reading, RoundText, Version
from documents.queries.drafts import drafts_for

APPROVING_ROLES = [MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE]


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
    published = Publication.objects.filter(round=OuterRef("pk")).order_by("-number").values("uuid")[:1]
    return rounds_for(user).annotate(
        decides=Exists(asked_of(user).filter(round=OuterRef("pk"))), publication_uuid=Subquery(published)
    )


def open_mandates(user: User | None = None) -> QuerySet[Mandate]:
    """Mandates that count at this moment, by the database's clock, of members who count."""
    return Mandate.objects.filter(
        membership__in=active_memberships(user),
        revoked_at=None,
        valid_from__lte=Now(),
        valid_until__gt=Now(),
    )


def asked_of(user: object) -> QuerySet[Asked]:
    """What the person may decide or has decided on, for an organisation asked: whatever seat they hold.

    A representative or alternate always; a member with a mandate within its dates and kind of text. The
    organisation must still take part in the workspace; a frozen one has no access.
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
    rows = Asked.objects.filter(Exists(part), Exists(member) | Exists(mandate))
    return rows.select_related("organisation", "round__draft__workspace")


def capacity_of(user: User, asked: Asked) -> str:
    """In which capacity the person approves for the organisation: representative, alternate or mandate."""
    membership = active_memberships(user).filter(organisation=asked.organisation).first()
    if membership is not None and membership.role in APPROVING_ROLES:
        return membership.role
    return "mandate"


def approvers_of(organisation: Organisation, *, kind: str) -> list[User]:
    """Everyone who may approve a text of this kind for the organisation now, each once."""
    mandates = open_mandates().filter(Q(subject="") | Q(subject=kind), membership=OuterRef("pk"))
    members = active_memberships().filter(
        Q(role__in=APPROVING_ROLES) | Exists(mandates), organisation=organisation
    )
    return [membership.person for membership in members.select_related("person")]


def representatives(organisation: Organisation) -> list[User]:
    """Those who are told when somebody else approved for their organisation."""
    rows: QuerySet[Membership] = active_memberships().filter(
        organisation=organisation, role=MembershipRole.REPRESENTATIVE
    )
    return [membership.person for membership in rows.select_related("person")]


def coordinators_for(round_: ApprovalRound) -> list[User]:
    """Coordinators of the workspace who may read the draft, each once."""
    draft = round_.draft
    rows = seats_in(draft.workspace).filter(role=SeatRole.COORDINATOR)
    if draft.restricted:
        rows = rows.filter(organisation__in=draft.restricted_to.all())
    return list({seat.person_id: seat.person for seat in rows}.values())


@dataclass(frozen=True)
class Board:
    """A round with its matrix, named for one viewer; `asked` in the order of the matrix."""

    round: ApprovalRound
    texts: list[RoundText]
    asked: list[Asked]
    matrix: Matrix


def board_of(round_: ApprovalRound, viewer: Viewer) -> Board:
    """Read everything about a round the caller may see, in four queries whatever its size."""
    texts = sorted(_texts(round_), key=lambda text: Language.values.index(text.language))
    asked = list(_asked(round_))
    told = {row.organisation_id for row in asked if may_be_told(viewer, row.organisation)}
    data = RoundData(
        texts=tuple(_put(text) for text in texts),
        asked=_organisations(viewer, asked),
        decisions=tuple(_decision(row, told) for row in _approvals(round_)),
        opened=tuple(_opened(row, told) for row in _readings(round_)),
    )
    return Board(round=round_, texts=texts, asked=asked, matrix=build_matrix(data))


def put_languages(round_: ApprovalRound) -> list[str]:
    """The languages put, Kazakh first."""
    return sorted(round_.texts.values_list("language", flat=True), key=Language.values.index)


def _put(text: RoundText) -> PutText:
    version = text.version
    return PutText(
        language=text.language,
        number=version.number,
        hash=version.hash,
        current_hash=version.text.content_hash,
        put_at=text.put_at,
        gaps=tuple(open_gaps(json.loads(version.canonical))),
    )


def _organisations(viewer: Viewer, asked: list[Asked]) -> tuple[AskedOrganisation, ...]:
    return tuple(
        AskedOrganisation(
            pk=row.organisation_id,
            name=display_name_for(viewer, row.organisation),
            frozen=row.is_frozen,  # type: ignore[attr-defined]  # annotated
            takes_part=row.takes_part,  # type: ignore[attr-defined]  # annotated
        )
        for row in asked
    )


def _texts(round_: ApprovalRound) -> QuerySet[RoundText]:
    """With `ready_number` and `ready_name` of the newest version that says what the text says now."""
    ready = Version.objects.filter(
        text=OuterRef("version__text"), hash=OuterRef("version__text__content_hash")
    ).order_by("-number")
    return (
        RoundText.objects.filter(round=round_)
        .select_related("version__text")
        .defer("version__text__body")
        .annotate(
            ready_number=Subquery(ready.values("number")[:1]), ready_name=Subquery(ready.values("name")[:1])
        )
    )


def _asked(round_: ApprovalRound) -> QuerySet[Asked]:
    """With `is_frozen`, and `takes_part` in the workspace now."""
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=round_.draft.workspace_id, ended_at=None
    )
    return (
        Asked.objects.filter(round=round_)
        .select_related("organisation")
        .annotate(
            is_frozen=Exists(frozen_organisations().filter(organisation=OuterRef("organisation"))),
            takes_part=Exists(part),
        )
        .order_by("id")
    )


def _approvals(round_: ApprovalRound) -> QuerySet[Approval]:
    rows = Approval.objects.filter(round=round_, superseded_at=None)
    return rows.select_related("person", "version").defer("version__canonical")


def _readings(round_: ApprovalRound) -> QuerySet[Reading]:
    rows = Reading.objects.filter(round=round_)
    return rows.select_related("person", "version").defer("version__canonical")


def _decision(row: Approval, told: set[int]) -> Decision:
    return Decision(
        organisation=row.organisation_id,
        language=row.language,
        hash=row.hash,
        number=row.version.number,
        kind=row.decision,
        at=row.at,
        person=row.person.name if row.person and row.organisation_id in told else "",
        reason=row.reason,
        way=row.way,
    )


def _opened(row: Reading, told: set[int]) -> Opened:
    return Opened(
        organisation=row.organisation_id,
        language=row.version.language,
        hash=row.version.hash,
        at=row.at,
        person=row.person.name if row.person and row.organisation_id in told else "",
    )


def waiting_for(user: User) -> QuerySet[Asked]:
    """What the person has still to decide: asked, in an open round, with words not decided on.

    A decision counts for a language if its hash is the one that is put now.
    """
    decided = Approval.objects.filter(
        round=OuterRef("round"),
        organisation=OuterRef(OuterRef("organisation")),
        hash=OuterRef("version__hash"),
        language=OuterRef("language"),
        superseded_at=None,
    )
    undecided = RoundText.objects.filter(~Exists(decided), round=OuterRef("round"))
    return asked_of(user).filter(
        Exists(undecided), round__state=RoundState.OPEN, round__draft__workspace__archived_at=None
    )


def rounds_to_settle(user: object) -> QuerySet[ApprovalRound]:
    """Open rounds that the person coordinates, with what they need: `lacks` something without which
    publishing refuses (the matrix says what), `changes_asked` about words that are put now. One query.

    What an organisation approved before it was frozen or left stays, here as there.
    """
    if not isinstance(user, User):
        return ApprovalRound.objects.none()
    put = RoundText.objects.filter(round=OuterRef("round"))
    counting = Approval.objects.filter(
        round=OuterRef("round"),
        organisation=OuterRef("organisation"),
        hash=OuterRef(OuterRef("version__hash")),
        language=OuterRef(OuterRef("language")),
        decision=DecisionKind.APPROVED,
        superseded_at=None,
    )
    silent = Asked.objects.filter(~Exists(counting), round=OuterRef("round"))
    lacking = RoundText.objects.filter(
        Exists(silent)
        | ~Q(version__hash=F("version__text__content_hash"))
        | Q(version__canonical__contains=OPEN_GAP),
        round=OuterRef("pk"),
    )
    changes = Approval.objects.filter(
        round=OuterRef("pk"), decision=DecisionKind.CHANGES_ASKED, superseded_at=None
    ).filter(Exists(put.filter(language=OuterRef("language"), version__hash=OuterRef("hash"))))
    seats = active_seats(user).filter(
        role=SeatRole.COORDINATOR, workspace=OuterRef("draft__workspace"), workspace__archived_at=None
    )
    rows = rounds_for(user).filter(Exists(seats), state=RoundState.OPEN, draft__archived_at=None)
    return rows.annotate(lacks=Exists(lacking), changes_asked=Exists(changes)).order_by("deadline")
