"""Writing down what an organisation decided otherwise than in the members' area: by link, or by phone.

The caller has locked the round and found out who decides. Whatever the way, the organisation's
representatives are told at once, on every channel, and each gets a link to object with one press.
"""

import datetime
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC
from coalition.accounts.permissions import represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import NotAllowed
from documents.approval import topics
from documents.approval.actions.decide import (
    Decider,
    check_reliance,
    decided_by,
    record,
    refuse_late_joining,
    tell_if_complete,
    version_put,
)
from documents.approval.audit import concern
from documents.approval.models import Approval, ApprovalRound, ObjectionLink
from documents.approval.queries.boards import board_of
from documents.approval.queries.inherited import carried_on, drafts_carrying
from documents.approval.queries.one_time_links import decided_otherwise, objection_link_of
from documents.approval.queries.rounds import put_languages
from documents.drafts.deciders import representatives
from documents.drafts.enums import DecisionKind, Way
from documents.drafts.models import Draft
from documents.drafts.queries import coordinators_of, limits_of
from documents.drafts.token_links import NoSuchLink
from documents.publication.actions.withdraw import let_go
from documents.publication.models import Publication
from documents.publication.queries import SHOWN

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
        outbox.queue_mail(
            key=f"objection:{link.uuid}",
            template="documents/decided_otherwise",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.name,
                "by_phone": approvals[0].way != "link",
                "later": approvals[0].counts_from is not None,
                "button_url": absolute_url(reverse("objection", args=[token])),
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
    log.record_audit(
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
    activity.record_activity(
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
            coordinators_of(round_.draft),
            kind=kind,
            once=str(approvals[0].uuid),
            actor=by,
            organisation=decider.organisation,
        )


# --- object to decision ---
# A representative says that a decision was not their organisation's: it counts no more, from this moment.
#
# Before publication the approvals are marked and never count again. After it, the name also leaves the
# public
# text, in the same transaction; and every other public text into which they were carried over. No reason is
# asked.


def object_by_link(*, token: str) -> ApprovalRound:
    """One press on the link that was sent. Raises NoSuchLink for a token that is not good (any more), Refused
    if nothing stands that was decided otherwise."""
    with transaction.atomic():
        found = objection_link_of(token)
        if found is None:
            raise NoSuchLink
        _lock_drafts(found.round, found.organisation)
        link = objection_link_of(token)
        if link is None:
            raise NoSuchLink
        _disown(link.round, link.organisation, link.person)
        # What was decided is off; the other links about it, sent to this person or others, are done too.
        sent = ObjectionLink.objects.filter(
            round=link.round, organisation=link.organisation, made_at__lte=now(), used_at=None
        )
        sent.update(used_at=now())
    return link.round


def object_to_decisions(*, round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """The same in the members' area: about everything that was decided otherwise for the organisation here.

    Raises NotAllowed for whoever does not represent it, Refused if nothing stands that was decided so.
    """
    with transaction.atomic():
        _lock_drafts(round_, organisation)
        if not represents(person, organisation):
            raise NotAllowed
        rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
        locked = rows.get(pk=round_.pk)
        _disown(locked, organisation, person)


def _lock_drafts(round_: ApprovalRound, organisation: Organisation) -> None:
    """The draft, and those into which something was carried: whoever publishes one of them is before, and the
    name is taken off, or after, and finds that it fell. In one order, for two who object at once."""
    carried = drafts_carrying(round_, organisation)
    drafts = Draft.objects.select_for_update().filter(pk__in=[round_.draft_id, *carried])
    list(drafts.order_by("pk").values_list("pk", flat=True))


def _disown(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """Mark what was decided otherwise; take the name off what is public; tell who coordinates."""
    ApprovalRound.objects.select_for_update().get(pk=round_.pk)
    approvals = list(decided_otherwise(round_, organisation).values_list("pk", flat=True))
    if not approvals:
        raise Refused(_("Nothing stands that was decided by link or phone for your organisation."))
    Approval.objects.filter(pk__in=approvals).update(objected_at=now())
    _record(round_, organisation, person)
    public = Publication.objects.filter(
        round=round_, state__in=SHOWN, names__organisation=organisation, names__taken_off_at=None
    ).first()
    if public is not None:
        let_go(publication=public, organisation=organisation, person=person, role="representative")
    else:
        concern(
            round_,
            coordinators_of(round_.draft),
            kind="decision_disowned",
            once=":".join(["disowned", str(round_.pk), str(organisation.pk), *map(str, sorted(approvals))]),
            actor=person,
            organisation=organisation,
        )
    _take_off_carried(approvals, organisation, person)


def _take_off_carried(approvals: Iterable[int], organisation: Organisation, person: User) -> None:
    """Take the name off other public texts under which it stands by nothing else than what was disowned; tell
    all who represent the organisation which they are, also who pressed: they may not have known of them."""
    rounds = set(carried_on(approvals).values_list("round", flat=True))
    under = Publication.objects.filter(
        round__in=rounds, state__in=SHOWN, names__organisation=organisation, names__taken_off_at=None
    )
    while (public := under.select_related("round__draft__workspace").order_by("pk").first()) is not None:
        let_go(publication=public, organisation=organisation, person=person, role="representative")
        concern(
            public.round,
            representatives(organisation),
            kind="carried_name_off",
            once=f"{public.uuid}:{organisation.uuid}",
            public=public,
            about=str(organisation.uuid),
        )


def _record(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    draft, limits = round_.draft, limits_of(round_.draft)
    log.record_audit(
        "approval.disowned",
        actor=person,
        organisation=organisation.uuid,
        role="representative",
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
    )
    activity.record_activity(
        "decision_disowned",
        workspace=draft.workspace,
        actor=None,
        organisation=organisation,
        subject_kind="round",
        subject=round_.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=draft.title,
    )
    topics.push(round_)
