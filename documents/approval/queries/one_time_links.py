"""Queries for one-time links, objection links and phone calls."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from coalition.accounts.models import Language, Membership, MembershipRole, Organisation
from coalition.accounts.queries import active_memberships, frozen_organisations
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.queries import active_seats
from documents.approval.models import (
    Approval,
    ApprovalRound,
    ObjectionLink,
    OneTimeLink,
    PhoneCall,
    PhoneCode,
    RoundText,
)
from documents.canonical.form import short_hash
from documents.drafts.models import (
    OFFLINE_WAYS,
    CallOutcome,
    DecisionKind,
    Handling,
    LinkMaker,
    RoundState,
    Way,
)
from documents.drafts.queries import APPROVING_ROLES, admitted_by_list, frozen_since, takes_part

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class LinkCounts(TypedDict):
    """Annotation of a link: whether it may decide now, apart from the comparison of texts."""

    counts: bool


type AnnotatedOneTimeLink = WithAnnotations[OneTimeLink, LinkCounts]

PUBLISHING_ROLES = [role for role in SeatRole if Right.PUBLISH in RIGHTS[role]]


def links_that_decide() -> QuerySet[OneTimeLink]:
    """Return links that may decide now, apart from the comparison of texts (`link_versions_unchanged`).

    Evaluated at every use: not used, revoked or expired; the round open; the organisation taking part, in the
    draft's list if it has one, and not frozen since the link was made; and its maker could make it now.
    """
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    own = Q(round__draft__organisation=F("organisation"))
    marked = ~Q(round__draft__handling__in=[Handling.NAMED_PEOPLE, Handling.ORGANISATION]) | (
        Q(round__draft__handling=Handling.ORGANISATION) & own
    )
    seat = active_seats().filter(
        person=OuterRef("made_by"),
        organisation=OuterRef("made_for"),
        workspace=OuterRef("round__draft__workspace"),
        role__in=PUBLISHING_ROLES,
    )
    represents = active_memberships().filter(
        person=OuterRef("made_by"),
        organisation=OuterRef("organisation"),
        role=MembershipRole.REPRESENTATIVE,
    )
    return OneTimeLink.objects.filter(
        Q(made_as=LinkMaker.COORDINATOR) & Q(Exists(seat))
        | Q(made_as=LinkMaker.REPRESENTATIVE) & Q(Exists(represents)),
        marked,
        admitted_by_list(),
        takes_part("round__draft__workspace"),
        ~Exists(frozen),
        ~frozen_since("made_at"),
        used_at=None,
        ended_at=None,
        expires_at__gt=now(),
        round__state=RoundState.OPEN,
        round__draft__archived_at=None,
        round__draft__workspace__archived_at=None,
    )


def link_versions_unchanged(link: OneTimeLink) -> bool:
    """Whether the versions for which the link was made are current and match the texts."""
    texts = RoundText.objects.filter(round=link.round_id).select_related("version__text")
    rows = list(texts.defer("version__canonical", "version__text__body", "version__text__marked"))
    current = {row.language: row.version.hash for row in rows}
    return current == link.words and all(row.version.text.content_hash == row.version.hash for row in rows)


def one_time_link_of(token: str) -> OneTimeLink | None:
    """Return the link of a URL, if it may decide now; None for every other URL alike."""
    rows = links_that_decide().filter(token_hash=hash_token(token))
    found = rows.select_related("round__draft__workspace", "organisation").first()
    return found if found is not None and link_versions_unchanged(found) else None


def one_time_links_in(round_: ApprovalRound) -> QuerySet[AnnotatedOneTimeLink]:
    """Return every link of a round the caller leads, newest first, with `counts`; one query."""
    rows = OneTimeLink.objects.filter(round=round_).select_related("organisation", "made_by", "made_for")
    return rows.annotate(counts=Exists(links_that_decide().filter(pk=OuterRef("pk")))).order_by("-pk")


def offline_decisions_for(round_: ApprovalRound, organisation: Organisation) -> QuerySet[Approval]:
    """Return the valid decisions made for an organisation in a round by link or phone."""
    return Approval.objects.filter(
        round=round_, organisation=organisation, way__in=OFFLINE_WAYS, superseded_at=None, objected_at=None
    )


def objection_link_of(token: str) -> ObjectionLink | None:
    """Return the link of a URL, if its person is a representative or alternate now."""
    represents = active_memberships().filter(
        person=OuterRef("person"), organisation=OuterRef("organisation"), role__in=APPROVING_ROLES
    )
    rows = ObjectionLink.objects.filter(
        Exists(represents), token_hash=hash_token(token), used_at=None, expires_at__gt=now()
    )
    return rows.select_related("round__draft__workspace", "organisation", "person").first()


HASH_PREFIX_LENGTH: Final = len("9f3a 71c0")


def hashes_in_round(round_: ApprovalRound) -> dict[str, str]:
    """Return language → hash of every current version."""
    return dict(RoundText.objects.filter(round=round_).values_list("language", "version__hash"))


def hash_prefixes_to_read_out(words: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the start of each language's hash, Kazakh first, for the caller to read out. The
    decision page displays the same, so that nobody approves a text other than the one they saw."""
    return [
        {"language": str(Language(code).label), "begins": short_hash(words[code])[:HASH_PREFIX_LENGTH]}
        for code in sorted(words, key=Language.values.index)
    ]


def people_to_call(round_: ApprovalRound) -> QuerySet[Membership]:
    """Return those who decide for organisations asked, by name. Their numbers are for the round's leaders."""
    rows = active_memberships().filter(
        organisation__in=round_.asked.values("organisation"), role__in=APPROVING_ROLES
    )
    return rows.select_related("person", "organisation").order_by("-role", "person__name")


def calls_of(round_: ApprovalRound) -> QuerySet[PhoneCall]:
    """Return every call of a round the caller leads, newest first; one query."""
    rows = PhoneCall.objects.filter(round=round_)
    return rows.select_related("person", "organisation", "caller", "caller_for", "confirmed_for")


def calls_to_confirm(round_: ApprovalRound) -> QuerySet[PhoneCall]:
    """Return calls whose approvals count only later, unless somebody of another organisation calls
    back. Excludes calls objected to, and those whose approvals a later call replaced entirely."""
    awaiting = approvals_awaiting_delay().filter(call=OuterRef("pk"), decision=DecisionKind.APPROVED)
    return calls_of(round_).filter(
        Exists(awaiting), outcome=CallOutcome.APPROVED, confirmed_at=None, round__state=RoundState.OPEN
    )


def approvals_awaiting_delay() -> QuerySet[Approval]:
    """Return valid approvals from calls that count only after a day."""
    return Approval.objects.filter(way=Way.PHONE_LATER, superseded_at=None, objected_at=None)


def open_codes(round_: ApprovalRound) -> QuerySet[PhoneCode]:
    """Return codes that can still be read back."""
    return PhoneCode.objects.filter(round=round_, used_at=None, expires_at__gt=now())
