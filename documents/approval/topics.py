"""The live topic of a round, `round:<uuid>`: decisions, openings, attestations, new versions."""

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


def push_round(round_: ApprovalRound) -> None:
    """Notify listeners after the commit that the round's matrix has changed."""
    live_push.push_topic(topic=f"{KIND}:{round_.uuid}", last_id=_round_number(round_))


def push_open_round(draft: Draft) -> None:
    """Tell the same of the open round of the draft, if there is one."""
    round_ = open_round_of(draft)
    if round_ is not None:
        push_round(round_)


def may_subscribe_to_round(user_id: int, identity: str) -> bool:
    """Whether the person may read the draft or decide on it for an organisation asked, now."""
    return _readable_round(user_id, identity) is not None


def round_event_id(user_id: int, identity: str) -> int:
    """Return a number that changes whenever the matrix changes."""
    round_ = _readable_round(user_id, identity)
    return _round_number(round_) if round_ is not None else 0


def _round_number(round_: ApprovalRound) -> int:
    """Return a number that changes with the matrix; one query."""
    put_at, *counted = _round_numbers(round_).get()
    return (int(put_at.timestamp()) if put_at else 0) + sum(number or 0 for number in counted)


def _round_numbers(round_: ApprovalRound) -> QuerySet[ApprovalRound, Any]:
    """Return when versions were last put, and numbers of which one changes with the matrix."""
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


def _readable_round(user_id: int, identity: str) -> ApprovalRound | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    asked = asked_of(user).filter(round__uuid=uuid).first()
    return asked.round if asked is not None else rounds_for(user).filter(uuid=uuid).first()
