"""The live topic of a round, `round:<uuid>`: something was decided, opened, answered for or put anew."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Subquery

from coalition import live_push
from coalition.accounts.models import User
from documents.approval.models import Approval, ApprovalRound, Asked, Attestation, Reading, RoundText
from documents.approval.queries.rounds import asked_of, open_round_of, rounds_for
from documents.drafts.models import Draft
from documents.legal_review.models import Clearance

KIND = "round"


def push(round_: ApprovalRound) -> None:
    """Tell, after the commit, that the matrix of the round is another."""
    live_push.push_topic(topic=f"{KIND}:{round_.uuid}", last_id=_number(round_))


def push_open_round(draft: Draft) -> None:
    """Tell the same of the open round of the draft, if there is one."""
    round_ = open_round_of(draft)
    if round_ is not None:
        push(round_)


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person reads the draft, or decides on it for an organisation asked, now."""
    return _round(user_id, identity) is not None


def last_id(user_id: int, identity: str) -> int:
    """A number that is another one when the matrix is another."""
    round_ = _round(user_id, identity)
    return _number(round_) if round_ is not None else 0


def _number(round_: ApprovalRound) -> int:
    """One query."""
    put_at, *counted = _numbers(round_).get()
    return (int(put_at.timestamp()) if put_at else 0) + sum(number or 0 for number in counted)


def _numbers(round_: ApprovalRound) -> QuerySet[ApprovalRound, Any]:
    """When words were put last, and numbers of which one is another when the matrix is another."""
    put_at = RoundText.objects.filter(round=round_.pk).values("round").annotate(found=Max("put_at"))
    counted = [
        Approval.objects.filter(round=round_.pk)
        .values("round")
        .annotate(found=Max("pk") + Count("superseded_at") + Count("objected_at")),
        Asked.objects.filter(round=round_.pk)
        .values("round")
        .annotate(found=Count("excluded_at") + Count("organisation__left_at")),
        Reading.objects.filter(round=round_.pk).values("round").annotate(found=Max("pk")),
        Attestation.objects.filter(translation__text__draft=round_.draft_id)
        .values("translation__text__draft")
        .annotate(found=Max("pk") + Count("taken_back_at")),
        Clearance.objects.filter(text__draft=round_.draft_id).values("text__draft").annotate(found=Max("pk")),
    ]
    rows = [Subquery(one.order_by().values("found")) for one in (put_at, *counted)]
    return ApprovalRound.objects.filter(pk=round_.pk).values_list(*rows)


def _round(user_id: int, identity: str) -> ApprovalRound | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    asked = asked_of(user).filter(round__uuid=uuid).first()
    return asked.round if asked is not None else rounds_for(user).filter(uuid=uuid).first()
