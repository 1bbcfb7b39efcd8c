"""Calls of a round, and whom its coordinators may call. The only place where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from coalition.accounts.enums import Language
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.queries import active_memberships
from documents.approval.models.phone import PhoneCall, PhoneCode
from documents.approval.models.rounds import Approval, ApprovalRound, RoundText
from documents.approval.queries.rounds import APPROVING_ROLES
from documents.canonical.serialise import short_hash
from documents.drafts.enums import CallOutcome, DecisionKind, RoundState, Way

BEGINS: Final = len("9f3a 71c0")


@dataclass(frozen=True)
class Reachable:
    """A person who may decide for an organisation, with what a coordinator needs to call them."""

    person: User
    organisation: Organisation
    role: str


def words_put(round_: ApprovalRound) -> dict[str, str]:
    """Language → hash of everything that is put now."""
    rows = RoundText.objects.filter(round=round_).values_list("language", "version__hash")
    return dict(rows)


def words_read_out(words: Mapping[str, str]) -> list[dict[str, str]]:
    """What the caller reads out first, Kazakh first: with which characters the hash of each language begins.
    The page of the decision shows the same, so that nobody approves another text than they saw."""
    ordered = sorted(words, key=Language.values.index)
    return [
        {"language": str(Language(code).label), "begins": short_hash(words[code])[:BEGINS]}
        for code in ordered
    ]


def people_to_call(round_: ApprovalRound) -> list[Reachable]:
    """Representatives and alternates of the organisations asked, by organisation: one query. The caller
    leads the round: nobody else is told their numbers."""
    rows: QuerySet[Membership] = active_memberships().filter(
        organisation__in=round_.asked.values("organisation"), role__in=APPROVING_ROLES
    )
    rows = rows.select_related("person", "organisation").order_by("-role", "person__name")
    return [Reachable(row.person, row.organisation, row.role) for row in rows]


def calls_of(round_: ApprovalRound) -> QuerySet[PhoneCall]:
    """Every call of a round the caller leads, newest first; one query."""
    rows = PhoneCall.objects.filter(round=round_)
    return rows.select_related("person", "organisation", "caller", "caller_for", "confirmed_for")


def calls_to_confirm(round_: ApprovalRound) -> QuerySet[PhoneCall]:
    """Calls whose approvals count only later, unless somebody of another organisation calls back. None that
    was objected to, or of whose approvals a later call left nothing."""
    standing = waiting().filter(call=OuterRef("pk"), decision=DecisionKind.APPROVED)
    return calls_of(round_).filter(
        Exists(standing), outcome=CallOutcome.APPROVED, confirmed_at=None, round__state=RoundState.OPEN
    )


def waiting() -> QuerySet[Approval]:
    """What was approved in calls, stands, and counts only after a day."""
    return Approval.objects.filter(way=Way.PHONE_LATER, superseded_at=None, objected_at=None)


def open_codes(round_: ApprovalRound, moment: object) -> QuerySet[PhoneCode]:
    """Codes that can still be read back."""
    return PhoneCode.objects.filter(round=round_, used_at=None, expires_at__gt=moment)
