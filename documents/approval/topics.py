"""The live topic of a round, `round:<uuid>`: something was decided, opened, answered for or put anew."""

from uuid import UUID

from django.db.models import Count, Max

from coalition import live
from coalition.accounts.models import User
from documents.approval.models.attestation import Attestation
from documents.approval.models.rounds import ApprovalRound
from documents.approval.queries.rounds import asked_of, rounds_for
from documents.legal_review.models import Clearance

KIND = "round"


def push(round_: ApprovalRound) -> None:
    """Tell, after the commit, that the matrix of the round is another."""
    live.push(topic=f"{KIND}:{round_.uuid}", last_id=_number(round_))


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person reads the draft, or decides on it for an organisation asked, now."""
    return _round(user_id, identity) is not None


def last_id(user_id: int, identity: str) -> int:
    """A number that is another one when the matrix is another."""
    round_ = _round(user_id, identity)
    return _number(round_) if round_ is not None else 0


def _number(round_: ApprovalRound) -> int:
    rows = ApprovalRound.objects.filter(pk=round_.pk)
    decided = rows.aggregate(
        last=Max("approvals"),
        old=Count("approvals__superseded_at"),
        disowned=Count("approvals__objected_at"),
    )
    silent = rows.aggregate(declined=Count("asked__excluded_at"), gone=Count("asked__organisation__left_at"))
    read = rows.aggregate(last=Max("readings"), put=Max("texts__put_at"))
    attested = Attestation.objects.filter(translation__text__draft=round_.draft_id).aggregate(
        last=Max("pk"), old=Count("taken_back_at")
    )
    cleared = Clearance.objects.filter(text__draft=round_.draft_id).aggregate(last=Max("pk"))
    counted = [*cleared.values(), *decided.values(), *silent.values(), read["last"], *attested.values()]
    put = int(read["put"].timestamp()) if read["put"] else 0
    return put + sum(number or 0 for number in counted)


def _round(user_id: int, identity: str) -> ApprovalRound | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    asked = asked_of(user).filter(round__uuid=uuid).first()
    return asked.round if asked is not None else rounds_for(user).filter(uuid=uuid).first()
