"""Recording of decisions made outside the member area: by link or by phone.

The caller has locked the round and identified the decider. In every case the organisation's
representatives are notified at once, on every channel, each with a link to object with one click.
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
    notify_if_publishable,
    record_decision,
    refuse_late_joining,
    require_version_in_round,
)
from documents.approval.audit import notify_about_round
from documents.approval.models import Approval, ApprovalRound, ObjectionLink
from documents.approval.queries.boards import board_of
from documents.approval.queries.inherited import approvals_inherited_from, drafts_inheriting_from
from documents.approval.queries.one_time_links import objection_link_of, offline_decisions_for
from documents.approval.queries.rounds import languages_in_round
from documents.drafts.deciders import representatives
from documents.drafts.enums import DecisionKind, Way
from documents.drafts.models import Draft
from documents.drafts.queries import coordinators_of, reader_limits
from documents.drafts.token_links import NoSuchLink
from documents.publication.actions.withdraw import remove_name_unchecked
from documents.publication.models import Publication
from documents.publication.queries import SHOWN_STATES

OBJECTION_LINK_LIFETIME = datetime.timedelta(days=60)
UNPROVED_WAYS = frozenset({Way.LINK, Way.PHONE_LATER})
_ACTIONS = {
    DecisionKind.APPROVED: ("approval.given", "approved"),
    DecisionKind.CHANGES_ASKED: ("approval.changes_asked", "changes_asked"),
    DecisionKind.ABSTAINS: ("approval.abstained", "abstained"),
    DecisionKind.OBJECTS: ("approval.objected", "objected"),
}


@dataclass(frozen=True)
class Answer:
    """A decision and its versions (language → hash). `relies`: languages in which it relies on an
    attested translation; only with an approval."""

    decision: DecisionKind
    hashes: Mapping[str, str]
    relies: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def record_offline_decision(
    *, round_: ApprovalRound, decider: Decider, answer: Answer, by: User | None = None
) -> list[Approval]:
    """Record the answer in the caller's transaction, with the round locked. `by`: who recorded it
    on the decider's behalf, if anyone. Raises Refused as the pages of the member area do."""
    wanted = dict.fromkeys(answer.hashes.items(), answer.decision)
    _validate_answer(round_, answer)
    if answer.decision == DecisionKind.APPROVED and decider.way != Way.PHONE_CALLBACK:
        refuse_late_joining(round_)  # confirmation by call-back of an answer given in time
    if answer.decision == DecisionKind.APPROVED:
        wanted |= dict.fromkeys(answer.relies.items(), DecisionKind.RELIES)
    before = decided_by(round_, decider.organisation)
    _refuse_override_of_own_decision(round_, decider, before)
    strict = not _is_abstention_or_objection(answer.decision)
    approvals = [
        record_decision(
            decider,
            require_version_in_round(round_, *words, as_it_stands=strict),
            kind,
            before,
            answer.reason.strip(),
        )
        for words, kind in sorted(wanted.items())
    ]
    board = board_of(round_, PUBLIC)
    if answer.decision == DecisionKind.APPROVED and answer.relies:
        check_reliance(board, decider.organisation, answer.relies)
    _record_offline_decision(round_, decider, answer, approvals, by)
    _notify_coordinators(round_, decider, answer, approvals, by)
    notify_organisation(round_, decider, approvals, by)
    notify_if_publishable(round_, board)
    return approvals


