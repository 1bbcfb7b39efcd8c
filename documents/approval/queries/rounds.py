"""Lists of rounds and of who is asked: the only place where they come from."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from coalition.accounts.enums import Language, MembershipRole
from coalition.accounts.models import Mandate, Membership, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.workspaces.models import Participation, Workspace
from documents.approval.models.rounds import Approval, ApprovalRound, Asked, RoundText
from documents.approval.queries.inherited import is_fallen
from documents.drafts.enums import Handling, PublicationState, RoundState
from documents.drafts.models import Draft
from documents.drafts.queries import NARROW, coordinators_of, drafts_for, listed
from documents.publication.models.publication import Publication
from documents.resolutions.models import QuestionAsked

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
    shown = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]
    published = Publication.objects.filter(round=OuterRef("pk"), state__in=shown).order_by("-number")
    return rounds_for(user).annotate(
        decides=Exists(asked_of(user).filter(round=OuterRef("pk"))),
        publication_uuid=Subquery(published.values("uuid")[:1]),
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


def capacity_of(user: User, asked: Asked | QuestionAsked) -> str:
    """In which capacity the person approves for the organisation: representative, alternate or mandate."""
    membership = active_memberships(user).filter(organisation=asked.organisation).first()
    return _capacity(membership.role if membership is not None else None)


def asked_with_capacity(
    user: User, round_: ApprovalRound, organisation: Organisation
) -> tuple[Asked, str] | None:
    """What the person may decide in the round for the organisation, and in which capacity; one query."""
    own = active_memberships(user).filter(organisation=OuterRef("organisation"))
    rows = asked_of(user).annotate(own_role=Subquery(own.values("role")[:1]))
    found = rows.filter(round=round_, organisation=organisation).first()
    return (found, _capacity(found.own_role)) if found is not None else None


def _capacity(role: str | None) -> str:
    return role if role is not None and role in APPROVING_ROLES else "mandate"


def approvers_of(organisation: Organisation, *, kind: str) -> list[User]:
    """Everyone who may approve a text of this kind for the organisation now, each once."""
    return approvers_by_organisation([organisation.pk], kind=kind)[organisation.pk]


def approvers_by_organisation(organisations: Iterable[int], *, kind: str) -> defaultdict[int, list[User]]:
    """The same for many, by primary key, in one query."""
    mandates = open_mandates().filter(Q(subject="") | Q(subject=kind), membership=OuterRef("pk"))
    members = active_memberships().filter(
        Q(role__in=APPROVING_ROLES) | Exists(mandates), organisation__in=set(organisations)
    )
    found: defaultdict[int, list[User]] = defaultdict(list)
    for membership in members.select_related("person"):
        found[membership.organisation_id].append(membership.person)
    return found


def representatives(organisation: Organisation) -> list[User]:
    """Those who are told when somebody else approved for their organisation."""
    rows: QuerySet[Membership] = active_memberships().filter(
        organisation=organisation, role=MembershipRole.REPRESENTATIVE
    )
    return [membership.person for membership in rows.select_related("person")]


def coordinators_for(round_: ApprovalRound) -> list[User]:
    """Coordinators of the workspace who may read the draft, each once."""
    return coordinators_of(round_.draft)


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
