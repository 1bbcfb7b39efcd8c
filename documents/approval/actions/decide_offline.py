"""Writing down what an organisation decided otherwise than in the members' area: by link, or by phone.

The caller has locked the round and found out who decides. Whatever the way, the organisation's
representatives are told at once, on every channel, and each gets a link to object with one press.
"""

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.naming import PUBLIC
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.domain import activity
from documents.approval import topics
from documents.approval.actions.approve import check_reliance
from documents.approval.actions.record_decision import (
    Decider,
    decided_by,
    record,
    refuse_late_joining,
    tell_if_complete,
    version_put,
)
from documents.approval.audit import concern
from documents.approval.models.objection import ObjectionLink
from documents.approval.models.rounds import Approval, ApprovalRound
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import coordinators_for, put_languages, representatives
from documents.drafts.enums import DecisionKind, Way
from documents.drafts.queries import limits_of

OBJECTING = datetime.timedelta(days=60)
UNPROVED = frozenset({Way.LINK, Way.PHONE_LATER})
_ACTIONS = {
    DecisionKind.APPROVED: ("approval.given", "approved"),
    DecisionKind.CHANGES_ASKED: ("approval.changes_asked", "changes_asked"),
    DecisionKind.ABSTAINS: ("approval.abstained", "abstained"),
    DecisionKind.OBJECTS: ("approval.objected", "objected"),
}


@dataclass(frozen=True)
class Answer:
    """What was decided, on which words (language → hash). `relies`: where it relies on a translation that
    reviewers answer for; only with an approval."""

    decision: DecisionKind
    hashes: Mapping[str, str]
    relies: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def write_down(
    *, round_: ApprovalRound, decider: Decider, answer: Answer, by: User | None = None
) -> list[Approval]:
    """Record the answer in the caller's transaction, with the round locked; `by` wrote it down, if somebody
    did. Raises Refused as the pages of the members' area do."""
    wanted = dict.fromkeys(answer.hashes.items(), answer.decision)
    _check(round_, answer)
    if answer.decision == DecisionKind.APPROVED and decider.way != Way.PHONE_CALLBACK:
        refuse_late_joining(round_)  # called back about what was said in time
    if answer.decision == DecisionKind.APPROVED:
        wanted |= dict.fromkeys(answer.relies.items(), DecisionKind.RELIES)
    before = decided_by(round_, decider.organisation)
    _refuse_over_their_own(round_, decider, before)
    strict = not _stands_aside(answer.decision)
    approvals = [
        record(decider, version_put(round_, *words, as_it_stands=strict), kind, before, answer.reason.strip())
        for words, kind in sorted(wanted.items())
    ]
    board = board_of(round_, PUBLIC)
    if answer.decision == DecisionKind.APPROVED and answer.relies:
        check_reliance(board, decider.organisation, answer.relies)
    _keep(round_, decider, answer, approvals, by)
    _tell_coordinators(round_, decider, answer, approvals, by)
    tell_organisation(round_, decider, approvals, by)
    tell_if_complete(round_, board)
    return approvals


def tell_organisation(
    round_: ApprovalRound, decider: Decider, approvals: list[Approval], by: User | None
) -> None:
    """Tell every representative: in the inbox, by push, and by a mail with a link to object."""
    organisation = decider.organisation
    told = {person.pk: person for person in representatives(organisation)}
    if decider.person is not None:  # an alternate who was called
        told[decider.person.pk] = decider.person
    for person in told.values():
        token = secrets.token_urlsafe(32)
        moment = now()
        link = ObjectionLink.objects.create(
            round=round_,
            organisation=organisation,
            person=person,
            token_hash=hash_token(token),
            made_at=moment,
            expires_at=moment + OBJECTING,
        )
        concern(
            round_,
            [person],
            kind="decided_otherwise",
            once=str(link.uuid),
            actor=by if by is not None and by.pk != person.pk else None,
            organisation=None,
            mailed=True,
            about=str(organisation.uuid),
            way=approvals[0].way,
        )
        outbox.queue(
            key=f"objection:{link.uuid}",
            template="documents/decided_otherwise",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.name,
                "by_phone": approvals[0].way != "link",
                "later": approvals[0].counts_from is not None,
                "button_url": absolute(reverse("objection", args=[token])),
            },
        )


def _check(round_: ApprovalRound, answer: Answer) -> None:
    if not answer.hashes:
        raise Refused(_("Choose at least one language."))
    if answer.decision == DecisionKind.CHANGES_ASKED and not answer.reason.strip():
        raise Refused(_("Say what should be changed: without a reason nobody can act on it."))
    if _stands_aside(answer.decision) and set(answer.hashes) != set(put_languages(round_)):
        raise Refused(_("Languages were put since you opened this page. Read them, then decide."))


def _refuse_over_their_own(round_: ApprovalRound, decider: Decider, before: Mapping[int, Approval]) -> None:
    """What the organisation decided itself on these words is changed by itself, or with a code alone."""
    put = set(round_.texts.values_list("version_id", flat=True))
    there = [one for pk, one in before.items() if pk in put]
    if decider.way in UNPROVED:
        _refuse_unproved(there)
    if decider.way == Way.PHONE_LATER and any(one.way == Way.LINK for one in there):
        raise Refused(
            _(
                "This organisation decided by a one-time link already. Have the code read back, or let it "
                "decide in the members' area."
            )
        )
    own = any(one.way == Way.MEMBERS_AREA and one.objected_at is None for one in there)
    if own and decider.way != Way.PHONE_CODE:
        raise Refused(
            _(
                "Somebody who decides for this organisation has done so in the members' area already. They "
                "can change it there."
            )
        )


def _refuse_unproved(there: list[Approval]) -> None:
    """Neither a link nor a call that nothing proves overrides an objection to what was recorded, or what a
    representative said by phone with proof."""
    if any(one.objected_at is not None for one in there):
        raise Refused(
            _(
                "This organisation said that it had not agreed to what was recorded on these words. It "
                "decides in the members' area."
            )
        )
    if any(one.way in {Way.PHONE_CODE, Way.PHONE_CALLBACK} for one in there):
        raise Refused(
            _(
                "Somebody who decides for this organisation has done so by phone already. They can change it "
                "in the members' area."
            )
        )


def _stands_aside(decision: DecisionKind) -> bool:
    return decision in {DecisionKind.ABSTAINS, DecisionKind.OBJECTS}


def _keep(
    round_: ApprovalRound, decider: Decider, answer: Answer, approvals: list[Approval], by: User | None
) -> None:
    """The audit entry with the way, and what the workspace hears: that the organisation decided."""
    action, kind = _ACTIONS[answer.decision]
    draft, limits = round_.draft, limits_of(round_.draft)
    log.record(
        action,
        actor=by,
        organisation=decider.organisation.uuid,
        role=decider.capacity,
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
        way=str(decider.way),
        languages=[one.language for one in approvals],
        hashes=[one.hash for one in approvals],
    )
    activity.note(
        kind,
        workspace=draft.workspace,
        actor=by,
        organisation=decider.organisation,
        subject_kind="round",
        subject=round_.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=draft.title,
    )
    topics.push(round_)


def _tell_coordinators(
    round_: ApprovalRound, decider: Decider, answer: Answer, approvals: list[Approval], by: User | None
) -> None:
    kinds = {DecisionKind.CHANGES_ASKED: "changes_asked", DecisionKind.OBJECTS: "objected"}
    kind = kinds.get(answer.decision)
    if kind is not None:
        concern(
            round_,
            coordinators_for(round_),
            kind=kind,
            once=str(approvals[0].uuid),
            actor=by,
            organisation=decider.organisation,
        )