def notify_organisation(
    round_: ApprovalRound, decider: Decider, approvals: list[Approval], by: User | None
) -> None:
    """Notify every representative: inbox, push, and a mail with a link to object."""
    organisation = decider.organisation
    told = {person.pk: person for person in representatives(organisation)}
    if decider.person is not None:  # an alternate reached by phone
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
            expires_at=moment + OBJECTION_LINK_LIFETIME,
        )
        notify_about_round(
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


def _validate_answer(round_: ApprovalRound, answer: Answer) -> None:
    if not answer.hashes:
        raise Refused(_("Choose at least one language."))
    if answer.decision == DecisionKind.CHANGES_ASKED and not answer.reason.strip():
        raise Refused(_("Say what should be changed: without a reason nobody can act on it."))
    if _is_abstention_or_objection(answer.decision) and set(answer.hashes) != set(languages_in_round(round_)):
        raise Refused(_("Languages were put since you opened this page. Read them, then decide."))


def _refuse_override_of_own_decision(
    round_: ApprovalRound, decider: Decider, before: Mapping[int, Approval]
) -> None:
    """Refuse to override the organisation's own decision on these versions; only it may, or a call
    with a code."""
    put = set(round_.texts.values_list("version_id", flat=True))
    there = [one for pk, one in before.items() if pk in put]
    if decider.way in UNPROVED_WAYS:
        _refuse_unproved_after_objection(there)
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


def _refuse_unproved_after_objection(there: list[Approval]) -> None:
    """Refuse a link or a call without proof that would override an objection to a recorded
    decision, or what a representative said by phone with proof."""
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


def _is_abstention_or_objection(decision: DecisionKind) -> bool:
    return decision in {DecisionKind.ABSTAINS, DecisionKind.OBJECTS}


def _record_offline_decision(
    round_: ApprovalRound, decider: Decider, answer: Answer, approvals: list[Approval], by: User | None
) -> None:
    """Write the audit entry with the `way`, and the workspace activity that the organisation
    decided."""
    action, kind = _ACTIONS[answer.decision]
    draft, limits = round_.draft, reader_limits(round_.draft)
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
    topics.push_round(round_)


def _notify_coordinators(
    round_: ApprovalRound, decider: Decider, answer: Answer, approvals: list[Approval], by: User | None
) -> None:
    kinds = {DecisionKind.CHANGES_ASKED: "changes_asked", DecisionKind.OBJECTS: "objected"}
    kind = kinds.get(answer.decision)
    if kind is not None:
        notify_about_round(
            round_,
            coordinators_of(round_.draft),
            kind=kind,
            once=str(approvals[0].uuid),
            actor=by,
            organisation=decider.organisation,
        )


# --- object to decision ---
# A representative disowns a decision recorded for their organisation; it stops counting at once.
#
# Before publication the approvals are marked and never count again. After publication, the same
# transaction also removes the name from the public text, and from every other public text that
# inherited them. No reason is required.


def object_by_link(*, token: str) -> ApprovalRound:
    """Object through the link that was sent, with one click. Raises NoSuchLink for a token that is
    not or no longer valid, Refused if no decision made by link or phone exists."""
    with transaction.atomic():
        found = objection_link_of(token)
        if found is None:
            raise NoSuchLink
        _lock_drafts(found.round, found.organisation)
        link = objection_link_of(token)
        if link is None:
            raise NoSuchLink
        _disown_offline_decisions(link.round, link.organisation, link.person)
        # The decision is revoked; the other links about it, to this person or others, are used up too.
        sent = ObjectionLink.objects.filter(
            round=link.round, organisation=link.organisation, made_at__lte=now(), used_at=None
        )
        sent.update(used_at=now())
    return link.round


def object_to_decisions(*, round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """Object in the member area to everything decided by link or phone for the organisation here.

    Raises NotAllowed for anyone who does not represent it, Refused if no such decision exists.
    """
    with transaction.atomic():
        _lock_drafts(round_, organisation)
        if not represents(person, organisation):
            raise NotAllowed
        rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
        locked = rows.get(pk=round_.pk)
        _disown_offline_decisions(locked, organisation, person)


def _lock_drafts(round_: ApprovalRound, organisation: Organisation) -> None:
    """Lock the draft and those that inherited from it, so that a publication of one of them runs
    entirely before this (its name is then removed) or after (and sees the revocation). A fixed
    order avoids deadlocks between two objections."""
    carried = drafts_inheriting_from(round_, organisation)
    drafts = Draft.objects.select_for_update().filter(pk__in=[round_.draft_id, *carried])
    list(drafts.order_by("pk").values_list("pk", flat=True))


def _disown_offline_decisions(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """Mark the decisions as disowned, remove the name from public texts, notify coordinators."""
    ApprovalRound.objects.select_for_update().get(pk=round_.pk)
    approvals = list(offline_decisions_for(round_, organisation).values_list("pk", flat=True))
    if not approvals:
        raise Refused(_("Nothing stands that was decided by link or phone for your organisation."))
    Approval.objects.filter(pk__in=approvals).update(objected_at=now())
    _audit_disowning(round_, organisation, person)
    public = Publication.objects.filter(
        round=round_, state__in=SHOWN_STATES, names__organisation=organisation, names__taken_off_at=None
    ).first()
    if public is not None:
        remove_name_unchecked(
            publication=public, organisation=organisation, person=person, role="representative"
        )
    else:
        notify_about_round(
            round_,
            coordinators_of(round_.draft),
            kind="decision_disowned",
            once=":".join(["disowned", str(round_.pk), str(organisation.pk), *map(str, sorted(approvals))]),
            actor=person,
            organisation=organisation,
        )
    _remove_inherited_names(approvals, organisation, person)


def _remove_inherited_names(approvals: Iterable[int], organisation: Organisation, person: User) -> None:
    """Remove the name from other public texts on which only the disowned decisions put it; notify
    all representatives of which texts, including the objector, who may not have known of them."""
    rounds = set(approvals_inherited_from(approvals).values_list("round", flat=True))
    under = Publication.objects.filter(
        round__in=rounds, state__in=SHOWN_STATES, names__organisation=organisation, names__taken_off_at=None
    )
    while (public := under.select_related("round__draft__workspace").order_by("pk").first()) is not None:
        remove_name_unchecked(
            publication=public, organisation=organisation, person=person, role="representative"
        )
        notify_about_round(
            public.round,
            representatives(organisation),
            kind="carried_name_off",
            once=f"{public.uuid}:{organisation.uuid}",
            public=public,
            about=str(organisation.uuid),
        )


def _audit_disowning(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    draft, limits = round_.draft, reader_limits(round_.draft)
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
    topics.push_round(round_)
